// scan-images: which critical holes are known in the images that a server runs. Changes nothing, so it may be scheduled.
import type { RunInput, RunState } from '../model.js';
import { longReads } from './activities.js';
import { record } from './look.js';
import { addProof } from './state.js';

export const scanImages = (input: RunInput): Promise<RunState> =>
  record(input, 'scan-images', async (state) => {
    const { server } = input;
    const proof = await longReads.scanImages.executeWithOptions({ summary: 'trivy' }, [{ server }]);
    state.proof = proof;
    state.remoteMs = proof.remoteMs;
    addProof(state, proof);
  });
