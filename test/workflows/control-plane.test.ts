// control-plane: nothing is handed over before it is proved, and what was not handed over goes on here.
import { ApplicationFailure } from '@temporalio/activity';
import { expect, test } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { CheckResult, RunState } from '../../src/model.js';
import type { ControlPlaneInput } from '../../src/workflows/control-plane.js';
import { fixtureServer } from '../fixture-server.js';
import { fakes, input, plan, survey, useStage } from './harness.js';

const stage = useStage();
const server = fixtureServer({ name: 'tower', role: 'monitor', watched: [] });
const move = {
  ...{ servers: [server, fixtureServer()], owner: '/home/you/clincher.yaml', config: '', lock: '' },
  ...{ keys: [], recipients: ['age1you'] },
};

const check = (verdict: CheckResult['verdict']): CheckResult => ({
  ...{ id: 'control.reach', title: '', why: '', source: '', vantage: 'host', verdict },
  ...{ evidence: ['prod: UNREACHABLE'], remedy: [] },
});

async function told(overrides: Partial<Activities> = {}, more: Partial<ControlPlaneInput> = {}) {
  const calls: string[] = [];
  const done = (name: string) => async () => {
    calls.push(name);
    return { changes: [{ what: 'x' }], remote: [] };
  };
  const set = fakes({
    survey: async ({ checklist }) => {
      calls.push(checklist);
      return survey(checklist, [plan(`${checklist}.step`, 'ok')]);
    },
    pauseSchedules: done('pause'),
    carryOver: done('carry'),
    proveControl: async () => {
      calls.push('prove');
      return { checks: [check('pass')], remote: [] };
    },
    adoptThere: done('adopt'),
    resumeSchedules: done('resume'),
    ...overrides,
  });
  const from: ControlPlaneInput = { ...input({ server, onFailure: 'abort' }), move, ...more };
  const state = await stage.tell(
    'controlPlane',
    set,
    (story) =>
      (story.handle.result() as Promise<RunState>).catch(() => story.handle.query<RunState>('progress')),
    from,
  );
  return { calls, state };
}

const INSTALLED = ['base', 'harden.host', 'control'];

test('installed, then carried, then proved, and in charge at the very end', async () => {
  const { calls, state } = await told();
  expect(calls).toEqual([...INSTALLED, 'pause', 'carry', 'prove', 'adopt']);
  expect(state.status).toBe('done');
});

test('where every server is theirs already, nothing is done', async () => {
  const seen = async () => ({ plane: 'there', owned: ['tower', 'prod'], remote: [] });
  const { calls, state } = await told({ seeControl: seen });
  expect([calls, state.status, state.outcome.changed]).toEqual([INSTALLED, 'done', 0]);
});

test('what does not reach a server gets none, and schedules here go on', async () => {
  const { calls, state } = await told({
    proveControl: async () => ({ checks: [check('fail')], remote: [] }),
  });
  expect(calls).toEqual([...INSTALLED, 'pause', 'carry', 'resume']);
  expect([state.status, state.error?.code]).toEqual(['failed', 'NOT_PROVED']);
});

test('an adoption that fails half way: those that are not theirs go on here', async () => {
  const { calls, state } = await told({
    adoptThere: async () => {
      throw ApplicationFailure.create({ type: 'NOT_MOVED', message: 'prod', nonRetryable: true });
    },
  });
  expect(calls.at(-1)).toBe('resume');
  expect(state.error?.code).toBe('NOT_MOVED');
});

test('while another run is open nothing begins', async () => {
  const { calls, state } = await told({
    pauseSchedules: async () => {
      throw ApplicationFailure.create({ type: 'LOCKED', message: 'prod-3f2a', nonRetryable: true });
    },
  });
  expect(calls).toEqual([...INSTALLED, 'resume']);
  expect(state.error?.code).toBe('LOCKED');
});

test('a part of the steps hands nothing over', async () => {
  const { calls } = await told({}, { only: 'control.files' });
  expect(calls).toEqual(INSTALLED);
});
