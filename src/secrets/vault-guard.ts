// Notices that a vault was lost, replaced or put back from an older copy: new secrets in silence would be worse.
import { ClincherError } from '../errors.js';
import { readMarker } from './marker.js';
import { entryOf, type Vault, type VaultLocation } from './vault.js';

/** A vault made anew would hold new internal secrets: tokens would change and backups become unreadable. */
export async function assertNeverExisted({ vault, identity, id }: VaultLocation): Promise<void> {
  const marker = await readMarker(identity, vault);
  if (marker === undefined && id === undefined) return;
  const since =
    marker === undefined ? 'secrets.vault_id is set' : `it was made on ${marker.createdAt.slice(0, 10)}`;
  throw new ClincherError(
    'VAULT_INVALID',
    `The vault ${vault} is gone (${since}). It is not made anew: its secrets would be other ones.`,
    {
      remedy: [
        `restore ${vault} from a copy`,
        `to begin with an empty one: remove secrets.vault_id from clincher.yaml and "${vault}" from vaults.json beside ${identity}`,
      ],
    },
  );
}

export async function assertSame({ vault: path, identity, id }: VaultLocation, vault: Vault): Promise<void> {
  const marker = await readMarker(identity, path);
  const wanted = id ?? marker?.id;
  if (wanted !== undefined && wanted !== vault.id) throw notTheSame(path, vault.id, wanted);
  const lost = (marker?.id === vault.id ? marker.generated : []).filter(
    (key) => entryOf(vault, key) === undefined,
  );
  if (lost.length === 0) return;
  throw new ClincherError(
    'VAULT_INVALID',
    `The vault ${path} lacks ${lost.join(', ')}, which it had: is it an older copy?`,
    {
      remedy: [
        'restore the newest copy',
        `to have them generated anew: remove the names from vaults.json beside ${identity}, then \`clincher secrets generate\``,
      ],
    },
  );
}

function notTheSame(path: string, is: string, wanted: string): ClincherError {
  return new ClincherError(
    'VAULT_INVALID',
    `The vault ${path} is another one (${is}) than the one that belongs here (${wanted}).`,
    {
      remedy: [
        'restore the right vault',
        'or set secrets.vault_id in clincher.yaml to the id of the one that stands there',
      ],
    },
  );
}
