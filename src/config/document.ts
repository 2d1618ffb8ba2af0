// The YAML text of a configuration: parsed once, with the place of every key and value.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { ConfigError, codeFrame, formatPath, type Problem } from './problem.js';

export interface Source {
  /** As it is named in problems. */
  file: string;
  lines: string[];
  text: string;
  document: Document;
}

type Range = readonly [start: number, end: number];
export type Path = readonly PropertyKey[];

export function parseSource(file: string, content: string): Source {
  const text = content.replace(/^\ufeff/, '');
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  return { file, text, lines: text.split(/\r?\n/), document };
}

/** Places are exact: the key for what is wrong with a key, else the value, else the nearest thing around it. */
export function problemAt(source: Source, path: Path, on: 'key' | 'value', sentence: string): Problem {
  return problem(source, rangeOf(source.document, path, on), path, sentence);
}

export function syntaxProblems(source: Source): Problem[] {
  const found: YAMLError[] = [...source.document.errors, ...source.document.warnings];
  return found.map((error) => problem(source, error.pos, [], syntaxSentence(error, source)));
}

/** Aliases are followed only now, so only now it shows that one refers to nothing, or all of them to too much. */
export function plainValue(source: Source): unknown {
  try {
    return source.document.toJS({ maxAliasCount: 100 });
  } catch {
    const range = danglingAlias(source.document);
    const sentence = range === undefined ? 'aliases refer to each other without end, or too often' : DANGLING;
    throw new ConfigError(source.file, [problem(source, range ?? [0, 1], [], sentence)]);
  }
}

function danglingAlias(document: Document): Range | undefined {
  let range: Range | undefined;
  visit(document, {
    Alias: (_, alias) => {
      range = alias.resolve(document) === undefined ? extent(alias) : undefined;
      return range && visit.BREAK;
    },
  });
  return range;
}

function problem(source: Source, [start, end]: Range, path: Path, sentence: string): Problem {
  const place = placeOf(source.text, start);
  const blanks = /^ */.exec((source.lines[place.line - 1] ?? '').slice(place.column - 1))?.[0].length ?? 0;
  const column = place.column + blanks;
  const frame = codeFrame(source.lines, place.line, column, end - start - blanks);
  return { file: source.file, line: place.line, column, path: formatPath(path), sentence, frame };
}

/** Counted here: the library's LineCounter misses lines behind some mistakes. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

function rangeOf(document: Document, path: Path, on: 'key' | 'value'): Range {
  let node = document.contents as Node | null;
  let best: Range = [0, 1];
  for (const [index, part] of path.entries()) {
    const found = child(resolved(node, document), part);
    if (found === undefined) return best;
    const value = extent(found.value);
    const last = index === path.length - 1;
    best = (last && on === 'value' ? value : undefined) ?? extent(found.key) ?? value ?? best;
    node = found.value;
  }
  return best;
}

function child(node: Node | null, part: PropertyKey): { key: Node | null; value: Node | null } | undefined {
  if (isSeq(node) && typeof part === 'number')
    return { key: null, value: (node.items[part] ?? null) as Node | null };
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value ?? '') === String(part));
  return pair === undefined ? undefined : { key: pair.key as Node, value: pair.value as Node | null };
}

const resolved = (node: Node | null, document: Document): Node | null =>
  isAlias(node) ? ((node.resolve(document) as Node | undefined) ?? null) : node;

function extent(node: Node | null): Range | undefined {
  const range = node?.range;
  return range && range[1] > range[0] ? [range[0], range[1]] : undefined;
}

const DANGLING = 'this alias (`*…`) refers to nothing above it; put quotes around a text that begins with *';

/** In our words: the library's own sentences may repeat a piece of the text, which may be a secret. */
const SYNTAX: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'the indentation does not fit the lines above it',
  TAB_AS_INDENT: 'a tab stands where blanks are wanted; YAML is indented with blanks',
  MISSING_CHAR:
    'a character is missing: a closing quote or bracket, or the blank or comma between two things',
  UNEXPECTED_TOKEN: 'this does not belong here; is a quote, a bracket or a colon missing before it?',
  BLOCK_AS_IMPLICIT_KEY: 'a second `: ` stands on this line; put quotes around the value',
  MULTILINE_IMPLICIT_KEY: 'this key goes over several lines; is a colon missing after it?',
  BAD_SCALAR_START: 'a value cannot begin with this character; put quotes around it',
  BAD_DQ_ESCAPE: 'this backslash means nothing inside double quotes; use single quotes, or write it twice',
  BAD_ALIAS: DANGLING,
  MULTIPLE_DOCS: 'a second document begins here; one file is one configuration',
  TAG_RESOLVE_FAILED: 'this tag (`!…`) means nothing here; put quotes around a text that begins with !',
  BLOCK_IN_FLOW: 'inside { } and [ ] everything stands in brackets and commas',
};

function syntaxSentence(error: YAMLError, source: Source): string {
  if (error.code !== 'DUPLICATE_KEY') return SYNTAX[error.code] ?? 'this is not valid YAML';
  return `this key stands here a second time, only one can hold${firstPlace(error, source)}`;
}

function firstPlace(error: YAMLError, source: Source): string {
  const { line } = placeOf(source.text, error.pos[0]);
  const indent = /^\s*/.exec(source.lines[line - 1] ?? '')?.[0] ?? '';
  const key = /^\s*([^:]+):/.exec(source.lines[line - 1] ?? '')?.[1];
  if (key === undefined) return '';
  const first = source.lines.findLastIndex(
    (text, at) => at < line - 1 && text.startsWith(`${indent}${key}:`),
  );
  return first < 0 ? '' : `; the other is in line ${first + 1}`;
}
