// A change of clincher.yaml made line by line, and held against what the document itself makes of it.
import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, parseDocument } from 'yaml';

export const parsed = (text: string): Document => parseDocument(text, { logLevel: 'error' });

/**
 * Line by line, so that a diff shows the entry and nothing else; where that comes to mean anything but what the document
 * itself makes of the change (a list in one line, say), the document writes the file.
 */
export function edited(
  text: string,
  change: (document: Document) => void,
  byLine: (lines: string) => string,
): string {
  const document = parsed(text);
  change(document);
  const isCrlf = text.includes('\r\n');
  const lines = inLines(text.replaceAll('\r\n', '\n'), byLine);
  const written =
    lines !== undefined && isDeepStrictEqual(parsed(lines).toJS(), document.toJS())
      ? lines
      : document.toString({ lineWidth: 0, indent: habits(text).step });
  return isCrlf ? written.replace(/\r?\n/g, '\r\n') : written;
}

function inLines(text: string, byLine: (lines: string) => string): string | undefined {
  try {
    return byLine(text);
  } catch {
    return undefined;
  }
}

/** The path, or as much of it as is there for nothing else. */
export function alone(document: Document, path: string[]): string[] {
  const above = path.slice(0, -1);
  const node = document.getIn(above, true);
  return above.length > 2 && isMap(node) && node.items.length === 1 ? alone(document, above) : path;
}

/** How the file is indented already. */
export function habits(text: string): { step: number; list: number } {
  const step = /^( +)[^ #-]/m.exec(text)?.[1]?.length ?? 2;
  const [, key, item] = /^( *)[\w-]+:[ \t]*(?:#.*)?\r?\n(?: *#.*\r?\n)*( *)- /m.exec(text) ?? [];
  return { step, list: key === undefined ? step : (item ?? '').length - key.length };
}
