// A secret that is being replaced: the vault holds both values until one of them is proved and the other refused or disowned.
import { ClincherError } from '../errors.js';
import { generate, type InternalSecret } from './internal.js';
import { entryOf, setEntry, updateVault, type Vault, type VaultEntry, type VaultLocation } from './vault.js';

/** Name of the value that is in use until the new one is proved. */
export const beforeOf = (name: string): string => `${name}_before`;

/** Name of the value that a person has put in to take the place of the one in use. */
export const nextOf = (name: string): string => `${name}_next`;

/** Of `secret://prod/x_next`: `secret://prod/x`, whose place it is to take. */
export const replacedBy = (ref: string): string | undefined => /^(secret:\/\/.+)_next$/.exec(ref)?.[1];

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

/**
 * What a person has put in takes the place of the value in use, which stays beside it. An attempt that finds it done changes
 * nothing; where an earlier rotation never ended, the value that was proved last is the one that stays.
 */
export async function takeNext(at: VaultLocation, owner: string, name: string): Promise<void> {
  await updateVault(at, (vault) => {
    const [now, before, next] = [name, beforeOf(name), nextOf(name)].map((each) => `${owner}/${each}`) as [
      string,
      string,
      string,
    ];
    const given = entryOf(vault, next);
    const old = entryOf(vault, now);
    if (given === undefined || old === undefined) return mustBeBegun(vault, before, next);
    if (given.value === old.value) throw same(next);
    if (entryOf(vault, before) === undefined) setEntry(vault, before, old.value, old.kind);
    setEntry(vault, now, given.value, old.kind);
    delete vault.entries[next];
  });
}

function mustBeBegun(vault: Vault, before: string, next: string): void {
  if (entryOf(vault, before) !== undefined) return;
  throw new ClincherError('SECRET_MISSING', `The vault has no secret ${next} that could take a place.`, {
    remedy: [`clincher secrets set ${next}`],
  });
}

const same = (next: string): ClincherError =>
  new ClincherError('ANSWER_INVALID', `${next} is the value that is in use already.`, {
    remedy: [`clincher secrets rm ${next}`, 'have a new one made, and run it again'],
  });

/** One of the two goes. Nothing where that was done already. */
export async function endRotation(
  at: VaultLocation,
  owner: string,
  name: string,
  keep: 'new' | 'old',
): Promise<void> {
  await updateVault(at, (vault) => {
    const before = `${owner}/${beforeOf(name)}`;
    const old = entryOf(vault, before);
    if (old === undefined) return;
    if (keep === 'old') putBack(vault, `${owner}/${name}`, old);
    delete vault.entries[before];
  });
}

const putBack = (vault: Vault, key: string, { value, kind }: VaultEntry): void =>
  setEntry(vault, key, value, kind);

/** Keys of before under names of their own, the youngest first: what was written with them needs them still. */
export function formerNames(vault: Vault | undefined, owner: string, name: string): string[] {
  const until = Object.keys(vault?.entries ?? {})
    .map((key) => (key.startsWith(`${owner}/${name}_until_`) ? key.slice(owner.length + 1) : ''))
    .filter(Boolean)
    .sort()
    .reverse();
  return entryOf(vault, `${owner}/${beforeOf(name)}`) === undefined ? until : [beforeOf(name), ...until];
}
