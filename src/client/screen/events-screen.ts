// A run as one JSON object a line on stdout: the start, each step as its status changes, gates, the end.
import type { RunState } from '../../model.js';
import type { Io } from '../io.js';
import { event, gateDocument, print, stepDocument } from '../view/json.js';
import type { Screen } from './screen.js';

export function eventsScreen(io: Io, now: () => number): Screen {
  const steps = new Map<string, string>();
  const gates = new Set<string>();
  let hasBegun = false;
  const emit = (kind: string, state: RunState, fields: object): void =>
    io.out(print(event(kind, state, fields, now())));
  const begin = (state: RunState): void => {
    if (hasBegun) return;
    hasBegun = true;
    const { runbook, who, startedAt } = state;
    emit('started', state, { runbook, who, startedAt });
  };
  const update = (state: RunState): void => {
    begin(state);
    for (const step of state.groups.flatMap((group) => group.steps)) {
      if (steps.get(step.id) === step.status) continue;
      steps.set(step.id, step.status);
      if (step.status !== 'pending') emit('step', state, { step: stepDocument(step, state) });
    }
    for (const gate of state.gates)
      if (!gates.has(gate.id)) emit('gate', state, { gate: gateDocument(gate, state) });
    gates.clear();
    for (const gate of state.gates) gates.add(gate.id);
  };
  return {
    wantsTails: false,
    update,
    note: (text) => io.err(`${text}\n`),
    pause: () => {},
    end: (state) => {
      if (!state) return;
      update(state);
      emit('ended', state, { status: state.status, outcome: state.outcome, endedAt: state.endedAt });
    },
  };
}
