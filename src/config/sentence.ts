// Turns what zod found into sentences of ours: what stands there, what is wanted, and the nearest valid key.
import type * as z from 'zod';
import { SHARED, vaultReference } from '../secrets/reference.js';
import { defaultReference } from './default-secrets.js';
import type { Path } from './document.js';
import { LITERAL_SECRET } from './fields.js';
import { keysOf, pathsBelow, schemaAt, unwrapped } from './keys.js';
import { didYouMean, nearest } from './nearest.js';
import { shownKey } from './problem.js';

type Issue = z.core.$ZodIssue;

export interface Finding {
  path: Path;
  on: 'key' | 'value';
  sentence: string;
  /** Of a cross-check: the other values that it was judged by. Where one of them is wrong by itself, nothing is known. */
  from?: readonly Path[] | undefined;
}

/** Of a cross-check: about the value at a dotted path, or one with numbers of list items in it. */
export const finding = (path: string | Path, sentence: string, from: readonly string[] = []): Finding => ({
  path: typeof path === 'string' ? path.split('.') : path,
  on: 'value',
  sentence,
  from: from.map((other) => other.split('.')),
});

/** One issue may be several findings: zod puts all unknown keys of a map into one. */
export function findings(issue: Issue, schema: z.core.$ZodType): Finding[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, schema));
  if (issue.code === 'invalid_union') return inUnion(issue, schema);
  if (issue.code === 'invalid_key')
    return [{ path: issue.path, on: 'key', sentence: issue.issues[0]?.message ?? 'is not a valid key' }];
  return [{ path: issue.path, on: 'value', sentence: sentence(issue, schemaAt(schema, issue.path)) }];
}

function unknownKey(path: Path, key: string, schema: z.core.$ZodType): Finding {
  const here = schemaAt(schema, path);
  const known = keysOf(here);
  const elsewhere = here === undefined ? undefined : pathsBelow(here).find((inner) => inner.at(-1) === key);
  const hint =
    elsewhere === undefined
      ? didYouMean(key, known) || `; known here: ${known.join(', ')}`
      : `; did you mean \`${elsewhere.join('.')}\`?`;
  return { path: [...path, key], on: 'key', sentence: `unknown key${hint}` };
}

/** The alternative that got furthest is the one that was meant. */
function inUnion(issue: Extract<Issue, { code: 'invalid_union' }>, schema: z.core.$ZodType): Finding[] {
  const deepest = issue.errors.find((errors) =>
    errors.some((error) => error.path.length > 0 || error.code === 'too_small'),
  );
  if (deepest !== undefined)
    return deepest.flatMap((inner) => findings({ ...inner, path: [...issue.path, ...inner.path] }, schema));
  const words = issue.errors
    .flat()
    .flatMap((error) => (error.code === 'invalid_value' ? error.values.map(String) : []));
  const sentence = words.length === 0 ? issue.message : oneOf([...words, 'a list'], issue.input);
  return [{ path: issue.path, on: 'value', sentence }];
}

function sentence(issue: Issue, schema: z.core.$ZodType | undefined): string {
  if (isMissing(issue)) return `is missing: ${description(schema)}`;
  if (issue.code === 'invalid_type') return wrongType(issue.expected, issue.input, isFraction(schema));
  if (issue.code === 'invalid_value') return oneOf(issue.values.map(String), issue.input);
  if (issue.code === 'too_small')
    return issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  return issue.message === LITERAL_SECRET ? literalSecret(issue.path) : issue.message;
}

const isMissing = (issue: Issue): boolean =>
  (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined;

const description = (schema: z.core.$ZodType | undefined): string =>
  (schema as z.ZodType | undefined)?.description?.replace(/\.$/, '') ?? 'a value is wanted';

const WANTED: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

/** Of zod's numbers, only those without a format of their own take fractions. */
const isFraction = (schema: z.core.$ZodType | undefined): boolean => {
  const def = schema && (unwrapped(schema)._zod.def as { type: string; format?: string });
  return def?.type === 'number' && def.format === undefined;
};

function wrongType(expected: string, input: unknown, takesFractions: boolean): string {
  const wanted = takesFractions ? 'a number' : (WANTED[expected] ?? expected);
  if (input === null) return `has no value; ${wanted} is wanted`;
  const hint =
    expected === 'string' && typeof input !== 'object'
      ? ': put quotes around it'
      : numberHint(expected, input);
  return `is ${found(input)}; ${wanted} is wanted${hint}`;
}

const numberHint = (expected: string, input: unknown): string =>
  WANTED[expected] === WANTED['int'] && typeof input === 'string' && /^\d+(?:\.\d+)?$/.test(input)
    ? ': take the quotes away'
    : '';

function found(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map of keys';
  if (typeof input === 'number') return 'a number';
  return typeof input === 'boolean' ? `${input}` : 'text';
}

function oneOf(words: readonly string[], input: unknown): string {
  if (input === null) return `has no value; ${orList(words)} is wanted`;
  const guess = typeof input === 'string' ? nearest(input, words) : undefined;
  return `is not ${orList(words)}${guess === undefined ? '' : `; did you mean \`${guess}\`?`}`;
}

const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** The name that is looked for by default says what it is: `discord_bot_token`, not `token`. */
function literalSecret(path: Path): string {
  const isShared = path[0] !== 'servers';
  const owner = isShared ? SHARED : shownKey(String(path[1]));
  const below = path.slice(isShared ? 1 : 2).map(String);
  const usual = defaultReference(owner, below);
  const reference = usual ?? vaultReference(owner, shownKey(String(path.at(-1))));
  return `${LITERAL_SECRET}; type \`clincher secrets set ${reference}\` and write ${reference} here`;
}
