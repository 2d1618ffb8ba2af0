// A scan is a look: no lock, no mark; what nobody could look at is neither a pass nor a failed run.
import { expect, it } from 'vitest';
import type { RunState } from '../../src/model.js';
import { fakes, stackInput, useStage } from './harness.js';

const stage = useStage();

it('what was found is the run’s proof', async () => {
  const check = {
    ...{ id: 'images.redis', title: 'No critical hole is known', why: '', source: '', remedy: [] },
    ...{ vantage: 'host' as const, verdict: 'unknown' as const, evidence: ['trivy is not on the server'] },
  };
  const set = fakes({
    scanImages: async () => ({ checks: [check], outside: '', remoteMs: 7, remote: [], roundTrips: 1 }),
  });
  const state = await stage.tell(
    'scanImages',
    set,
    (story) => story.handle.result() as Promise<RunState>,
    stackInput(),
  );
  expect(state).toMatchObject({ status: 'done', remoteMs: 7, proof: { checks: [check] } });
  expect(state.groups).toMatchObject([
    { name: 'checks', steps: [{ id: 'images.redis', status: 'unknown' }] },
  ]);
  expect(set.calls).toEqual(['scanImages']);
});
