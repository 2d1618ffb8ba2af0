// Whether a run's end is one to go on from: done, nothing failed, and no check without an answer.
import type { RunState } from '../model.js';

/** Unknown is neither pass nor fail, and a proof with holes is none. */
export const hasHoles = ({ proof }: Pick<RunState, 'proof'>): boolean =>
  proof?.checks.some(({ verdict }) => verdict === 'unknown') ?? false;

export const endedWell = (state: RunState): boolean =>
  state.status === 'done' && state.outcome.failed === 0 && !hasHoles(state);

/** For whoever counts runs: one that came to its end and found something red is no success. */
export const countedAs = (state: RunState): RunState['status'] =>
  state.status === 'done' && !endedWell(state) ? 'failed' : state.status;
