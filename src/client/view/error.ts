// Errors for people: what happened and where, what was seen, why, and last, where the eye lands, what to type next.
import { ERRORS, type ErrorCode } from '../../errors.js';
import type { RunError, RunState, StepState } from '../../model.js';
import { glyph, rails, STEP_MARKS } from './glyphs.js';
import { paint, type View } from './style.js';
import { cut, safe, safeLines, spread, wrap } from './text.js';
import { duration } from './time.js';

export interface ErrorPlace {
  server?: string | undefined;
  step?: string | undefined;
  run?: string | undefined;
  runbook?: string | undefined;
}

const MAX_EVIDENCE = 8;
/** A line of some logs is a page. */
const MAX_ROWS = 3;

export const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** `{server}` and its like filled in; a remedy whose blank cannot be filled keeps a readable placeholder. */
export const fill = (remedy: string, place: ErrorPlace): string =>
  remedy.replace(
    /\{(server|run|runbook|ref|step)\}/g,
    (_, key: keyof ErrorPlace) => place[key] ?? `<${key}>`,
  );

export const remedies = (error: RunError, place: ErrorPlace): string[] =>
  (error.remedy ?? (isCode(error.code) ? ERRORS[error.code].remedy : [])).map((line) =>
    safe(fill(line, place)),
  );

/** The block that a command prints before it ends badly. */
export function errorView(error: RunError, place: ErrorPlace, view: View): string[] {
  const where = [place.server, place.step].filter(Boolean).join(' ');
  const [first = '', ...more] = safeLines(error.message);
  const title = `${glyph(view, STEP_MARKS.failed)} ${where ? `${where}: ` : ''}${first}`;
  return [
    paint(view, 'bold', title),
    ...more.map((line) => `  ${line}`),
    ...detailLines(error, place, view, '  '),
  ];
}

function detailLines(error: RunError, place: ErrorPlace, view: View, indent: string): string[] {
  const label = (word: string, text: string): string =>
    `${indent}${paint(view, 'dim', word.padEnd(5))} ${text}`;
  const room = view.columns * MAX_ROWS;
  const lines = evidence(error).map(
    (line) => `${indent}${paint(view, 'dim', rails(view).bar)}${cut(line, room, view)}`,
  );
  const summary = isCode(error.code) ? ERRORS[error.code].summary : undefined;
  if (summary && summary !== error.message)
    lines.push(
      ...wrap(summary, Math.max(20, view.columns - 10)).map((text, i) => label(i === 0 ? 'why' : '', text)),
    );
  if (isCode(error.code)) lines.push(label('code', `${error.code}   clincher docs ${error.code}`));
  remedies(error, place).forEach((text, i) => {
    lines.push(label(i === 0 ? 'fix' : 'or', text));
  });
  return lines;
}

const evidence = (error: RunError): string[] =>
  (error.evidence ?? []).slice(-MAX_EVIDENCE).flatMap(safeLines);

/** A failed step inside the tree, with everything that can be done about it. */
export function failureLines(step: StepState, state: RunState, view: View): string[] {
  const error = step.error ?? { code: 'INTERNAL', message: `${step.title} failed` };
  const bar = `    ${paint(view, 'red', rails(view).bar)}`;
  const room = Math.max(20, view.columns - 14);
  const [title = '', ...more] = wrap(`${step.id} ${rails(view).dot.trim()} ${oneLine(error.message)}`, room);
  const took = step.durationMs === undefined ? '' : duration(step.durationMs);
  const label = (word: string, text: string): string => `${bar}${paint(view, 'dim', word.padEnd(6))} ${text}`;
  return [
    spread(`    ${glyph(view, STEP_MARKS[step.status])} ${title}`, took, view.columns),
    ...more.map((line) => `${bar}${line}`),
    ...evidence(error).map((line) => label('said', cut(line, room, view))),
    ...(isCode(error.code) ? [label('why', ERRORS[error.code].summary)] : []),
    ...choices(step, state, error).map(([word, text]) => label(word, text)),
  ];
}

const oneLine = (message: string): string => safe(message.trim().replace(/\s*\r?\n\s*/g, '; '));

function choices(step: StepState, state: RunState, error: RunError): [string, string][] {
  const { run, server, runbook } = state;
  const again = `clincher run ${runbook} -s ${server}`;
  // A run that has ended cannot be retried, only begun again.
  const fixes = remedies(error, { server, run, runbook, step: step.id }).map((fix) =>
    fix.startsWith('clincher retry ') && state.endedAt !== undefined ? again : fix,
  );
  const fix = fixes.map((text, i): [string, string] => [i === 0 ? 'fix' : '', text]);
  const more: [string, string] = ['more', `clincher logs ${run} --step ${step.id}`];
  if (!state.gates.some((gate) => gate.id === `failed:${step.id}`)) return [...fix, more];
  const other = [`clincher retry ${run}`, `clincher skip ${run}`, `clincher abort ${run}`];
  return [...fix, ['then', other.filter((command) => !fixes.includes(command)).join('   ')], more];
}
