// Spend as a table by model and a bar for each day.
import { onDay, type Usage } from '../usage.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { safe } from './text.js';

/** Small models cost parts of a cent. */
export const dollars = (usd: number): string =>
  `$${usd !== 0 && Math.abs(usd) < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;

export const thousands = (count: number): string =>
  count < 10_000
    ? String(count)
    : count < 1e6
      ? `${(count / 1e3).toFixed(0)}k`
      : `${(count / 1e6).toFixed(1)}M`;

export function usageView(usage: Usage, view: View): string[] {
  const { server, partition, days, models, totalUsd } = usage;
  const calls = models.reduce((sum, each) => sum + each.calls, 0);
  const of = partition === undefined ? server : `${server}/${partition}`;
  return [
    `${paint(view, 'bold', of)}  ${dollars(totalUsd)} for ${thousands(calls)} ${calls === 1 ? 'call' : 'calls'} in ${days.length} ${days.length === 1 ? 'day' : 'days'}`,
    ...(models.length === 0 ? ['no models'] : table([HEADS, ...models.map((each) => row(each, view))], view)),
    '',
    ...chart(usage, view),
  ];
}

const HEADS = ['  MODEL', 'SPENT', 'CALLS', 'FROM CACHE', 'TOKENS IN', 'OUT', 'OF ITS BUDGET'];

const row = (each: Usage['models'][number], view: View): string[] => [
  `  ${safe(each.model)}`,
  dollars(each.usd),
  thousands(each.calls),
  thousands(each.cached),
  thousands(each.inputTokens),
  thousands(each.outputTokens),
  budgetOf(each, view),
];

function budgetOf({ budget }: Usage['models'][number], view: View): string {
  if (budget === undefined) return paint(view, 'dim', 'not configured any more');
  const text = `${dollars(budget.spentUsd)} of ${dollars(budget.usd)} in ${safe(budget.period)}`;
  return budget.usd > 0 && budget.spentUsd >= budget.usd ? paint(view, 'red', `${text}, used up`) : text;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** The day, the amount, and blanks. */
const BESIDES = 24;

function chart(usage: Usage, view: View): string[] {
  const amounts = usage.days.map((day) => onDay(usage, day));
  const most = Math.max(...amounts);
  const room = Math.max(10, Math.min(60, view.columns - BESIDES));
  return usage.days.map((day, i) => {
    const amount = amounts[i] ?? 0;
    const drawn = paint(view, 'cyan', bar(most > 0 ? (amount / most) * room : 0, view));
    return `  ${day}  ${drawn}${drawn === '' ? '' : ' '}${amount === 0 ? paint(view, 'dim', '–') : dollars(amount)}`;
  });
}

/** Whatever was spent is seen, be it little. */
function bar(length: number, { ascii }: View): string {
  if (length <= 0) return '';
  if (ascii) return '#'.repeat(Math.max(1, Math.round(length)));
  const eighths = Math.max(1, Math.round(length * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
