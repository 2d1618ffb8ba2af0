// Which secrets there are, where they are used, and whether they have a value. Never a value.
import { dirname } from 'node:path';
import type { Config } from '../config/load.js';
import { connectionSecrets, secretUses } from '../config/secret-refs.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { neededSecrets } from '../stack/needs.js';
import { partitionNames } from '../stack/partitions.js';
import { ownerOf } from '../stack/tokens.js';
import { AUDIT_KEY, INTERNAL_NAMES, isInternalName, PARTITION_SECRETS } from './internal.js';
import { parseReference, type Reference, vaultReference } from './reference.js';
import { fingerprint } from './secret.js';
import { resolveSecret, shownReference } from './sources.js';
import { readVault, type Vault, type VaultEntry } from './vault.js';

export interface SecretRow {
  /** As it may be printed. */
  ref: string;
  kind: 'internal' | 'external' | 'env' | 'file' | 'exec';
  createdAt?: string | undefined;
  rotatedAt?: string | undefined;
  sha256?: string | undefined;
  /** Keys of the configuration, `servers.prod.channels.telegram.token`; or what a generated one is for. */
  usedBy: string[];
  status: 'ok' | 'missing' | 'failed' | 'not asked';
  /** Why it failed. */
  reason?: string | undefined;
}

export interface ListingOptions {
  env: NodeJS.ProcessEnv;
  /** Run `exec:` commands too; a password manager may ask a person for each. */
  ask: boolean;
}

export async function listSecrets(config: Config, options: ListingOptions): Promise<SecretRow[]> {
  const vault = await readVault(config.secrets);
  const uses = usesOf(config);
  const stored = Object.keys(vault?.entries ?? {}).map((key) => `secret://${key}`);
  const all = [...new Set([...wantedRefs(config), ...stored])].sort();
  return Promise.all(all.map((ref) => row(ref, uses.get(ref) ?? [], vault, config, options)));
}

/** What is turned off needs no value, and would only hide what is missing; one that is stored for it is listed all the same. */
function wantedRefs(config: Config): string[] {
  return Object.values(config.servers).flatMap((server) => [
    ...neededSecrets(server),
    ...connectionSecrets(server),
    ...generated(server),
  ]);
}

const generated = (server: Server): string[] =>
  server.role === 'monitor'
    ? []
    : [
        ...INTERNAL_NAMES,
        ...partitionNames(server).flatMap((name) => PARTITION_SECRETS.map((secret) => `${name}_${secret}`)),
      ].map((secret) => vaultReference(ownerOf(server), secret));

/** By reference: where each is used. Generated secrets belong to every primary server by themselves. */
export function usesOf(config: Config): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  const add = (ref: string, use: string): void => void uses.set(ref, [...(uses.get(ref) ?? []), use]);
  for (const server of Object.values(config.servers)) {
    for (const { path, ref } of secretUses(server)) add(ref, `servers.${server.name}.${path}`);
    for (const ref of generated(server)) add(ref, `stack of ${server.name}`);
  }
  add(`secret://${AUDIT_KEY}`, 'signs audit exports');
  return uses;
}

async function row(
  ref: string,
  usedBy: string[],
  vault: Vault | undefined,
  config: Config,
  options: ListingOptions,
): Promise<SecretRow> {
  const reference = parseReference(ref);
  if ('problem' in reference)
    return { ref: 'not a reference', kind: 'external', usedBy, status: 'failed', reason: reference.problem };
  const shown = shownReference(reference);
  if (reference.kind !== 'vault')
    return { ref: shown, kind: reference.kind, usedBy, ...(await probe(ref, reference, config, options)) };
  const entry = vault?.entries[`${reference.server}/${reference.name}`];
  return { ref: shown, usedBy, ...(entry === undefined ? absent(reference) : present(entry)) };
}

const absent = ({ name }: Extract<Reference, { kind: 'vault' }>): Pick<SecretRow, 'kind' | 'status'> => ({
  kind: isInternalName(name) ? 'internal' : 'external',
  status: 'missing',
});

const present = ({ kind, createdAt, rotatedAt, value }: VaultEntry) =>
  ({ kind, createdAt, rotatedAt, sha256: fingerprint(value), status: 'ok' }) as const;

async function probe(
  ref: string,
  reference: Reference,
  config: Config,
  { env, ask }: ListingOptions,
): Promise<Pick<SecretRow, 'status' | 'reason' | 'sha256'>> {
  if (reference.kind === 'exec' && !ask) return { status: 'not asked' };
  try {
    const context = { location: config.secrets, env, cwd: dirname(config.path) };
    return { status: 'ok', sha256: (await resolveSecret(ref, context)).fingerprint };
  } catch (error) {
    if (!(error instanceof ClincherError)) throw error;
    return { status: error.code === 'SECRET_MISSING' ? 'missing' : 'failed', reason: error.message };
  }
}
