// A reboot as a run: only with a reason, proved before and after; what was stopped is started again, whatever fails.
import { WorkflowFailedError } from '@temporalio/client';
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { CheckResult, Proof, RunState } from '../../src/model.js';
import { runError } from '../../src/workflows/state.js';
import { failing, fakes, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();
const boot = { bootId: 'before', nowMs: 0, kernel: '6.1.0-31-amd64', installed: [] };
const needless: Partial<Activities> = { seeBoot: async () => ({ boot, reasons: [], remote: [] }) };

async function tell(overrides: Partial<Activities>, more: object = {}) {
  const set = fakes(overrides);
  const from = { ...stackInput({ onFailure: 'abort' }), ...more };
  const told = await stage.tell(
    'reboot',
    set,
    async (story) => {
      const code = await story.handle.result().then(
        () => undefined,
        (error: unknown) => runError(error instanceof WorkflowFailedError ? error.cause : error).code,
      );
      return { state: (await story.state()) as RunState, code };
    },
    from,
  );
  return { ...told, calls: set.calls };
}

const notes = ({ groups }: RunState): string[] =>
  groups.flatMap(({ steps }) => steps.filter(({ id }) => id.startsWith('note.')).map(({ title }) => title));

const WAY = [
  ...['seeBoot', 'preflight', 'prove', 'drainHost', 'rebootHost', 'survey services', 'survey proxy'],
  ...['settleReboot', 'prove', 'release'],
];

it('drained, rebooted, brought up, proved, and the figures are told', async () => {
  const settled: (number | undefined)[] = [];
  const { state, calls } = await tell({
    settleReboot: async ({ fromMs }) => {
      settled.push(fromMs);
      return { changes: [{ what: 'the gateway did not answer for 12.1 s' }], remote: [] };
    },
  });
  expect(state.status).toBe('done');
  expect(calls).toEqual(WAY);
  expect(notes(state)).toEqual(['rebooted because: a newer kernel']);
  expect(settled).toEqual([1_000]);
});

it('nothing asks for it: nothing is touched, and the run says so', async () => {
  const { state, calls } = await tell(needless);
  expect([state.status, calls, notes(state)]).toEqual([
    ...['done', ['seeBoot'], ['no reboot: nothing asks for it']],
  ]);
});

it('--anyway needs no reason', async () =>
  expect((await tell(needless, { anyway: true })).calls).toEqual(WAY));

it('what Docker did not start is started', async () => {
  const { calls } = await tell({
    survey: async ({ checklist }) =>
      survey(checklist, [plan(`${checklist}.a`, checklist === 'services' ? 'drift' : 'ok')]),
  });
  expect(calls).toContain('converge services.a');
});

it.each([
  ['drainHost', 'LOCKED'],
  ['rebootHost', 'NOT_BACK'],
] as const)('%s fails: what was stopped is started again', async (name, type) => {
  const { code, calls } = await tell({ [name]: () => Promise.reject(failing(type)) });
  expect(code).toBe(type);
  expect(calls.slice(calls.indexOf(name) + 1)).toEqual([
    ...['seeBoot', 'survey services', 'survey proxy', 'settleReboot', 'release'],
  ]);
});

it('a host that is away for good is not waited for, and the error stays the first one', async () => {
  let looks = 0;
  const { code, state, calls } = await tell({
    rebootHost: () => Promise.reject(failing('NOT_BACK')),
    seeBoot: async () => {
      looks += 1;
      if (looks > 1) throw failing('UNREACHABLE');
      return { boot, reasons: ['x'], remote: [] };
    },
  });
  expect([code, state.error?.code]).toEqual(['NOT_BACK', 'NOT_BACK']);
  expect(calls).not.toContain('settleReboot');
});

const proof = (...wrong: string[]): Proof => {
  const checks: CheckResult[] = wrong.map((id) => ({
    ...{
      id,
      title: id,
      why: '',
      source: '',
      vantage: 'host',
      verdict: 'fail',
      evidence: ['seen'],
      remedy: [],
    },
  }));
  return { checks, outside: '', remoteMs: 0, remote: [], roundTrips: 1 };
};

it.each([
  ['as before', ['verify.a'], 'skip', undefined],
  ['not before', [], 'abort', 'NOT_PROVED'],
] as const)('a check that does not hold afterwards, %s', async (_, before, onFailure, wanted) => {
  const proofs = [proof(...before), proof('verify.a')];
  const { code, state } = await tell({ prove: async () => proofs.shift()! }, { onFailure });
  expect(code).toBe(wanted);
  expect(state.status).toBe(wanted === undefined ? 'done' : 'failed');
});
