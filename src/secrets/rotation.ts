// A secret that is being replaced: the vault holds both values until one of them is proved and the other refused.
import { generate, type InternalSecret } from './internal.js';
import { entryOf, setEntry, updateVault, type Vault, type VaultLocation } from './vault.js';

/** Name of the value that is in use until the new one is proved. */
export const beforeOf = (name: string): string => `${name}_before`;

/** A new value beside the old one. Where a rotation was begun already, its two values stay as they are. */
export async function beginRotation(at: VaultLocation, server: string, name: InternalSecret): Promise<void> {
  await updateVault(at, async (vault) => {
    const [now, before] = [`${server}/${name}`, `${server}/${beforeOf(name)}`];
    const old = entryOf(vault, now);
    if (old === undefined || entryOf(vault, before) !== undefined) return;
    setEntry(vault, before, old.value, 'internal');
    await generate(vault, server, name);
  });
}

/** One of the two goes. Nothing where that was done already. */
export async function endRotation(
  at: VaultLocation,
  server: string,
  name: InternalSecret,
  keep: 'new' | 'old',
): Promise<void> {
  await updateVault(at, (vault) => {
    const before = `${server}/${beforeOf(name)}`;
    const old = entryOf(vault, before);
    if (old === undefined) return;
    if (keep === 'old') putBack(vault, `${server}/${name}`, old.value);
    delete vault.entries[before];
  });
}

const putBack = (vault: Vault, key: string, value: string): void => setEntry(vault, key, value, 'internal');
