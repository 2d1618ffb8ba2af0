// Lines into and out of a YAML text, at a node's place: what stands around them is not touched, not even its blanks.
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length - 1;
const indentOf = (line: string): number => /^ */.exec(line)![0].length;

/** The last line of what a node says, without the blanks and remarks that follow it. */
function lastLine(text: string, node: unknown): number {
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0)
    return lastLine(text, node.items.at(-1));
  const pair = node as Pair;
  if (isScalar(pair.key)) return lastLine(text, hasText(pair.value) ? pair.value : pair.key);
  const end = (node as Node).range![1];
  return lineOf(text, text[end - 1] === '\n' ? end - 1 : end);
}

const hasText = (node: unknown): boolean => {
  const range = (node as Node | null)?.range;
  return range !== undefined && range !== null && range[1] > range[0];
};

const firstLine = (text: string, node: Node): number => lineOf(text, node.range![0]);

const pairAt = (map: unknown, key: string): Pair | undefined =>
  isMap(map)
    ? (map as YAMLMap).items.find((pair) => isScalar(pair.key) && pair.key.value === key)
    : undefined;

function spliced(text: string, at: number, count: number, lines: readonly string[]): string {
  const all = text.split('\n');
  all.splice(at, count, ...lines);
  return all.join('\n');
}

/** By how much a level stands in, and a list below its key. */
export interface Habits {
  step: number;
  list: number;
}

/** At the end of the list that the path leads to; keys of it that are not there are made. */
export function insert(
  text: string,
  { contents }: Document,
  path: readonly string[],
  items: string,
  { step, list }: Habits,
): string {
  let holder: unknown = contents;
  let node: unknown = contents;
  let indent = 0;
  for (const [depth, key] of path.entries()) {
    const pair = pairAt(node, key);
    if (pair === undefined) {
      const missing = path.slice(depth);
      const at = indent + (missing.length - 1) * step + list;
      const keys = missing.map((each, i) => `${' '.repeat(indent + i * step)}${each}:`);
      return spliced(text, lastLine(text, holder) + 1, 0, [...keys, ...indented(items, at)]);
    }
    holder = pair;
    node = pair.value;
    indent = innerIndent(text, pair, depth === path.length - 1 ? list : step);
  }
  return spliced(text, lastLine(text, holder) + 1, 0, indented(items, indent));
}

/** Where what is below a key stands, or would. */
function innerIndent(text: string, { key, value }: Pair, step: number): number {
  const inner = isMap(value) ? value.items[0]?.key : isSeq(value) ? value.items[0] : undefined;
  const at = (node: unknown): number => indentOf(text.split('\n')[firstLine(text, node as Node)]!);
  return inner === undefined ? at(key) + step : at(inner);
}

const indented = (items: string, by: number): string[] =>
  items
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(by) + line);

/** One item of a list, with the remarks above it; those above the first may be about the whole list. */
export function removeItem(text: string, list: { items: unknown[] }, at: number): string {
  const item = list.items[at] as Node;
  const from = at === 0 ? firstLine(text, item) : lastLine(text, list.items[at - 1]) + 1;
  return spliced(text, from, lastLine(text, item) - from + 1, []);
}

/** A key with all that is below it. */
export function removeKey(text: string, { contents }: Document, path: readonly string[]): string {
  let node: unknown = contents;
  for (const key of path.slice(0, -1)) node = pairAt(node, key)?.value;
  const pair = pairAt(node, path.at(-1)!)!;
  const from = firstLine(text, pair.key as Node);
  return spliced(text, from, lastLine(text, pair) - from + 1, []);
}
