// `--set key=value`: one value of a configuration from the command line, at a dotted path that the schema knows.

import { parse } from 'yaml';
import type * as z from 'zod';
import { ClincherError } from '../errors.js';
import { keysOf, schemaAt, unwrapped } from './keys.js';
import { isPlain, type Plain, setKey } from './merge.js';
import { nearest } from './nearest.js';
import { shownKey } from './problem.js';
import { fileSchema } from './schema.js';

/** Paths that begin with a key of the file are taken as they are; all others begin at the server. */
export function assign(values: Plain, server: string, assignment: string): void {
  const at = assignment.indexOf('=');
  if (at < 1) throw new ClincherError('USAGE', '--set takes key=value, such as --set address=203.0.113.7.');
  const path = fullPath(assignment.slice(0, at), server);
  const schema = knownSchema(path);
  put(values, path, (old) => read(schema, assignment.slice(at + 1), old, path));
}

function fullPath(key: string, server: string): string[] {
  const words = withoutDots(key.split('.'));
  const [first = ''] = words;
  return keysOf(fileSchema()).includes(first) ? words : ['servers', server, ...words];
}

/** Names of kernel settings have dots of their own. */
function withoutDots(words: string[]): string[] {
  const at = words.indexOf('sysctl');
  return at < 0 || at === words.length - 1
    ? words
    : [...words.slice(0, at + 1), words.slice(at + 1).join('.')];
}

function knownSchema(path: string[]): z.core.$ZodType {
  const known = path.findIndex((_, depth) => schemaAt(fileSchema(), path.slice(0, depth + 1)) === undefined);
  const schema = schemaAt(fileSchema(), path);
  if (schema !== undefined) return schema;
  const keys = keysOf(schemaAt(fileSchema(), path.slice(0, known)));
  const word = path[known] ?? '';
  const guess = nearest(word, keys);
  const right =
    guess === undefined
      ? `known here: ${keys.join(', ')}`
      : `did you mean \`${[...path.slice(0, known), guess].join('.')}\`?`;
  throw new ClincherError(
    'USAGE',
    `--set: there is no key \`${shownKey(path.join('.'))}\`; ${keys.length === 0 ? 'it ends before that' : right}`,
  );
}

function put(values: Plain, path: string[], change: (old: unknown) => unknown): void {
  const [key = '', ...rest] = path;
  const old = Object.hasOwn(values, key) ? values[key] : undefined;
  const inner = rest.length === 0 ? change(old) : isPlain(old) ? old : {};
  setKey(values, key, inner);
  if (rest.length > 0) put(inner as Plain, rest, change);
}

/** Text stays text, whatever YAML would make of it: a version 7.4 is no number. A list grows by each --set. */
function read(schema: z.core.$ZodType, text: string, old: unknown, path: string[]): unknown {
  const types = typesOf(schema);
  if (types.has('object') || types.has('record')) throw isMap(schema, path);
  // `web_sources` is a word or a list: what is no single word goes into the list.
  if (types.has('array') && !(types.has('enum') && /^[a-z]+$/.test(text)))
    return listed(types, text, old, path);
  if (types.has('boolean')) return text === 'true' ? true : text === 'false' ? false : text;
  return types.has('number') ? plainNumber(text) : text;
}

/** Where any key goes: one that is likely. */
const EXAMPLES: Record<string, string> = {
  sysctl: 'vm.swappiness',
  servers: 'prod.address',
  providers: 'openai.key',
  extra_env: 'BASE_RPC_URL',
};

function isMap(schema: z.core.$ZodType, path: string[]): ClincherError {
  const name = path.join('.');
  const example = keysOf(schema)[0] ?? EXAMPLES[path.at(-1) ?? ''] ?? 'NAME';
  return new ClincherError(
    'USAGE',
    `--set: \`${name}\` holds keys; set one of them, such as ${name}.${example}`,
  );
}

function listed(types: Set<string>, text: string, old: unknown, path: string[]): unknown {
  if (text.startsWith('[')) return parsed(text, path);
  return [...(Array.isArray(old) ? old : []), types.has('number-list') ? plainNumber(text) : text];
}

const plainNumber = (text: string): string | number => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text);

function parsed(text: string, path: string[]): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch {
    throw new ClincherError(
      'USAGE',
      `--set: the list of \`${path.join('.')}\` is not closed, or not valid; write it as [a, b].`,
    );
  }
}

function typesOf(schema: z.core.$ZodType): Set<string> {
  const inner = unwrapped(schema);
  const { def } = inner._zod as {
    def: { type: string; options?: z.core.$ZodType[]; element?: z.core.$ZodType };
  };
  if (def.options !== undefined) return new Set(def.options.flatMap((option) => [...typesOf(option)]));
  const isNumbers = def.element !== undefined && typesOf(def.element).has('number');
  return new Set([def.type, ...(isNumbers ? ['number-list'] : [])]);
}
