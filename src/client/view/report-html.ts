// The report as one page without anything from elsewhere: no script, no font, no picture; it prints as it stands.

import { text } from './html.js';
import type { Report, Row, Section, Verdict } from './report.js';

const WORDS: Record<Verdict, string> = {
  pass: 'pass',
  fail: 'fail',
  unknown: 'unknown',
  skipped: 'not asked for',
};

const STYLE = `:root{color-scheme:light}
body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:70rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;width:100%;font-size:.88rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #e4e4e4;overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}thead{display:table-header-group}tr{break-inside:avoid}
code{font:.85em ui-monospace,monospace}pre{font:.85em/1.4 ui-monospace,monospace;background:#f5f5f5;padding:.6rem;white-space:pre-wrap;overflow-wrap:anywhere}
.v{font-weight:600;white-space:nowrap}.pass{color:#176b2c}.fail{color:#b00020}.unknown{color:#8a5a00}.skipped{color:#666}
.why{color:#555}article{break-inside:avoid;border-left:4px solid #b00020;padding:.1rem 0 .1rem 1rem;margin:1rem 0}article.unknown{border-color:#8a5a00}article.unknown,article.fail{color:inherit}
@page{margin:15mm}@media print{body{margin:0;max-width:none;font-size:11px}a{color:inherit}}`;

export const htmlReport = (report: Report): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(report.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${text(report.title)}: ${word(report.verdict)}</h1>
<p>${text(report.conclusion)}</p>
${facts(report.about)}
${report.images.length > 0 ? `<h2>Images</h2>\n${facts(report.images)}` : ''}
${attention(report)}
${report.sections.map(section).join('\n')}
</body>
</html>
`;

const word = (verdict: Verdict): string => `<span class="v ${verdict}">${WORDS[verdict]}</span>`;

const facts = (rows: readonly (readonly [string, string])[]): string =>
  `<table><tbody>${rows.map(([name, value]) => `<tr><th>${text(name)}</th><td>${text(value)}</td></tr>`).join('')}</tbody></table>`;

function attention({ sections }: Report): string {
  const rows = sections
    .flatMap((each) => each.rows)
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');
  return rows.length === 0 ? '' : `<h2>What needs attention</h2>\n${rows.map(needs).join('\n')}`;
}

const needs = ({ id, title, verdict, why, evidence, remedy }: Row): string => `<article class="${verdict}">
<p>${word(verdict)} <code>${text(id)}</code> ${text(title)}</p>
<p class="why">${text(why)}</p>
<ul>${evidence.map((line) => `<li>${text(line)}</li>`).join('')}</ul>
${remedy.length > 0 ? `<pre>${remedy.map(text).join('\n')}</pre>` : ''}
</article>`;

const section = ({ title, rows }: Section): string => `<h2>${text(title)}</h2>
<table><thead><tr><th>Id</th><th>What</th><th>Verdict</th><th>Evidence</th><th>Source</th></tr></thead>
<tbody>${rows.map(line).join('\n')}</tbody></table>`;

const line = (row: Row): string =>
  `<tr><td><code>${text(row.id)}</code></td><td>${text(row.title)}</td><td>${word(row.verdict)}</td><td>${row.evidence.map(text).join('<br>')}</td><td>${text(row.source)}</td></tr>`;
