import { expect, it } from 'vitest';
import type { ProveInput } from '../../src/activities/api.js';
import type { CheckResult, Proof, RunState } from '../../src/model.js';
import type { LookInput } from '../../src/workflows/look.js';
import { fixtureServer } from '../fixture-server.js';
import { failing, fakes, input, plan, survey, useStage } from './harness.js';

const stage = useStage();

const check = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  ...{ id, title: id, why: '', source: '', vantage: 'host' as const },
  verdict,
  evidence: [`seen of ${id}`],
  remedy: ['clincher run provision'],
});

const proof: Proof = {
  checks: [check('verify.ports', 'fail'), check('verify.redis', 'pass'), check('verify.audit', 'unknown')],
  outside: 'monitor',
  remoteMs: 20,
  remote: [[100, 120]],
  roundTrips: 2,
};

const looked = (more: Partial<LookInput>): LookInput => ({ ...input(), checklists: ['base'], ...more });

function verify(start: LookInput, prove: (asked: ProveInput) => Promise<Proof>): Promise<RunState> {
  const set = fakes({ survey: async ({ checklist }) => survey(checklist, [plan('base.user')]), prove });
  return stage.tell('verify', set, ({ handle }) => handle.result() as Promise<RunState>, start);
}

it('looks at steps and checks, from where it was told, and keeps both', async () => {
  const asked: ProveInput[] = [];
  const monitor = { ...fixtureServer(), name: 'monitor' };
  const state = await verify(looked({ prove: { outside: monitor }, only: 'verify.*' }), async (one) => {
    asked.push(one);
    return proof;
  });
  expect(asked).toMatchObject([{ server: input().server, outside: { name: 'monitor' }, only: 'verify.*' }]);
  expect(state).toMatchObject({ status: 'done', proof, outcome: { ok: 2, failed: 1 } });
  expect(state.groups.map(({ name, steps }) => [name, steps.map(({ status }) => status)])).toEqual([
    ['base', ['ok']],
    ['checks', ['failed', 'ok', 'unknown']],
  ]);
});

it('asks for no proof where none was asked for: plans, and runs of before there were checks', async () => {
  const state = await verify(looked({}), () => Promise.reject(failing('INTERNAL')));
  expect(state.status).toBe('done');
  expect(state.proof).toBeUndefined();
});

it('a host that cannot be asked ends the run, as with steps', async () => {
  const run = verify(looked({ prove: {} }), () => Promise.reject(failing('UNREACHABLE')));
  await expect(run).rejects.toThrow();
});
