// Between references and values, at the last moment: into files on their way to a host, and back from the hashes it prints.
import { createHash } from 'node:crypto';
import { ClincherError } from '../errors.js';
import type { Action, AnyStep, Change, Reading, SecretFormat, SecretRef, Server } from '../model.js';
import type { Secrets } from './deps.js';
import { isWanted } from './evaluate.js';

/** Reference by the SHA-256 of its value. */
export type KnownSecrets = ReadonlyMap<string, SecretRef>;

const TOKEN = /«((?:secret:\/\/|env:|file:|exec:)[^«»]*)»/g;
const HASH = /«sha256:([0-9a-f]{64})»/g;

/** Hashes of the secrets that these steps place. One that has no value yet is known by nothing: its file differs. */
export async function knownSecrets(
  secrets: Secrets,
  server: Server,
  steps: readonly AnyStep[],
): Promise<KnownSecrets> {
  const refs = steps.flatMap((step) => (isWanted(step, server) ? (step.secrets?.(server) ?? []) : []));
  const missing = new Set(await secrets.missing([...new Set(refs)], server));
  const known = new Map<string, SecretRef>();
  for (const ref of new Set(refs)) {
    if (missing.has(ref)) continue;
    known.set(sha256(await secrets.reveal(ref, server)), ref);
  }
  return known;
}

const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** Hashes that we know become tokens again; others stay, as what somebody else put there. */
export const recognised = (reading: Reading, known: KnownSecrets): Reading => ({
  ...reading,
  stdout: reading.stdout.replace(HASH, (whole, hash: string) => {
    const ref = known.get(hash);
    return ref === undefined ? whole : `«${ref}»`;
  }),
});

/** The same actions with values in place of tokens; throws SECRET_MISSING. Must not leave the activity. */
export async function filled(secrets: Secrets, server: Server, change: Change): Promise<Action[]> {
  return Promise.all(change.run.map((action) => fill(secrets, server, action)));
}

async function fill(secrets: Secrets, server: Server, action: Action): Promise<Action> {
  const { stdin, fill: format } = action;
  if (stdin === undefined || format === undefined) return action;
  const refs = new Set([...stdin.matchAll(TOKEN)].map(([, ref]) => ref ?? ''));
  const values = new Map<string, string>();
  for (const ref of refs) values.set(ref, await secrets.reveal(ref, server));
  return { ...action, stdin: placed(stdin, format, (ref) => values.get(ref) ?? '') };
}

/** The text of a file with a value in place of each token, written as the file's format wants. Pure. */
export const placed = (text: string, format: SecretFormat, fillIn: (ref: SecretRef) => string): string =>
  text.replace(TOKEN, (_, ref: string) => WRITTEN[format](fillIn(ref)));

const WRITTEN: Record<SecretFormat, (value: string) => string> = {
  env: envValue,
  ini: iniValue,
  raw: (value) => value,
  json: (value) => JSON.stringify(value).slice(1, -1),
};

/** As compose reads it: plain where nothing is special, else in single quotes, which let everything but themselves stand. */
function envValue(value: string): string {
  if (/[\r\n\0]/.test(value))
    throw new ClincherError(
      'SECRET_SOURCE_FAILED',
      'A secret of several lines cannot stand in an environment file.',
    );
  if (/^[A-Za-z0-9_@%+=:,./-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value.replace(/["\\$]/g, '\\$&')}"` : `'${value}'`;
}

/** As rclone reads it: lines of a private key become one, and what its reader gives a meaning to is refused. */
function iniValue(value: string): string {
  if (/[\0-\x09\x0b\x0c\x0e-\x1f\x7f"\\`]|%\(|^\s| $/.test(value))
    throw new ClincherError(
      'SECRET_SOURCE_FAILED',
      'A secret has characters that rclone’s file cannot hold.',
    );
  return value.replace(/\r?\n/g, '\\n');
}
