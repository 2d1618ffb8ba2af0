// A rotation has two ends: the new secret proved and the old one gone, or the old one put back, whatever failed.
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { RunState } from '../../src/model.js';
import { failing, fakes, forever, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

const tell = (set: ReturnType<typeof fakes>, from = stackInput({ onFailure: 'abort' })): Promise<RunState> =>
  stage.tell('rotateToken', set, (story) => story.handle.result() as Promise<RunState>, from);

/** Drifts when the vault holds a value that the host has not: after the beginning, and after it was put back. */
function vault(overrides: Partial<Activities> = {}) {
  const seen = { keep: [] as string[], keys: [] as string[] };
  let value = 'old';
  let host = 'old';
  const set = fakes({
    beginRotation: async () => {
      value = 'new';
    },
    endRotation: async ({ keep }) => {
      seen.keep.push(keep);
      if (keep === 'old') value = 'old';
    },
    survey: async ({ checklist }) =>
      survey(checklist, [plan(`${checklist}.a`, checklist === 'stack' && host !== value ? 'drift' : 'ok')]),
    converge: async ({ key }) => {
      seen.keys.push(key.split('.').at(-1)!);
      host = value;
      return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
    },
    ...overrides,
  });
  return { seen, set, host: () => host };
}

it('the new one is taken up, proved, and kept', async () => {
  const { seen, set, host } = vault();
  expect(await tell(set)).toMatchObject({ status: 'done' });
  expect([host(), seen.keep]).toEqual(['new', ['new']]);
  expect(set.calls.filter((call) => !call.startsWith('survey'))).toEqual([
    ...['beginRotation', 'preflight', 'converge stack.a', 'proveRotation', 'endRotation', 'release'],
  ]);
});

it('not proved: the old one is put back, under effects of its own, and the run is red', async () => {
  const { seen, set, host } = vault();
  set.activities.proveRotation = () => Promise.reject(failing('NOT_ROTATED'));
  await expect(tell(set)).rejects.toThrow();
  expect([host(), seen.keep]).toEqual(['old', ['old']]);
  expect(seen.keys).toEqual(['0', '100']);
  expect(set.calls.at(-1)).toBe('release');
});

it('a step that fails and is given up: the old one is put back', async () => {
  const { seen, set, host } = vault();
  const { converge } = set.activities;
  let times = 0;
  set.activities.converge = (input) =>
    times++ === 0 ? Promise.reject(failing('STEP_FAILED')) : converge(input);
  await expect(tell(set)).rejects.toThrow();
  expect([host(), seen.keep]).toEqual(['old', ['old']]);
});

it('cancelled in the middle: the old one is put back', async () => {
  const { seen, set, host } = vault({ proveRotation: forever });
  await stage.tell(
    'rotateToken',
    set,
    async (story) => {
      while (!set.calls.includes('proveRotation')) await new Promise((next) => setTimeout(next, 50));
      await story.handle.cancel();
      await expect(story.handle.result()).rejects.toThrow();
    },
    stackInput({ onFailure: 'abort' }),
  );
  expect([host(), seen.keep]).toEqual(['old', ['old']]);
});
