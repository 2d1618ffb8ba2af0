// Columns as wide as their widest cell; where they do not fit, the last one is cut.
import type { View } from './style.js';
import { cut, pad, width } from './text.js';

export type Row = readonly string[];

export function table(rows: readonly Row[], view: View): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? '')))) ?? [];
  return rows.map((row) => line(row, widths, view));
}

function line(row: Row, widths: readonly number[], view: View): string {
  const last = row.length - 1;
  const left = row
    .slice(0, last)
    .map((cell, i) => pad(cell, widths[i] ?? 0))
    .join('  ');
  const room = view.columns - width(left) - 2;
  const tail = row[last] ?? '';
  // Colour in a cell that must be cut would be cut with it; then it stays whole and wraps.
  const fitted = width(tail) > room && room > 10 && !tail.includes('\u001b') ? cut(tail, room, view) : tail;
  return (left === '' ? fitted : `${left}  ${fitted}`).trimEnd();
}
