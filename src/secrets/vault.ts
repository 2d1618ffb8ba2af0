// The vault: one age-encrypted file of named secrets. It is never made anew where one was before.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ClincherError } from '../errors.js';
import { decrypt, encrypt, recipientOf } from './age.js';
import { writeAtomically } from './atomic-file.js';
import { withFileLock } from './file-lock.js';
import { ensureIdentity, readIdentities } from './identity.js';
import { readMarker, writeMarker } from './marker.js';
import { decryptOnce } from './opened.js';
import { assertNeverExisted, assertSame } from './vault-guard.js';

export interface VaultLocation {
  /** Absolute paths. */
  vault: string;
  identity: string;
  /** Everybody who may open it; the writer always may. Absent or empty: whoever could until now. */
  recipients?: readonly string[] | undefined;
  /** `secrets.vault_id` of the configuration: this vault exists, and no other will do. */
  id?: string | undefined;
}

export type SecretKind = 'internal' | 'external';

export interface VaultEntry {
  value: string;
  kind: SecretKind;
  createdAt: string;
  rotatedAt?: string | undefined;
}

export interface Vault {
  format: 'clincher.vault/1';
  id: string;
  recipients: string[];
  /** By `<server>/<name>`. */
  entries: Record<string, VaultEntry>;
}

/** `undefined`: there is none, and nothing says that there was one. */
export async function readVault(location: VaultLocation): Promise<Vault | undefined> {
  const text = await readCiphertext(location.vault);
  if (text === undefined) {
    await assertNeverExisted(location);
    return undefined;
  }
  const vault = parse(location.vault, await open(location, text));
  await assertSame(location, vault);
  return vault;
}

/** Reads, changes and writes under a lock; makes the identity and the vault when they never existed. */
export async function updateVault<T>(
  location: VaultLocation,
  change: (vault: Vault) => T | Promise<T>,
): Promise<T> {
  return withFileLock(location.vault, async () => {
    const vault = (await readVault(location)) ?? (await emptyVault(location));
    const result = await change(vault);
    await write(location, vault);
    return result;
  });
}

/** A new project: an empty vault, whatever stood at this place before. Refuses to replace a file. */
export async function createVault(location: VaultLocation): Promise<Vault> {
  return withFileLock(location.vault, async () => {
    if ((await readCiphertext(location.vault)) !== undefined)
      throw new ClincherError('VAULT_INVALID', `${location.vault} exists already.`);
    const vault = await emptyVault(location);
    await write(location, vault);
    return vault;
  });
}

export function setEntry(vault: Vault, key: string, value: string, kind: SecretKind, now = new Date()): void {
  const at = now.toISOString();
  const old = entryOf(vault, key);
  vault.entries[key] =
    old === undefined
      ? { value, kind, createdAt: at }
      : { value, kind, createdAt: old.createdAt, rotatedAt: at };
}

export const entryOf = (vault: Vault | undefined, key: string): VaultEntry | undefined =>
  vault !== undefined && Object.hasOwn(vault.entries, key) ? vault.entries[key] : undefined;

async function emptyVault({ identity, id }: VaultLocation): Promise<Vault> {
  await ensureIdentity(identity);
  return {
    format: 'clincher.vault/1',
    id: id ?? randomUUID(),
    recipients: [],
    entries: {},
  };
}

async function write(location: VaultLocation, vault: Vault): Promise<void> {
  const identities = await readIdentities(location.identity);
  const own = await Promise.all(identities.map(recipientOf));
  const others = location.recipients?.length ? location.recipients : vault.recipients;
  vault.recipients = [...new Set([...own, ...others])];
  const text = JSON.stringify(vault, null, 2);
  const sealed = await encrypt(text, vault.recipients);
  // Before the old file goes: can the new one be opened?
  if ((await decrypt(sealed, identities)) !== text)
    throw new ClincherError(
      'VAULT_INVALID',
      `${location.vault} could not be opened after it was written; the old one stays.`,
    );
  await writeAtomically(location.vault, sealed);
  await remember(location, vault);
}

async function remember({ identity, vault: path }: VaultLocation, vault: Vault): Promise<void> {
  const generated = Object.keys(vault.entries)
    .filter((key) => vault.entries[key]?.kind === 'internal')
    .sort();
  const old = await readMarker(identity, path);
  if (old?.id === vault.id && old.generated.join() === generated.join()) return;
  const since = old?.id === vault.id ? old.createdAt : new Date().toISOString();
  await writeMarker(identity, path, { id: vault.id, createdAt: since, generated });
}

async function readCiphertext(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ClincherError('VAULT_INVALID', `The vault ${path} cannot be read (${code}).`, { cause });
  }
}

async function open(location: VaultLocation, text: string): Promise<string> {
  const identities = await readIdentities(location.identity);
  try {
    return await decryptOnce(text, identities);
  } catch (cause) {
    throw new ClincherError(
      'VAULT_INVALID',
      `The vault ${location.vault} cannot be opened with the identity ${location.identity}: it is damaged, or was encrypted for others.`,
      {
        cause,
        remedy: [
          'point CLINCHER_IDENTITY or secrets.identity to the identity that it was made with',
          'restore the vault from a copy',
          'let somebody who can open it add your public key to secrets.recipients',
        ],
      },
    );
  }
}

function parse(path: string, text: string): Vault {
  const vault = parseJson(text) as Partial<Vault> | undefined;
  if (
    vault?.format === 'clincher.vault/1' &&
    typeof vault.id === 'string' &&
    typeof vault.entries === 'object'
  )
    return { ...vault, recipients: vault.recipients ?? [] } as Vault;
  throw new ClincherError('VAULT_INVALID', `${path} is not a vault that this version of clincher can read.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
