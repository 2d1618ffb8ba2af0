// smoke: does each model answer, and does the agent. Changes nothing, and costs a few tokens.
import type { RunInput, RunState } from '../model.js';
import { spends } from './activities.js';
import { record } from './look.js';
import { addProof } from './state.js';

export const smoke = (input: RunInput): Promise<RunState> =>
  record(input, 'smoke', async (state) => {
    const { server, only } = input;
    const proof = await spends.smoke.executeWithOptions({ summary: 'ask each model' }, [{ server, only }]);
    state.proof = proof;
    state.remoteMs = proof.remoteMs;
    addProof(state, proof);
  });
