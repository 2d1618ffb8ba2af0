// Groups of steps as lines: a finished group is one line, the running one is open, failures stay open.
import type { Counts, GroupState, RunState, StepState, StepStatus } from '../../model.js';
import { failureLines } from './error.js';
import { glyph, rails, STEP_MARKS } from './glyphs.js';
import { isNarrow, paint, type View } from './style.js';
import { brief, cut, pad, safe, spread, width } from './text.js';
import { clock, duration } from './time.js';

export interface Tail {
  step: string;
  lines: string[];
}

export interface Moment {
  now: number;
  /** Last lines of what runs right now. */
  tails: readonly Tail[];
}

const SETTLED: ReadonlySet<StepStatus> = new Set([
  'ok',
  'changed',
  'skipped',
  'failed',
  'unreachable',
  'unknown',
]);
const MAX_TAIL = 3;

/** Nothing more will happen in it: every step is settled and none waits at a gate for another try. */
export function isFinished(group: GroupState, state: RunState): boolean {
  if (state.status !== 'running' && state.status !== 'waiting') return true;
  const retriable = new Set(state.gates.map((gate) => gate.id));
  return group.steps.every((step) => SETTLED.has(step.status) && !retriable.has(`failed:${step.id}`));
}

export function groupStatus(group: GroupState): StepStatus {
  const has = (status: StepStatus): boolean => group.steps.some((step) => step.status === status);
  const worst: StepStatus[] = ['unreachable', 'failed', 'waiting', 'running', 'unknown'];
  const found = worst.find(has);
  if (found) return found;
  if (has('pending')) return group.steps.some((step) => SETTLED.has(step.status)) ? 'running' : 'pending';
  return group.steps.length > 0 && group.steps.every((step) => step.status === 'skipped') ? 'skipped' : 'ok';
}

export function groupLine(
  group: GroupState,
  view: View,
  rail: string,
  nameWidth: number,
  now: number,
): string {
  const settled = group.steps.filter((step) => SETTLED.has(step.status)).length;
  const of = `${settled}/${group.steps.length}`.padStart(5);
  const mark = STEP_MARKS[groupStatus(group)];
  const left = `${rail}${glyph(view, mark)} ${pad(safe(group.name), nameWidth)} ${of}   ${tally(group, view)}`;
  const ms = groupMs(group, now);
  return spread(left.trimEnd(), isNarrow(view) || ms === undefined ? '' : duration(ms), view.columns);
}

/** What is worth a word in a group's line: not that most of it was right already. */
function tally(group: GroupState, view: View): string {
  const counts: Partial<Counts & Record<StepStatus, number>> = {};
  for (const step of group.steps) counts[step.status] = (counts[step.status] ?? 0) + 1;
  const shown: StepStatus[] = ['changed', 'skipped', 'failed', 'unreachable', 'unknown', 'waiting'];
  return shown
    .filter((status) => counts[status])
    .map((status) => paint(view, STEP_MARKS[status].style, `${counts[status]} ${status}`))
    .join(', ');
}

/** From the first step that was begun to the last that ended, or until now. */
function groupMs(group: GroupState, now: number): number | undefined {
  const begun = group.steps.filter((step) => step.startedAt !== undefined);
  if (begun.length === 0) return undefined;
  const starts = begun.map((step) => Date.parse(step.startedAt!));
  const ends = begun.map((step, i) => (step.durationMs === undefined ? now : starts[i]! + step.durationMs));
  return Math.max(...ends) - Math.min(...starts);
}

/** The steps of an open group: what changed, runs or failed by name; what was right and what is to come as counts. */
export function stepLines(group: GroupState, state: RunState, view: View, moment: Moment): string[] {
  const named = group.steps.filter(
    (step) => step.status !== 'ok' && step.status !== 'pending' && !isUnasked(step),
  );
  const titles = Math.min(40, Math.max(12, ...named.map((step) => width(safe(step.title)))));
  const lines = named.flatMap((step) => stepBlock(step, state, view, moment, titles));
  const pending = group.steps.filter((step) => step.status === 'pending').map((step) => safe(step.title));
  if (pending.length > 0) lines.push(comingLine(pending, view));
  return lines;
}

/** The configuration does not want it; nobody chose that here and now. */
const isUnasked = (step: StepState): boolean => step.status === 'skipped' && step.startedAt === undefined;

function stepBlock(step: StepState, state: RunState, view: View, moment: Moment, titles: number): string[] {
  if (step.status === 'failed' || step.status === 'unreachable') return failureLines(step, state, view);
  const line = stepLine(step, view, moment.now, titles);
  if (step.status !== 'running') return [line];
  const tail = moment.tails.find((one) => one.step === step.id)?.lines.slice(-MAX_TAIL) ?? [];
  return [line, ...tail.map((text) => paint(view, 'dim', cut(`      ${safe(text)}`, view.columns, view)))];
}

export function stepLine(step: StepState, view: View, now: number, titles: number): string {
  const mark = STEP_MARKS[step.status];
  const right = isNarrow(view) ? '' : elapsed(step, now);
  const title = pad(cut(safe(step.title), titles, view), titles);
  const word = paint(view, mark.style, mark.word.padEnd(8));
  const room = view.columns - titles - 18 - width(right);
  const note = room > 8 ? cut(stepNote(step), room, view) : '';
  return spread(`    ${glyph(view, mark)} ${title}  ${word} ${note}`.trimEnd(), right, view.columns);
}

const stepNote = (step: StepState): string =>
  step.changes.length > 0 ? brief(step.changes) : safe(step.notes[0] ?? '');

function elapsed(step: StepState, now: number): string {
  if (step.status === 'running' && step.startedAt) return clock(now - Date.parse(step.startedAt));
  return step.durationMs === undefined ? '' : duration(step.durationMs);
}

function comingLine(titles: string[], view: View): string {
  const dot = rails(view).dot;
  return paint(view, 'dim', cut(`   ${dot}${titles.join(dot)}`, view.columns, view));
}
