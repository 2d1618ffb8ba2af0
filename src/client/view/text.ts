// Text from hosts made fit for a terminal: control characters shown instead of obeyed, widths counted, lines cut.
import { stripVTControlCharacters } from 'node:util';
import type { View } from './style.js';

/** C0, DEL, C1, and what turns or hides text: bidirectional overrides, zero-width characters, line separators. */
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\u001b': '\\e' };

/** One line, safe to print: whatever a host says, it cannot move the cursor or hide words. */
export const safe = (text: string): string =>
  text.replaceAll('\t', '    ').replace(HOSTILE, (char) => NAMED[char] ?? hex(char));

const hex = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Lines of a text of several lines, each safe. */
export const safeLines = (text: string): string[] =>
  text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(safe);

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Columns that a text takes; colour takes none. */
export function width(text: string): number {
  let columns = 0;
  for (const char of stripVTControlCharacters(text)) columns += charWidth(char);
  return columns;
}

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/\p{M}/u.test(char)) return 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** At most so many columns; cut text ends in an ellipsis. For text without colour. */
export function cut(text: string, columns: number, view: Pick<View, 'ascii'>): string {
  if (width(text) <= columns) return text;
  const mark = view.ascii ? '..' : '…';
  const room = Math.max(0, columns - width(mark));
  let kept = '';
  let used = 0;
  for (const char of text) {
    used += charWidth(char);
    if (used > room) break;
    kept += char;
  }
  return kept.trimEnd() + mark;
}

export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - width(text)));

/** `left … right`, the right part at the margin; where both do not fit, the right part stays whole. */
export function spread(left: string, right: string, columns: number): string {
  if (right === '') return left;
  return `${left}${' '.repeat(Math.max(1, columns - width(left) - width(right)))}${right}`;
}

/** Paragraph cut at blanks. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const MAX_CHANGES = 3;

/** The first changes of a step in one line. */
export function brief(changes: readonly { what: string }[]): string {
  const left = changes.length - MAX_CHANGES;
  const shown = changes.slice(0, MAX_CHANGES).map((change) => safe(change.what));
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join('; ');
}

/** `512 B`, `1.2 MB`: as disks are sold. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const at = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** at;
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`;
}
