// Answers to gates, in the form that a run takes.
import { randomUUID } from 'node:crypto';
import { ClincherError } from '../errors.js';
import type { Gate, RunState, Server } from '../model.js';
import type { GateAnswer, GateReceipt } from '../workflows/messages.js';
import type { Control } from './control.js';
import { who } from './input.js';
import type { Io } from './io.js';

/** What a gate of this kind takes; a secret is never a word of the command line. */
export function checkValue(gate: Gate, value: string): string {
  const options = optionsOf(gate);
  const word = value.toLowerCase();
  const known = { y: 'yes', n: 'no' }[word] ?? word;
  const found = options.find((option) => option === value || option.toLowerCase() === known);
  if (found !== undefined) return found;
  throw new ClincherError('ANSWER_INVALID', `Gate ${gate.id} takes ${options.join(' or ')}, not "${value}".`);
}

export function optionsOf(gate: Gate): readonly string[] {
  if (gate.options.length > 0) return gate.options;
  return {
    confirm: ['yes', 'no'],
    done: ['done'],
    failed: ['retry', 'skip', 'abort'],
    choice: [],
    secret: [],
  }[gate.kind];
}

/** Sent twice, it counts once. */
export const newUpdateId = (gate: Gate): string => `${gate.id}:${randomUUID().slice(0, 8)}`;

export interface Answering {
  control: Control;
  state: RunState;
  gate: Gate;
}

export async function send(
  io: Io,
  { control, state, gate }: Answering,
  answer: { value: string; sealed?: string; server?: Server },
  updateId: string = newUpdateId(gate),
): Promise<GateReceipt> {
  const full: GateAnswer = { gate: gate.id, who: who(io.env), ...answer };
  return control.answer(state.run, full, updateId);
}
