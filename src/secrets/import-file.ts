// Reads secrets that people bring along: a dotenv file, or a flat YAML or JSON map. Errors name keys, never values.
import { LineCounter, parseDocument } from 'yaml';
import { ClincherError } from '../errors.js';
import { checkShape, commonMistake, shapeOf } from './shapes.js';

export interface ImportedSecret {
  name: string;
  value: string;
}

export interface ImportReading {
  secrets: ImportedSecret[];
  /** `anthropic_api_key: …`, fit to print. */
  mistakes: string[];
}

const DOTENV = /^(?:\s*(?:#.*)?|\s*(?:export\s+)?[A-Za-z_]\w*\s*=.*)$/;

export function readImport(text: string): ImportReading {
  if (text.startsWith('$ANSIBLE_VAULT'))
    throw new ClincherError('USAGE', 'This file is encrypted by ansible-vault.', {
      remedy: ['ansible-vault view vault.yml | clincher secrets import -s <server>'],
    });
  const lines = text.split(/\r?\n/);
  const isDotenv = lines.every((line) => DOTENV.test(line)) && /=/.test(text);
  return readPairs(isDotenv ? lines.flatMap(dotenvPair) : Object.entries(yamlMap(text)));
}

/** Sorted into what is taken and what is no secret. */
export function readPairs(pairs: [string, unknown][]): ImportReading {
  const reading: ImportReading = { secrets: [], mistakes: [] };
  for (const [key, value] of pairs) {
    const name = nameOf(key);
    const mistake = mistakeIn(name, value);
    if (mistake === undefined) reading.secrets.push({ name, value: String(value) });
    else reading.mistakes.push(`${shownName(key)}: ${mistake}`);
  }
  return reading;
}

/** The guide's key opens the guide's archives alone: ours is of another kind. */
const ALIASES: Readonly<Record<string, string>> = { backup_encryption_key: 'guide_backup_key' };

function nameOf(key: string): string {
  const name = key.trim().toLowerCase().replaceAll('-', '_').replaceAll('.', '_');
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

const shownName = (key: string): string => (/^[\w.-]{1,60}$/.test(key) ? key : 'a key that is no name');

function mistakeIn(name: string, value: unknown): string | undefined {
  if (!/^[a-z][a-z0-9_]{0,59}$/.test(name))
    return 'a secret name is letters, digits and _, and begins with a letter';
  if (typeof value !== 'string' && typeof value !== 'number')
    return 'only texts are taken, no lists, maps or empty values';
  const text = String(value);
  if (isPlaceholder(text)) return 'this is still the placeholder of an example';
  const shape = shapeOf(name);
  const mistake =
    shape === undefined ? commonMistake(text.replaceAll('\n', ' ').trim()) : checkShape(shape, text);
  return mistake ?? undefined;
}

const isPlaceholder = (text: string): boolean =>
  /\.\.\.|^<.*>$|^\$\{.*\}$|^(?:your|change|replace|example|todo|xxx)/i.test(text) && text.length < 60;

function dotenvPair(line: string): [string, string][] {
  const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
  return match === null ? [] : [[match[1] ?? '', unquoted(match[2] ?? '')]];
}

/** As dotenv and shells read it: quotes go, and so does a comment behind a value without quotes. */
function unquoted(text: string): string {
  const quoted = /^(["'`])(.*)\1(?:\s+#.*)?$/.exec(text);
  if (quoted === null) return text.replace(/\s+#.*$/, '');
  const inner = quoted[2] ?? '';
  return quoted[1] === '"' ? inner.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') : inner;
}

function yamlMap(text: string): Record<string, unknown> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined)
    throw new ClincherError(
      'USAGE',
      `This is neither dotenv nor YAML nor JSON: line ${counter.linePos(error.pos[0]).line} is not valid.`,
    );
  const value = toPlain(document);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ClincherError(
    'USAGE',
    'This holds no names with values: dotenv (NAME=value), or a map in YAML or JSON, is wanted.',
  );
}

function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new ClincherError('USAGE', 'Aliases (`*…`) are not taken here.');
  }
}
