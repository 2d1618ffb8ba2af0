// Spend as one page without anything from elsewhere: stacked bars by day in SVG, and the same figures as tables.
import type { DayUse } from '../../commands/usage.js';
import { onDay, type Usage } from '../usage.js';
import { text } from './html.js';
import { dollars, thousands } from './usage.js';

/** Told apart by people who do not see colours as most do (Okabe and Ito); more models than these share the last. */
const COLORS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#f0e442', '#777777'];

const STYLE = `:root{color-scheme:light}
body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:right;padding:.35rem .6rem;border-bottom:1px solid #e4e4e4}
th:first-child,td:first-child{text-align:left;overflow-wrap:anywhere}svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:#555}
.key{display:inline-block;width:.8em;height:.8em;margin-right:.5em;border-radius:2px}
@media print{body{margin:0;max-width:none}}`;

const WIDTH = 800;
const HEIGHT = 240;
const FLOOR = 210;

export function usagePage(usages: readonly Usage[], at: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What models cost</title>
<style>${STYLE}</style>
</head>
<body>
<h1>What models cost</h1>
<p>As LiteLLM counted it, days in UTC; written ${text(at)}.</p>
${usages.map(section).join('\n')}
</body>
</html>
`;
}

const nameOf = ({ server, partition }: Usage): string =>
  partition === undefined ? server : `${server}/${partition}`;

const section = (
  usage: Usage,
): string => `<h2>${text(nameOf(usage))}: ${dollars(usage.totalUsd)} in ${usage.days.length} days</h2>
${chart(usage)}
<table><thead><tr><th>Model</th><th>Spent</th><th>Calls</th><th>From cache</th><th>Tokens in</th><th>Out</th><th>Of its budget</th></tr></thead>
<tbody>${usage.models.map(row).join('\n')}</tbody></table>
<h3>By day</h3>
<table><thead><tr><th>Day</th><th>Model</th><th>Spent</th><th>Calls</th></tr></thead>
<tbody>${usage.byDay.map(dayRow).join('\n')}</tbody></table>`;

const color = (at: number): string => COLORS[Math.min(at, COLORS.length - 1)] ?? '';

const row = (each: Usage['models'][number], at: number): string => {
  const { model, usd, calls, cached, inputTokens, outputTokens, budget } = each;
  const of =
    budget === undefined
      ? '–'
      : `${dollars(budget.spentUsd)} of ${dollars(budget.usd)} in ${text(budget.period)}`;
  return `<tr><td><span class="key" style="background:${color(at)}"></span>${text(model)}</td>${[dollars(usd), ...[calls, cached, inputTokens, outputTokens].map(thousands), of].map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
};

const dayRow = ({ day, model, usd, calls }: DayUse): string =>
  `<tr><td>${text(day)}</td><td>${text(model)}</td><td>${dollars(usd)}</td><td>${calls}</td></tr>`;

function chart(usage: Usage): string {
  const most = Math.max(...usage.days.map((day) => onDay(usage, day)));
  const step = WIDTH / usage.days.length;
  const bars = usage.days.map((day, i) => stack(usage, day, { left: i * step, step, most }));
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${text(`Spend by day, at most ${dollars(most)}`)}">
<text x="0" y="12">${dollars(most)}</text><line x1="0" x2="${WIDTH}" y1="${FLOOR}" y2="${FLOOR}" stroke="#999"/>
${bars.join('\n')}
</svg>`;
}

interface Place {
  left: number;
  step: number;
  most: number;
}

function stack(usage: Usage, day: string, { left, step, most }: Place): string {
  let top = FLOOR;
  const parts = usage.models.map(({ model }, at) => {
    const usd = usage.byDay.find((each) => each.day === day && each.model === model)?.usd ?? 0;
    const height = most > 0 ? (usd / most) * (FLOOR - 20) : 0;
    top -= height;
    return height <= 0
      ? ''
      : `<rect x="${(left + step * 0.15).toFixed(1)}" y="${top.toFixed(1)}" width="${(step * 0.7).toFixed(1)}" height="${height.toFixed(1)}" fill="${color(at)}"><title>${text(`${day} ${model} ${dollars(usd)}`)}</title></rect>`;
  });
  const label = step < 40 ? day.slice(8) : day.slice(5);
  return `${parts.join('')}<text x="${(left + step / 2).toFixed(1)}" y="${FLOOR + 16}" text-anchor="middle">${label}</text>`;
}
