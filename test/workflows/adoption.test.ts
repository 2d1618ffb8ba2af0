// A server goes on under this control plane: asked first whose it is, taken once, and left alone where it is ours.
import { expect, it } from 'vitest';
import type { RunState } from '../../src/model.js';
import { fakes, stackInput, useStage } from './harness.js';

const stage = useStage();

async function tell(isOurs: boolean) {
  const set = fakes({ seeOwner: async () => ({ owner: null, isOurs, remote: [] }) });
  const from = stackInput({ onFailure: 'abort', takeOver: 'it burned' });
  const state = await stage.tell(
    'adoption',
    set,
    (story) => story.handle.result() as Promise<RunState>,
    from,
  );
  return { calls: set.calls, outcome: state.outcome };
}

it('taken, and the mark with it', async () => {
  const { calls, outcome } = await tell(false);
  expect(calls).toEqual(['seeOwner', 'adopt', 'release']);
  expect(outcome.changed).toBe(1);
});

it('ours already: nothing is touched', async () => {
  const { calls, outcome } = await tell(true);
  expect(calls).toEqual(['seeOwner']);
  expect(outcome.changed).toBe(0);
});
