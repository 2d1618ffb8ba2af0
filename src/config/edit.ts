// Changes one value in the text of clincher.yaml and leaves everything else in it as a person wrote it.
import { isScalar, parse } from 'yaml';
import { alone, edited, habits, parsed } from './edited.js';
import { insert, removeKey } from './yaml-lines.js';

type Path = readonly string[];

export const valueIn = (text: string, path: Path): unknown => parsed(text).getIn(path);

/** Undefined takes the key out again, with the maps that are empty then. */
export function withValue(text: string, path: Path, value: string | undefined): string {
  const node = parsed(text).getIn(path, true);
  if (value === undefined) return without(text, [...path]);
  if (!isScalar(node) || !node.range) return added(text, path, value);
  const [start, end] = node.range;
  return text.slice(0, start) + quoted(value) + text.slice(end);
}

const without = (text: string, path: string[]): string =>
  edited(
    text,
    (document) => document.deleteIn(alone(document, path)),
    (lines) => removeKey(lines, parsed(lines), alone(parsed(lines), path)),
  );

const added = (text: string, path: Path, value: string): string =>
  edited(
    text,
    (document) => document.setIn(path, value),
    (lines) => {
      const { step } = habits(lines);
      const entry = `${path.at(-1)}: ${quoted(value)}`;
      return insert(lines, parsed(lines), path.slice(0, -1), entry, { step, list: step });
    },
  );

/** Such as 1.10, which would be read as a number. */
const quoted = (value: string): string => (parse(value) === value ? value : JSON.stringify(value));
