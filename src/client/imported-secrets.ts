// Secrets that an import brings along: into the vault, where nothing that is in use is replaced, and what lacks is made.
import { ensureInternal, isInternalName } from '../secrets/internal.js';
import { entryOf, setEntry, updateVault, type Vault, type VaultLocation } from '../secrets/vault.js';

interface Owned {
  server: string;
  secrets: readonly { name: string; value: string }[];
}

/** By `<server>/<name>`. */
export interface StoredSecrets {
  stored: string[];
  /** The vault had one already. */
  kept: string[];
  made: string[];
}

export async function storeSecrets(owned: readonly Owned[], location: VaultLocation): Promise<StoredSecrets> {
  const sorted = await updateVault(location, (vault) => put(vault, owned));
  const made: string[] = [];
  for (const { server } of owned) {
    const { created } = await ensureInternal(server, location);
    made.push(...created.map((name) => `${server}/${name}`));
  }
  return { ...sorted, made };
}

function put(vault: Vault, owned: readonly Owned[]): Omit<StoredSecrets, 'made'> {
  const stored: string[] = [];
  const kept: string[] = [];
  for (const { server, secrets } of owned)
    for (const { name, value } of secrets) {
      const key = `${server}/${name}`;
      if (entryOf(vault, key) !== undefined) kept.push(key);
      else {
        setEntry(vault, key, value, isInternalName(name) ? 'internal' : 'external');
        stored.push(key);
      }
    }
  return { stored, kept };
}
