// An open gate: what is asked, how to do it, how to answer from anywhere, and what happens when nobody does.
import { answerCommand as commandThatAnswers } from '../../answer-command.js';
import type { Diff, Gate, GateAnswered, RunState } from '../../model.js';
import { diffView } from './diff.js';
import { glyph, rails, STEP_MARKS } from './glyphs.js';
import { paint, type View } from './style.js';
import { cut, pad, safe, width, wrap } from './text.js';
import { since } from './time.js';

export function gateView(gate: Gate, state: RunState, view: View, now: number): string[] {
  const bar = rails(view).bar;
  const room = Math.max(20, view.columns - 6);
  const body = [
    ...gate.instructions.flatMap((line) => wrap(safe(line), room)),
    ...gate.links.map((link) => paint(view, 'underline', safe(link))),
    ...(gate.ref ? wrap(secretNote(gate), room) : []),
    ...(gate.diff ? shownDiff(gate.diff, view) : []),
    ...(gate.note ? wrap(`last: ${safe(gate.note)}`, room) : []),
    ...deadline(gate, now),
    `answer  ${answerCommand(gate, state)}`,
  ];
  const title = cut(`${safe(gate.id)}   ${safe(gate.title)}`, room, view);
  return [
    `${glyph(view, STEP_MARKS.waiting)} ${paint(view, 'bold', title)}`,
    ...body.map((line) => `${bar} ${line}`),
  ];
}

/** Long: who answers without having read it has not been asked. */
const DIFF_LINES = 600;

const shownDiff = ({ before, after }: Diff, view: View): string[] =>
  diffView(before, after, { ...view, columns: Math.max(200, view.columns - 6) }, DIFF_LINES);

const secretNote = (gate: Gate): string =>
  `It is stored encrypted as ${safe(gate.ref ?? '')} and never enters the run's history.`;

const deadline = (gate: Gate, now: number): string[] =>
  gate.deadline === undefined
    ? []
    : [`without an answer by ${since(gate.deadline, now)}: ${safe(gate.onTimeout ?? 'the run ends')}`];

/** As a host's words may stand in it, made safe to print. */
export const answerCommand = (gate: Gate, state: Pick<RunState, 'run' | 'server'>): string =>
  safe(commandThatAnswers(gate, state));

/** What was asked and is answered: by whom, when, what. */
export const answeredRows = (all: readonly GateAnswered[], now: number): string[] =>
  columns(
    all.map(({ id, kind, value = kind === 'secret' ? 'stored' : '', who, answeredAt }) =>
      [id, value, `by ${who}`, since(answeredAt, now)].map(safe),
    ),
  );

/** One line a gate, for lists of many. */
export function gateRow(gate: Gate, state: RunState, view: View, now: number): string[] {
  return [
    safe(gate.id),
    state.run,
    since(gate.openedAt, now),
    safe(gate.title),
    answerCommand(gate, state),
  ].map((cell, i) => (i === 3 ? cut(cell, Math.max(20, view.columns - 60), view) : cell));
}

/** Columns as wide as their widest cell; the last one is free. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? '')))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
