// What is wrong in a configuration file, where, and how it is shown: `file:line:col path: sentence` and a code frame.
import { ClincherError } from '../errors.js';
import { isSecretName, looksSecret, maskSecrets } from '../secrets/looks.js';
import { looksLikeReference } from '../secrets/reference.js';

export interface Problem {
  file: string;
  line: number;
  column: number;
  /** Dotted, as `servers.prod.ssh.port`; empty for the file as a whole. */
  path: string;
  sentence: string;
  /** The line with a caret under the place, two lines; empty where there is nothing to show. */
  frame: string[];
}

/** All that is wrong with one file, in the order of the file. */
export class ConfigError extends ClincherError {
  constructor(
    file: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    super('CONFIG_INVALID', [`${file} has ${count}:`, ...problems.map(formatProblem)].join('\n'));
  }
}

export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const what = problem.path === '' ? problem.sentence : `${problem.path}: ${problem.sentence}`;
  return [`${place} ${what}`, ...problem.frame].join('\n');
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.map(formatPart).join('').replace(/^\./, '');
}

/** Names of kernel settings have dots in them. */
function formatPart(part: PropertyKey): string {
  if (typeof part === 'number') return `[${part}]`;
  const key = shownKey(String(part));
  return key.includes('.') ? `["${key}"]` : `.${key}`;
}

/** A key as it may be repeated: somebody may have pasted a secret where a key belongs. */
export function shownKey(key: string): string {
  const plain = printable(key).slice(0, 60);
  return looksSecret(key) ? '***' : plain;
}

const printable = (text: string): string =>
  text.replace(/\t/g, ' ').replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?');

const WIDTH = 96;

/** `lines` are the file's; the caret marks `length` characters from `column` on. */
export function codeFrame(lines: readonly string[], line: number, column: number, length: number): string[] {
  const source = lines[line - 1];
  if (source === undefined || source.trim() === '') return [];
  const shown = printable(maskLine(source, keyAbove(lines, line)));
  const from = column > WIDTH - 16 ? column - 17 : 0;
  const gutter = String(line).padStart(5);
  const caret = '^'.repeat(Math.max(1, Math.min(length, shown.length - column + 1)));
  return [
    `${gutter} | ${shown.slice(from, from + WIDTH)}`,
    `      | ${' '.repeat(column - 1 - from)}${caret.slice(0, WIDTH)}`,
  ];
}

const indentOf = (line: string): number => line.search(/\S|$/);

/** The line that this one hangs on: the last one above it that is indented less. */
function keyAbove(lines: readonly string[], line: number): string {
  const indent = indentOf(lines[line - 1] ?? '');
  return lines.slice(0, line - 1).findLast((text) => text.trim() !== '' && indentOf(text) < indent) ?? '';
}

const PAIR = /([A-Za-z][\w-]*)(["']?\s*:\s+)("[^"]*"?|'[^']*'?|[^,{}\s][^,}]*)/g;
const OPENS_SECRET = /^\s*(?:- )?["']?([\w-]+)["']?\s*:\s*(?:[|>][-+\d]*)?\s*$/;

/** The same number of characters, so that the caret stays under its place. */
function maskLine(line: string, above: string): string {
  const opened = OPENS_SECRET.exec(above)?.[1];
  if (opened !== undefined && isSecretName(opened) && !looksLikeReference(line.trim()))
    return line.replace(/\S/g, '*');
  return maskSecrets(line.replace(PAIR, maskPair));
}

function maskPair(pair: string, key: string, colon: string, value: string): string {
  const isHarmless = !isSecretName(key) || looksLikeReference(value.replace(/^["']/, ''));
  return isHarmless ? pair : key + colon + '*'.repeat(value.length);
}
