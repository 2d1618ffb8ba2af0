import { expect, it } from 'vitest';
import type { AttackInput } from '../../src/activities/api.js';
import type { CheckResult, Proof, RunState, Trial } from '../../src/model.js';
import { type Fakes, failing, fakes, forever, stackInput, useStage } from './harness.js';

const stage = useStage();

const check = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  ...{ id, title: id, why: '', source: '', vantage: 'host' as const, verdict },
  evidence: [`seen of ${id}`],
  remedy: [],
});

const trial = (attack: string): Trial => ({ id: `redteam.${attack}`, title: attack, attack, model: 'a/b' });
const trials = ['one', 'two', 'three'].map(trial);
const VERDICTS: Record<string, CheckResult['verdict']> = { one: 'pass', two: 'fail', three: 'unknown' };

const judged = async ({ trial: { id, attack } }: AttackInput) => ({
  check: check(id, VERDICTS[attack]!),
  remote: [[100, 120]] as [number, number][],
});

const run = (workflow: string, set: Fakes, more = {}): Promise<RunState> =>
  stage.tell(workflow, set, ({ handle }) => handle.result() as Promise<RunState>, stackInput(more));

it('redteam tries one attack after the other and keeps every verdict, with what was spent meanwhile', async () => {
  const since: unknown[] = [];
  const set = fakes({
    attacks: async () => ({ trials, spentUsd: 2 }),
    attack: judged,
    spent: async (input) => {
      since.push(input.since);
      return '$0.01';
    },
  });
  const state = await run('redteam', set);
  expect(set.calls).toEqual(['attacks', 'attack', 'attack', 'attack', 'spent']);
  expect(since).toEqual([2]);
  expect(state).toMatchObject({ status: 'done', runbook: 'redteam', outcome: { ok: 1, failed: 1 } });
  expect(state.proof?.checks.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['redteam.one', 'pass'],
    ['redteam.two', 'fail'],
    ['redteam.three', 'unknown'],
  ]);
  expect(state.proof?.spent).toBe('$0.01');
  expect(state.groups[0]?.steps.map(({ status }) => status)).toEqual(['ok', 'failed', 'unknown']);
});

it('redteam hands on what was asked for alone', async () => {
  const asked: unknown[] = [];
  const set = fakes({
    attacks: async ({ only }) => {
      asked.push(only);
      return { trials: [] };
    },
  });
  await run('redteam', set, { only: 'redteam.dan' });
  expect(asked).toEqual(['redteam.dan']);
});

it('a host that is lost in the middle ends the run, is asked once more and no oftener, and what was found is kept', async () => {
  const set = fakes({
    attacks: async () => ({ trials }),
    attack: async (input) =>
      input.trial.attack === 'two' ? Promise.reject(failing('HOST_LOST', false)) : judged(input),
  });
  const state = await stage.tell(
    'redteam',
    set,
    async (story) => {
      await story.handle.result().catch(() => {});
      return story.state();
    },
    stackInput(),
  );
  expect(set.calls.filter((call) => call === 'attack')).toHaveLength(3);
  expect(state).toMatchObject({ status: 'failed', error: { code: 'HOST_LOST' } });
  expect(state.proof?.checks.map(({ id }) => id)).toEqual(['redteam.one']);
});

it('redteam shows which attack runs, and can be cancelled there', async () => {
  const set = fakes({ attacks: async () => ({ trials }), attack: forever });
  const state = await stage.tell(
    'redteam',
    set,
    async (story) => {
      while (!set.calls.includes('attack')) await new Promise((resolve) => setTimeout(resolve, 20));
      const seen = await story.state();
      await story.handle.cancel();
      await story.handle.result().catch(() => {});
      return seen;
    },
    stackInput(),
  );
  expect(state.groups[0]?.steps.map(({ status }) => status)).toEqual(['running', 'pending', 'pending']);
});

it('smoke keeps what each model said', async () => {
  const proof: Proof = {
    checks: [check('smoke.a/b', 'pass'), check('smoke.agent', 'fail')],
    ...{ outside: '', remoteMs: 30, remote: [], roundTrips: 2, spent: '$0.000100' },
  };
  const set = fakes({ smoke: async () => proof });
  const state = await run('smoke', set);
  expect(set.calls).toEqual(['smoke']);
  expect(state).toMatchObject({ status: 'done', proof, remoteMs: 30, outcome: { ok: 1, failed: 1 } });
});
