// What is removed is what differs, and what that freed is told from the same question before and after.
import { expect, it } from 'vitest';
import type { RunState } from '../../src/model.js';
import { fakes, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

async function tell(status: 'ok' | 'drift') {
  const free = [4_000_000_000, 6_400_000_000];
  const set = fakes({
    freeSpace: async () => ({ bytes: free.shift()!, remote: [] }),
    survey: async ({ checklist }) =>
      survey(checklist, [plan('prune.images', status), plan('prune.leftovers')]),
  });
  const from = stackInput({ onFailure: 'abort' });
  const state = await stage.tell('prune', set, (story) => story.handle.result() as Promise<RunState>, from);
  return { calls: set.calls, note: state.groups.at(-1)?.steps[0]?.title };
}

it('removed under the lock, and told', async () => {
  const { calls, note } = await tell('drift');
  expect(calls).toEqual([
    ...['freeSpace', 'survey prune', 'preflight', 'converge prune.images', 'freeSpace', 'release'],
  ]);
  expect(note).toBe('freed 2.40 GB: 4.00 GB were free, 6.40 GB are now');
});

it('nothing to remove: nothing is touched', async () => {
  const { calls, note } = await tell('ok');
  expect(calls).toEqual(['freeSpace', 'survey prune']);
  expect(note).toBe('nothing was to be removed');
});
