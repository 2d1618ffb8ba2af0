// watchdog, by hand: one look at everything, shown; what its schedule knows and tells stays as it is.
import type { RunInput, RunState } from '../model.js';
import { reads } from './activities.js';
import { elapsedMs } from './elapsed.js';
import { record } from './look.js';
import { addProof } from './state.js';

export const watchdog = (input: RunInput): Promise<RunState> =>
  record(input, 'watchdog', async (state) => {
    const { checks, remote } = await reads.watchServer({ server: input.server, restarts: {}, inFull: true });
    const remoteMs = elapsedMs(remote);
    state.proof = { checks, outside: '', remoteMs, remote, roundTrips: 1 };
    state.remoteMs = remoteMs;
    addProof(state, state.proof);
  });
