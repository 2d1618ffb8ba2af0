// Variables of Ansible's YAML files: each with the place where it stands, the comments beside it, and whether it was encrypted.
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { ClincherError } from '../errors.js';
import { CannotOpen, isVaulted } from './vault.js';

export interface Variable {
  name: string;
  value: unknown;
  /** `group_vars/all/vars.yml:12`; of what is in an encrypted file, the line of its clear text. */
  place: string;
  /** It, or the file that it is in, was encrypted. */
  isSealed: boolean;
  /** What a person wrote above and behind it. */
  comments: readonly string[];
}

export interface AnsibleFile {
  /** As it is named in places. */
  name: string;
  text: string;
}

/** Opens what ansible-vault encrypted. */
export type Open = (text: string) => string;

/** A text that Ansible takes as it is, braces and all (`!unsafe`). */
export class Literal {
  constructor(readonly text: string) {}
}

export const needsPassword = ({ text }: AnsibleFile): boolean =>
  isVaulted(text) || /!vault(?:-encrypted)?\s+[|>'"$]/.test(text);

export interface Parsed {
  document: Document;
  /** Its variables, wherever a map of them stands in it. */
  variablesOf(map: unknown): Variable[];
}

/** Ansible reads YAML 1.1, in which `yes` and `on` are true. */
export function parseFile(file: AnsibleFile, open: Open): Parsed {
  const isSealed = isVaulted(file.text);
  const text = isSealed ? opened(file.name, file.text, open) : file.text;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const [error] = document.errors;
  if (error) throw notYaml(`${file.name}:${lineOf(error.pos[0])}`);
  const reader: Reader = { file: file.name, isSealed, open, lineOf };
  return { document, variablesOf: (map) => (isMap(map) ? entries(map, document, reader) : []) };
}

interface Reader {
  file: string;
  isSealed: boolean;
  open: Open;
  lineOf(offset: number): number;
}

function entries(map: YAMLMap, document: Document, reader: Reader): Variable[] {
  return map.items.flatMap((pair, at) => {
    const key = pair.key;
    if (!isScalar(key)) return [];
    const place = `${reader.file}:${reader.lineOf(key.range?.[0] ?? 0)}`;
    const above = at === 0 ? (map.commentBefore ?? document.commentBefore) : key.commentBefore;
    const sealed = { any: reader.isSealed };
    const value = plainOf(pair.value as Node | null, document, (text) => {
      sealed.any = true;
      return opened(place, text, reader.open);
    });
    return [{ name: String(key.value), value, place, isSealed: sealed.any, comments: comments(above, pair) }];
  });
}

function plainOf(node: Node | null, document: Document, open: Open): unknown {
  if (isMap(node))
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(key), plainOf(value as Node | null, document, open)]),
    );
  if (isSeq(node)) return node.items.map((item) => plainOf(item as Node | null, document, open));
  if (!isScalar(node)) return node === null ? null : node.toJS(document);
  if (node.tag?.startsWith('!vault')) return open(String(node.value)).replace(/\n$/, '');
  return node.tag === '!unsafe' ? new Literal(String(node.value)) : node.value;
}

/** The block right above: what a blank line is behind belongs to something else. Lines that only draw head a section of that file. */
function comments(above: string | null | undefined, { value }: Pair): string[] {
  const behind = isScalar(value) ? value.comment : undefined;
  const block = (above ?? '').split(/\n\s*\n/).at(-1);
  return [block, behind]
    .flatMap((text) => (text ?? '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/[─═=#*-]{3,}/.test(line));
}

function opened(place: string, text: string, open: Open): string {
  try {
    return open(text);
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    throw new ClincherError('USAGE', `${place} ${error.message}; nothing was written.`, {
      remedy: ['the same again, with the password that `ansible-vault view` takes for it'],
    });
  }
}

const notYaml = (place: string): ClincherError =>
  new ClincherError('USAGE', `${place} is not valid YAML; nothing was written.`, {
    remedy: ['ansible-inventory --list > /dev/null   (says what is wrong with it)'],
  });
