// The gates of all open runs, and which of them a word on the command line means.
import { didYouMean } from '../config/nearest.js';
import { ClincherError } from '../errors.js';
import type { Gate, RunState } from '../model.js';
import type { Control, RunSummary } from './control.js';

export interface OpenGate {
  gate: Gate;
  state: RunState;
}

const OPEN_RUNS = 100;

type Looking = Pick<Control, 'list' | 'state'>;

export async function openStates(control: Looking, server: string | undefined): Promise<RunState[]> {
  const open = await control.list({ server, open: true, limit: OPEN_RUNS });
  const states = await Promise.all(open.map((run) => stateOrNothing(control, run)));
  return states.filter((state) => state !== undefined);
}

/** A run may end between the list and the question. */
async function stateOrNothing(control: Looking, run: RunSummary): Promise<RunState | undefined> {
  try {
    return await control.state(run.run);
  } catch (error) {
    if (error instanceof ClincherError && error.code === 'RUN_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Longest waiting first. */
export const gatesOf = (states: readonly RunState[]): OpenGate[] =>
  states
    .flatMap((state) => state.gates.map((gate) => ({ gate, state })))
    .toSorted((a, b) => a.gate.openedAt.localeCompare(b.gate.openedAt));

export interface Wanted {
  gate: string;
  server?: string | undefined;
  run?: string | undefined;
}

export async function findGate(control: Control, wanted: Wanted): Promise<OpenGate> {
  const states = wanted.run ? [await control.state(wanted.run)] : await openStates(control, wanted.server);
  const all = gatesOf(states);
  const found = all.filter(({ gate }) => gate.id === wanted.gate);
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new ClincherError('USAGE', `Several runs wait at ${wanted.gate}; say which.`, {
      remedy: found.map(({ state }) => `add --run ${state.run}   (${state.server})`),
    });
  const names = [...new Set(all.map(({ gate }) => gate.id))];
  const there = names.length === 0 ? 'none is open' : `open: ${names.join(', ')}`;
  throw new ClincherError(
    'NO_SUCH_GATE',
    `No gate "${wanted.gate}" is open; ${there}${didYouMean(wanted.gate, names)}`,
  );
}
