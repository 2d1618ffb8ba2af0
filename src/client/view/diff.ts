// A diff of two texts as `-` and `+` lines with a little context around them.
import { paint, type View } from './style.js';
import { cut, safeLines } from './text.js';

export interface DiffLine {
  sign: ' ' | '-' | '+';
  text: string;
}

/** Beyond this a table of all pairs costs too much: everything between the common ends is then replaced. */
const MAX_PAIRS = 250_000;

export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === '' ? [] : safeLines(before);
  const b = after === '' ? [] : safeLines(after);
  const head = common(a, b, (list, i) => list[i]);
  const restA = a.slice(head);
  const restB = b.slice(head);
  const tail = common(restA, restB, (list, i) => list[list.length - 1 - i]);
  const middle = between(restA.slice(0, restA.length - tail), restB.slice(0, restB.length - tail));
  const same = (texts: string[]): DiffLine[] => texts.map((text) => ({ sign: ' ', text }));
  return [...same(a.slice(0, head)), ...middle, ...same(restA.slice(restA.length - tail))];
}

function common(a: string[], b: string[], at: (list: string[], i: number) => string | undefined): number {
  const limit = Math.min(a.length, b.length);
  let n = 0;
  while (n < limit && at(a, n) === at(b, n)) n++;
  return n;
}

function between(a: string[], b: string[]): DiffLine[] {
  if (a.length * b.length > MAX_PAIRS) return [...lines('-', a), ...lines('+', b)];
  const lengths = subsequences(a, b);
  const result: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      result.push({ sign: ' ', text: a[i++]! });
      j++;
    } else if (i < a.length && (j >= b.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      result.push({ sign: '-', text: a[i++]! });
    } else result.push({ sign: '+', text: b[j++]! });
  }
  return result;
}

const lines = (sign: '-' | '+', texts: string[]): DiffLine[] => texts.map((text) => ({ sign, text }));

/** Length of the longest common subsequence of what follows each pair of places. */
function subsequences(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] =
        a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  return table;
}

/** Only what differs and `context` lines around it; a gap is one line `@@`. */
export function hunks(all: DiffLine[], context = 1): (DiffLine | 'gap')[] {
  const near = (i: number): boolean =>
    all.slice(Math.max(0, i - context), i + context + 1).some((line) => line.sign !== ' ');
  const result: (DiffLine | 'gap')[] = [];
  all.forEach((line, i) => {
    if (near(i)) result.push(line);
    else if (result.length > 0 && result.at(-1) !== 'gap') result.push('gap');
  });
  while (result.at(-1) === 'gap') result.pop();
  return result;
}

const SIGN_STYLE = { '-': 'red', '+': 'green', ' ': 'dim' } as const;

export function diffView(before: string, after: string, view: View, maxLines = 40): string[] {
  const shown = hunks(diffLines(before, after));
  const left = shown.length - maxLines;
  const drawn = shown.slice(0, maxLines).map((line) => {
    if (line === 'gap') return paint(view, 'dim', '@@');
    return paint(view, SIGN_STYLE[line.sign], cut(`${line.sign} ${line.text}`, view.columns, view));
  });
  return left > 0 ? [...drawn, paint(view, 'dim', `(${left} more lines; -v shows them)`)] : drawn;
}
