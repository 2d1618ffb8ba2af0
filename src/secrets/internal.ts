// Secrets that only the servers themselves use: generated once, and never silently made again.
import { randomBytes } from 'node:crypto';
import { newAuditKey } from '../audit/key.js';
import { doorName } from '../stack/watched.js';
import { newIdentity } from './age.js';
import { newCertificate } from './certificate.js';
import { entryOf, readVault, setEntry, updateVault, type Vault, type VaultLocation } from './vault.js';

const hex = async (): Promise<string> => randomBytes(32).toString('hex');

/** What each is for, and how it is made: 32 random bytes, as the guide's `openssl rand -hex 32`, or a key of age's. */
export const INTERNAL_SECRETS = {
  gateway_token: { make: hex, purpose: 'logs clients in to the OpenClaw gateway' },
  // LiteLLM takes only keys that begin with sk-.
  litellm_master_key: { make: async () => `sk-${await hex()}`, purpose: 'lets OpenClaw use the model proxy' },
  // The server has its public half alone: whoever takes the server over reads no backup of before.
  backup_key: { make: newIdentity, purpose: 'opens backups; without it they cannot be read' },
  redis_password: { make: hex, purpose: 'protects the cache' },
} as const;

/** The same of what a server may have: made where it has it. */
export const OPTIONAL_SECRETS = {
  metrics_token: { make: hex, purpose: 'shows the monitor at the door of the figures' },
  metrics_tls: {
    make: async (server) => newCertificate(doorName(server)),
    purpose: 'is that door’s certificate, with its key',
  },
  grafana_password: { make: hex, purpose: 'logs `admin` in to Grafana' },
  kuma_password: { make: hex, purpose: 'logs `admin` in to Uptime Kuma' },
  filebrowser_password: { make: hex, purpose: 'logs `files` in to Filebrowser' },
} as const satisfies Record<string, { make: (server: string) => Promise<string>; purpose: string }>;

export type OptionalSecret = keyof typeof OPTIONAL_SECRETS;
export type InternalSecret = keyof typeof INTERNAL_SECRETS;

export const INTERNAL_NAMES = Object.keys(INTERNAL_SECRETS) as InternalSecret[];

export const isInternalName = (name: string): name is InternalSecret => Object.hasOwn(INTERNAL_SECRETS, name);

/** Of the vault, not of a server: one export tells of many. */
export const AUDIT_KEY = 'shared/audit_key';

/** Once; whoever knew its public half would otherwise take the next export for a forgery. */
export async function ensureAuditKey(location: VaultLocation): Promise<void> {
  if (entryOf(await readVault(location), AUDIT_KEY) !== undefined) return;
  await updateVault(location, (vault) => {
    if (entryOf(vault, AUDIT_KEY) === undefined) setEntry(vault, AUDIT_KEY, newAuditKey(), 'internal');
  });
}

/** What a partition has of its own; backups are the host's. */
export const PARTITION_SECRETS = ['gateway_token', 'litellm_master_key', 'redis_password'] as const;

/** Where in the vault: `prod/team_gateway_token`. */
const entryFor = (server: string, partition: string, name: InternalSecret): string =>
  `${server}/${partition}_${name}`;

/** Those of a partition that are missing are made; the answer names them. */
export async function ensurePartition(
  server: string,
  partition: string,
  location: VaultLocation,
): Promise<string[]> {
  const missing = (vault: Vault | undefined): InternalSecret[] =>
    PARTITION_SECRETS.filter(
      (name) => vault === undefined || entryOf(vault, entryFor(server, partition, name)) === undefined,
    );
  if (missing(await readVault(location)).length === 0) return [];
  return updateVault(location, async (vault) => {
    const made = missing(vault);
    for (const name of made)
      setEntry(vault, entryFor(server, partition, name), await INTERNAL_SECRETS[name].make(), 'internal');
    return made.map((name) => `${partition}_${name}`);
  });
}

export interface Ensured {
  created: InternalSecret[];
  kept: InternalSecret[];
}

/** Makes those that are missing. A vault that is lost or cannot be opened is an error, never a reason to make new ones. */
export async function ensureInternal(server: string, location: VaultLocation): Promise<Ensured> {
  return updateVault(location, (vault) => fill(vault, server));
}

async function fill(vault: Vault, server: string): Promise<Ensured> {
  const isThere = (name: InternalSecret): boolean => entryOf(vault, `${server}/${name}`) !== undefined;
  const kept = INTERNAL_NAMES.filter(isThere);
  const created = INTERNAL_NAMES.filter((name) => !isThere(name));
  for (const name of created) await generate(vault, server, name);
  return { created, kept };
}

/** `prod/metrics_token` and the like: those that are missing are made; the answer names them. */
export async function ensureOptional(
  wanted: readonly (readonly [server: string, name: OptionalSecret])[],
  location: VaultLocation,
): Promise<string[]> {
  const lacking = (vault: Vault | undefined) =>
    wanted.filter(
      ([server, name]) => vault === undefined || entryOf(vault, `${server}/${name}`) === undefined,
    );
  if (lacking(await readVault(location)).length === 0) return [];
  return updateVault(location, async (vault) => {
    const made = lacking(vault);
    for (const [server, name] of made)
      setEntry(vault, `${server}/${name}`, await OPTIONAL_SECRETS[name].make(server), 'internal');
    return made.map(([server, name]) => `${server}/${name}`);
  });
}

/** A new value, also where there is one: for rotation. */
export async function generate(vault: Vault, server: string, name: InternalSecret): Promise<void> {
  setEntry(vault, `${server}/${name}`, await INTERNAL_SECRETS[name].make(), 'internal');
}
