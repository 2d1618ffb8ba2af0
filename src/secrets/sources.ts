// From a reference to its value: the vault, the environment, a file, or a password manager's command.
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ClincherError } from '../errors.js';
import { maskSecrets } from './looks.js';
import { Redactor } from './redact.js';
import { parseReference, type Reference, vaultReference } from './reference.js';
import { runSource } from './run-source.js';
import { Secret } from './secret.js';
import { entryOf, readVault, type VaultLocation } from './vault.js';

export interface SourceContext {
  location: VaultLocation;
  env: NodeJS.ProcessEnv;
  /** Where relative paths of `file:` begin, and where `exec:` runs. */
  cwd: string;
  /** For `exec:`; a person may have to touch a sensor. */
  timeoutMs?: number | undefined;
  /** Told of what is not an error, such as a file that others may read. */
  warn?: ((text: string) => void) | undefined;
}

const MAX_BYTES = 64 * 1024;

/** SECRET_MISSING: there is no value. SECRET_SOURCE_FAILED: it cannot be said whether there is one. */
export async function resolveSecret(ref: string, context: SourceContext): Promise<Secret> {
  const reference = parseReference(ref);
  if ('problem' in reference)
    throw new ClincherError('CONFIG_INVALID', `A secret reference is not valid: ${reference.problem}.`);
  const value = await read(reference, context);
  if (value === '') throw failed(reference, 'gave an empty value');
  if (value.includes('\0')) throw failed(reference, 'gave a value with a NUL character in it');
  return new Secret(value);
}

function read(reference: Reference, context: SourceContext): Promise<string> {
  switch (reference.kind) {
    case 'vault':
      return fromVault(reference, context);
    case 'env':
      return fromEnv(reference, context);
    case 'file':
      return fromFile(reference, context);
    case 'exec':
      return fromExec(reference, context);
  }
}

async function fromVault(
  reference: Extract<Reference, { kind: 'vault' }>,
  { location }: SourceContext,
): Promise<string> {
  const key = `${reference.server}/${reference.name}`;
  const entry = entryOf(await readVault(location), key);
  if (entry !== undefined) return entry.value;
  throw missing(`The vault has no secret ${key}.`, `clincher secrets set ${shownReference(reference)}`);
}

async function fromEnv(
  reference: Extract<Reference, { kind: 'env' }>,
  { env }: SourceContext,
): Promise<string> {
  const value = env[reference.variable];
  if (value !== undefined && value !== '') return value;
  throw missing(
    `The environment variable ${reference.variable} is not set where the value is needed.`,
    `set ${reference.variable} where the worker is started`,
  );
}

async function fromFile(
  reference: Extract<Reference, { kind: 'file' }>,
  context: SourceContext,
): Promise<string> {
  const path = absolute(reference.path, context);
  try {
    const info = await stat(path);
    if (info.size > MAX_BYTES) throw failed(reference, 'is larger than 64 KiB');
    if ((info.mode & 0o077) !== 0)
      context.warn?.(`${path} holds a secret and others may read it; chmod 600 ${path}`);
    return withoutLastNewline(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof ClincherError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw missing(`There is no file ${path}.`, `write the value to ${path}`);
    throw failed(reference, `cannot be read (${code})`);
  }
}

async function fromExec(
  reference: Extract<Reference, { kind: 'exec' }>,
  context: SourceContext,
): Promise<string> {
  const { env, cwd, timeoutMs = 30_000 } = context;
  const result = await runSource(reference.words, env, cwd, timeoutMs);
  if (result.failure === undefined) return withoutLastNewline(result.stdout);
  throw failed(reference, result.failure, saidBy(result.stderr, result.stdout));
}

/** What the command complained of, without the value that it may have printed at the same time. */
function saidBy(stderr: string, stdout: string): string[] {
  const redactor = new Redactor();
  redactor.add(stdout.trim());
  const clean = maskSecrets(redactor.redact(stripVTControlCharacters(stderr)));
  const lines = clean.split(/\r?\n/).map((line) => line.replace(/[\0-\x1f\x7f]/g, '').trimEnd());
  return lines
    .filter((line) => line !== '')
    .slice(-4)
    .map((line) => line.slice(0, 200));
}

/** As it may be printed: of a command only its first word, the rest may hold something private. */
export function shownReference(reference: Reference): string {
  switch (reference.kind) {
    case 'vault':
      return vaultReference(reference.server, reference.name);
    case 'env':
      return `env:${reference.variable}`;
    case 'file':
      return `file:${reference.path}`;
    case 'exec':
      return `exec:${reference.words[0]}${reference.words.length > 1 ? ' …' : ''}`;
  }
}

function missing(message: string, remedy: string): ClincherError {
  return new ClincherError('SECRET_MISSING', message, { remedy: [remedy] });
}

function failed(reference: Reference, what: string, evidence: string[] = []): ClincherError {
  return new ClincherError(
    'SECRET_SOURCE_FAILED',
    `The secret source ${shownReference(reference)} ${what}.`,
    {
      evidence,
      remedy: ['clincher secrets ls'],
    },
  );
}

const withoutLastNewline = (text: string): string => text.replace(/\r?\n$/, '');

function absolute(path: string, { env, cwd }: SourceContext): string {
  return path.startsWith('~/') ? join(env['HOME'] || homedir(), path.slice(2)) : resolve(cwd, path);
}
