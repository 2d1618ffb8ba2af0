// Asks a person at the terminal what an open gate asks; gives up when the gate closes by itself meanwhile.
import { ClincherError } from '../errors.js';
import type { Gate } from '../model.js';
import { mistakeIn, sealSecret } from './answer-secret.js';
import { type Answering, optionsOf, send } from './answers.js';
import type { Control } from './control.js';
import type { Deps } from './deps.js';
import type { Io } from './io.js';
import { gateView } from './view/gate.js';

/** `left`: the person leaves the run waiting; `interrupted`: by Ctrl-C. `closed`: answered elsewhere, or the world shows it is done. */
export type GateEnd = 'answered' | 'left' | 'interrupted' | 'closed';

const WATCH_MS = 1_000;
const LEAVE = 'leave it waiting';

export async function askGate(io: Io, deps: Deps, answering: Answering): Promise<GateEnd> {
  const { control, gate, state } = answering;
  if (gate.kind !== 'failed') io.err(`${gateView(gate, state, io, deps.now()).join('\n')}\n`);
  const closing = new AbortController();
  const watching = watch(control, state.run, gate, closing, deps);
  try {
    const end =
      gate.kind === 'secret'
        ? await askSecret(io, deps, answering, closing.signal)
        : await askWord(io, deps, answering, closing.signal);
    return closing.signal.aborted ? 'closed' : end;
  } catch (error) {
    // Somebody else was quicker.
    if (error instanceof ClincherError && error.code === 'NO_SUCH_GATE') return 'closed';
    throw error;
  } finally {
    closing.abort();
    await watching;
  }
}

/** Closes the question when the gate is no longer open. */
async function watch(
  control: Control,
  run: string,
  gate: Gate,
  closing: AbortController,
  deps: Deps,
): Promise<void> {
  const isOver = aborted(closing.signal);
  while (!closing.signal.aborted) {
    await Promise.race([deps.sleep(WATCH_MS), isOver]);
    if (closing.signal.aborted) return;
    const state = await control.state(run).catch(() => undefined);
    const isOpen = state?.gates.some((one) => one.id === gate.id && one.openedAt === gate.openedAt) ?? true;
    if (!isOpen) closing.abort();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

async function askWord(io: Io, deps: Deps, answering: Answering, signal: AbortSignal): Promise<GateEnd> {
  const { gate } = answering;
  const question = gate.kind === 'failed' ? 'What now?' : gate.title;
  const value = await deps.ask.select(io, question, [...optionsOf(gate), LEAVE], signal);
  if (value === undefined) return 'interrupted';
  if (value === LEAVE) return 'left';
  const receipt = await send(io, answering, { value });
  if (!receipt.accepted) io.err(`Not taken: ${receipt.reason ?? 'the gate is closed'}\n`);
  return 'answered';
}

async function askSecret(io: Io, deps: Deps, answering: Answering, signal: AbortSignal): Promise<GateEnd> {
  const { gate, state } = answering;
  for (;;) {
    const value = (await deps.ask.secret(io, gate.title, signal))?.trim();
    if (value === undefined || signal.aborted) return 'interrupted';
    const refused = mistakeIn(gate, value) ?? (await trySend(io, answering, value));
    if (refused === undefined) return 'answered';
    io.err(`${refused}\n`);
    if (!state.gates.some((one) => one.id === gate.id)) return 'closed';
  }
}

/** Why the value was not taken; nothing when it was. */
async function trySend(io: Io, answering: Answering, value: string): Promise<string | undefined> {
  try {
    const { sealed, note } = await sealSecret(answering.gate, answering.state, value);
    const receipt = await send(io, answering, { value: '', sealed });
    if (!receipt.accepted) return receipt.reason ?? 'It was not taken.';
    io.err(`${note ?? 'accepted'}\n`);
    return undefined;
  } catch (error) {
    if (error instanceof ClincherError && error.code === 'ANSWER_INVALID') return error.message;
    throw error;
  }
}
