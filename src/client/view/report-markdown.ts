// The report as Markdown: readable as it is, and safe where it is shown as a page.
import type { Report, Row, Section, Verdict } from './report.js';
import { safe } from './text.js';

const WORDS: Record<Verdict, string> = {
  pass: 'pass',
  fail: '**FAIL**',
  unknown: '**unknown**',
  skipped: 'not asked for',
};

export const markdownReport = (report: Report): string =>
  `${[
    `# ${text(report.title)}: ${WORDS[report.verdict]}`,
    text(report.conclusion),
    table(['', ''], report.about),
    ...(report.images.length > 0 ? ['## Images', table(['Image', 'Pinned to'], report.images)] : []),
    ...attention(report),
    ...report.sections.map(section),
  ].join('\n\n')}\n`;

/** Whatever stands in evidence was said by a host: no character of it may become markup, a link or a new cell. */
const text = (value: string): string =>
  safe(value)
    .replace(/[\\`*_[\]|~]|^[-+#]/g, '\\$&')
    .replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(text))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

function attention({ sections }: Report): string[] {
  const rows = sections
    .flatMap((each) => each.rows)
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');
  return rows.length === 0 ? [] : ['## What needs attention', ...rows.map(needs)];
}

const needs = ({ id, title, verdict, why, evidence, remedy }: Row): string =>
  [
    `### ${text(id)}: ${WORDS[verdict]}`,
    `${text(title)}. ${text(why)}`,
    evidence.map((line) => `- ${text(line)}`).join('\n'),
    ...(remedy.length > 0 ? [`Next:\n\n${remedy.map((line) => `    ${safe(line)}`).join('\n')}`] : []),
  ].join('\n\n');

const section = ({ title, rows }: Section): string => {
  const cells = rows.map((row) => [
    text(row.id),
    text(row.title),
    WORDS[row.verdict],
    row.evidence.map(text).join('<br>'),
    text(row.source),
  ]);
  const head = ['Id', 'What', 'Verdict', 'Evidence', 'Source'];
  const lines = [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
  return `## ${text(title)}\n\n${lines.join('\n')}`;
};
