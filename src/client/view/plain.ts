// One line per transition, ISO time first: stable, greppable, and readable by a screen reader.
import type { RunState, StepState } from '../../model.js';
import { answerCommand } from './gate.js';
import { safe } from './text.js';
import { duration } from './time.js';

/** What became different between two looks at a run. */
export function plainLines(before: RunState | undefined, after: RunState, now: number): string[] {
  const known = new Map(before?.groups.flatMap((group) => group.steps).map((step) => [step.id, step.status]));
  const steps = after.groups
    .flatMap((group) => group.steps)
    .filter((step) => step.status !== 'pending' && known.get(step.id) !== step.status);
  const asked = new Set(before?.gates.map((gate) => gate.id));
  const gates = after.gates.filter((gate) => !asked.has(gate.id));
  return [
    ...steps
      .toSorted((a, b) => stepTime(a, now) - stepTime(b, now))
      .map((step) => stepLine(step, after, now)),
    ...gates.map((gate) =>
      line(
        Date.parse(gate.openedAt),
        after.server,
        gate.id,
        'waiting',
        '',
        `${gate.title}; ${answerCommand(gate, after)}`,
      ),
    ),
  ];
}

function stepTime(step: StepState, now: number): number {
  if (step.startedAt === undefined) return now;
  return Date.parse(step.startedAt) + (step.status === 'running' ? 0 : (step.durationMs ?? 0));
}

function stepLine(step: StepState, state: RunState, now: number): string {
  const took = step.durationMs === undefined || step.status === 'running' ? '' : duration(step.durationMs);
  const said =
    step.error?.message ?? (step.changes.map((change) => change.what).join('; ') || step.notes.join('; '));
  return line(stepTime(step, now), state.server, step.id, step.status, took, said);
}

function line(at: number, server: string, what: string, status: string, took: string, said: string): string {
  const quoted = said === '' ? '' : JSON.stringify(safe(said));
  return [isoSeconds(at), server, safe(what), status, took, quoted].filter(Boolean).join(' ');
}

export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Said when nothing happened for a while, so that no CI system takes a quiet run for a dead one. */
export function heartbeatLine(state: RunState, now: number): string {
  const running = state.groups.flatMap((group) => group.steps).filter((step) => step.status === 'running');
  const doing =
    running.map((step) => step.id).join(', ') || (state.gates[0] ? `gate ${state.gates[0].id}` : 'the run');
  return line(now, state.server, doing, state.status === 'waiting' ? 'waiting' : 'running', '', '');
}
