// One line per transition, ISO time first: stable, greppable, and readable by a screen reader.
import type { Gate, GroupState, RunState, StepState } from '../../model.js';
import { answerCommand } from './gate.js';
import { brief, safe } from './text.js';
import { duration } from './time.js';

/** What became different between two looks at a run. A checklist's own reading of the host is one line. */
export function plainLines(
  before: RunState | undefined,
  after: RunState,
  now: number,
  verbose = false,
): string[] {
  const known = new Map(before?.groups.flatMap((group) => group.steps).map((step) => [step.id, step.status]));
  const steps = after.groups
    .flatMap((group) => group.steps)
    .filter(
      (step) =>
        step.status !== 'pending' && known.get(step.id) !== step.status && (verbose || !isFound(step)),
    );
  const groups = after.groups.slice(before?.groups.length ?? 0);
  const asked = new Set(before?.gates.map((gate) => gate.id));
  const gates = after.gates.filter((gate) => !asked.has(gate.id));
  return [
    ...groups.map((group, i) => groupLine(group, after, readAt(groups.slice(i), now))),
    ...steps
      .toSorted((a, b) => stepTime(a, now) - stepTime(b, now))
      .map((step) => stepLine(step, after, now)),
    ...gates.map((gate) => gateLine(gate, after)),
  ];
}

/** As the survey found it: nothing was done to it. */
const isFound = (step: StepState): boolean =>
  step.startedAt === undefined && (step.status === 'ok' || step.status === 'skipped');

/** Before the first step that was begun in it, or in what was read after it. */
function readAt(groups: readonly GroupState[], now: number): number {
  const steps = groups.flatMap((group) => group.steps);
  return Math.min(now, ...steps.flatMap((step) => (step.startedAt ? [Date.parse(step.startedAt)] : [])));
}

function groupLine(group: GroupState, state: RunState, at: number): string {
  const count = (wanted: (step: StepState) => boolean): number => group.steps.filter(wanted).length;
  const ok = count((step) => isFound(step) && step.status === 'ok');
  const skipped = count((step) => isFound(step) && step.status === 'skipped');
  const said = `${ok} as wanted, ${group.steps.length - ok - skipped} to do, ${skipped} skipped`;
  return line(at, state.server, group.name, 'read', '', said);
}

const gateLine = (gate: Gate, state: RunState): string =>
  line(
    Date.parse(gate.openedAt),
    state.server,
    gate.id,
    'waiting',
    '',
    `${gate.title}; ${answerCommand(gate, state)}`,
  );

function stepTime(step: StepState, now: number): number {
  if (step.startedAt === undefined) return now;
  return Date.parse(step.startedAt) + (step.status === 'running' ? 0 : (step.durationMs ?? 0));
}

function stepLine(step: StepState, state: RunState, now: number): string {
  const took = step.durationMs === undefined || step.status === 'running' ? '' : duration(step.durationMs);
  const said = step.error?.message.trim() ?? (brief(step.changes) || step.notes.join('; '));
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
  const [first] = running;
  const what = first?.id ?? state.gates[0]?.id ?? state.runbook;
  const since = first?.startedAt ?? state.gates[0]?.openedAt ?? state.startedAt;
  const status = state.status === 'waiting' ? 'waiting' : 'running';
  return line(now, state.server, what, status, `since ${duration(now - Date.parse(since))}`, '');
}
