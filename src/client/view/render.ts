// Rendered files as lines and as a document: what each tool said of which, and what nobody judged.
import type { FileCheck } from '../../render/check.js';
import type { Rendered } from '../../render/rendered.js';
import { glyph, type Mark, STEP_MARKS } from './glyphs.js';
import { paint, type View } from './style.js';
import { pad, safe, wrap } from './text.js';

export interface RenderReport {
  rendered: Rendered;
  folder: string;
  checks: readonly FileCheck[];
  unjudged: readonly string[];
}

type Counts = Record<FileCheck['verdict'], number>;

const countsOf = ({ checks }: RenderReport): Counts => {
  const counts: Counts = { ok: 0, fails: 0, 'not-checked': 0 };
  for (const { verdict } of checks) counts[verdict] += 1;
  return counts;
};

/** What was not checked is no failure, but is said. */
export const isSound = (report: RenderReport): boolean =>
  countsOf(report).fails + report.rendered.unplanned.length === 0;

export const renderFields = (report: RenderReport): object => {
  const { rendered, folder, checks, unjudged } = report;
  return {
    server: rendered.server.name,
    folder,
    system: rendered.system,
    ok: isSound(report),
    counts: { files: rendered.files.length, ...countsOf(report) },
    files: rendered.files.map(({ path, mode, owner, group, step }) => ({ path, mode, owner, group, step })),
    checks,
    unjudged,
    unplanned: rendered.unplanned,
  };
};

const MARKS: Readonly<Record<FileCheck['verdict'], Mark>> = {
  ok: STEP_MARKS.ok,
  fails: STEP_MARKS.failed,
  'not-checked': STEP_MARKS.skipped,
};

export function renderView(report: RenderReport, view: View, verbose: boolean): string[] {
  const { rendered, folder, checks } = report;
  const tools = Math.max(...checks.map(({ tool }) => tool.length), 0);
  const head = `${rendered.server.name}  ${rendered.files.length} files, as ${rendered.system} would get them, in ${folder}`;
  return [
    paint(view, 'bold', safe(head)),
    ...(verbose ? rendered.files.map((file) => `    ${file.mode} ${safe(file.path)}  (${file.step})`) : []),
    ...checks.flatMap((check) => checkLines(check, tools, view)),
    ...rendered.unplanned.map(
      ({ step, reason }) => `${glyph(view, STEP_MARKS.failed)} ${step} cannot be planned: ${safe(reason)}`,
    ),
    ...unjudgedLines(report, view),
    summary(report, view),
  ];
}

function checkLines({ tool, files, verdict, lines, reason }: FileCheck, tools: number, view: View): string[] {
  const head = `${glyph(view, MARKS[verdict])} ${pad(tool, tools)}  ${files.map(safe).join(', ')}`;
  const why = reason === undefined ? [] : [`not checked: ${reason}`];
  return [head, ...[...why, ...lines].flatMap((text) => indented(text, tools, view))];
}

const indented = (text: string, tools: number, view: View): string[] =>
  wrap(safe(text), Math.max(24, view.columns - tools - 4)).map((line) => `${' '.repeat(tools + 4)}${line}`);

const unjudgedLines = ({ unjudged }: RenderReport, view: View): string[] =>
  unjudged.length === 0
    ? []
    : [paint(view, 'dim', `= no tool judges ${unjudged.map(safe).join(', ')}`)].flatMap((line) =>
        view.color ? [line] : wrap(line, view.columns),
      );

function summary(report: RenderReport, view: View): string {
  const { ok, fails, 'not-checked': unchecked } = countsOf(report);
  const text = `${ok} ok, ${fails} ${fails === 1 ? 'fails' : 'fail'}, ${unchecked} not checked`;
  return paint(view, isSound(report) ? 'green' : 'red', text);
}
