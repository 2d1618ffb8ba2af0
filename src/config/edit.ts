// Changes one value in the text of clincher.yaml and leaves every other byte of it alone, comments and order included.
import { type Document, isMap, isScalar, parse, parseDocument } from 'yaml';

type Path = readonly string[];

export const valueIn = (text: string, path: Path): unknown => parseDocument(text).getIn(path);

/** Undefined takes the key out again, with the maps that are empty then. Where there was none, the rest is written anew too. */
export function withValue(text: string, path: Path, value: string | undefined): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  if (value !== undefined && isScalar(node) && node.range) {
    const [start, end] = node.range;
    return text.slice(0, start) + quoted(value) + text.slice(end);
  }
  if (value === undefined) removeIn(document, path);
  else document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

function removeIn(document: Document, path: Path): void {
  document.deleteIn(path);
  const above = path.slice(0, -1);
  const left = document.getIn(above);
  if (above.length > 0 && isMap(left) && left.items.length === 0) removeIn(document, above);
}

/** Such as 1.10, which would be read as a number. */
const quoted = (value: string): string => (parse(value) === value ? value : JSON.stringify(value));
