// Changes one value, a word or a list of them, in the text of clincher.yaml and leaves everything else in it as a person wrote it.
import { isScalar, isSeq, parse, stringify } from 'yaml';
import { alone, edited, habits, parsed } from './edited.js';
import { insert, removeKey } from './yaml-lines.js';

type Path = readonly string[];
/** A map is put back where it was taken out. */
export type Value = string | readonly string[] | Readonly<Record<string, unknown>>;

export const valueIn = (text: string, path: Path): unknown => parsed(text).getIn(path);

/** Undefined takes the key out again, with the maps that are empty then. */
export function withValue(text: string, path: Path, value: Value | undefined): string {
  const node = parsed(text).getIn(path, true);
  if (value === undefined) return without(text, [...path]);
  if (isSeq(node) && Array.isArray(value)) return withItems(text, path, value as readonly string[]);
  if (!isScalar(node) || !node.range || typeof value !== 'string') return added(text, path, value);
  const [start, end] = node.range;
  return text.slice(0, start) + quoted(value) + text.slice(end);
}

const without = (text: string, path: string[]): string =>
  edited(
    text,
    (document) => document.deleteIn(alone(document, path)),
    (lines) => removeKey(lines, parsed(lines), alone(parsed(lines), path)),
  );

/** Item by item, each in its place. */
const withItems = (text: string, path: Path, items: readonly string[]): string =>
  edited(
    text,
    (document) => document.setIn(path, items),
    (lines) => items.reduce((now, item, at) => withItem(now, [...path, String(at)], item), lines),
  );

const withItem = (text: string, path: Path, item: string): string =>
  valueIn(text, path) === item ? text : withValue(text, path, item);

const added = (text: string, path: Path, value: Value): string =>
  edited(
    text,
    (document) => document.setIn(path, value),
    (lines) => {
      const { step, list } = habits(lines);
      const entry = entryOf(path.at(-1)!, value, list);
      return insert(lines, parsed(lines), path.slice(0, -1), entry, { step, list: step });
    },
  );

function entryOf(key: string, value: Value, list: number): string {
  if (typeof value === 'string') return `${key}: ${quoted(value)}`;
  if (!Array.isArray(value)) return stringify({ [key]: value }, { lineWidth: 0 });
  return [`${key}:`, ...value.map((item: string) => `${' '.repeat(list)}- ${quoted(item)}`)].join('\n');
}

/** Such as 1.10, which would be read as a number. */
const quoted = (value: string): string => (parse(value) === value ? value : JSON.stringify(value));
