// Columns as wide as their widest cell; a last cell that does not fit goes on below itself.
import type { View } from './style.js';
import { pad, width, wrap } from './text.js';

export type Row = readonly string[];

/** Narrower than this, wrapping makes a column of single words. */
const MIN_LAST = 24;

export function table(rows: readonly Row[], view: View): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? '')))) ?? [];
  return rows.flatMap((row) => lines(row, widths, view));
}

function lines(row: Row, widths: readonly number[], view: View): string[] {
  const last = row.length - 1;
  const before = row.slice(0, last).map((cell, i) => `${pad(cell, widths[i] ?? 0)}  `);
  const left = before.join('');
  const text = row[last] ?? '';
  const room = view.columns - width(left);
  if (width(text) <= room || room < MIN_LAST) return [(left + text).trimEnd()];
  return wrap(text, room).map((line, i) => (i === 0 ? left : ' '.repeat(width(left))) + line);
}
