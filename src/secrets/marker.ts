// Remembers beside the identity which vaults there are and what was generated in them, so that a lost one is noticed.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClincherError } from '../errors.js';
import { writeAtomically } from './atomic-file.js';
import { withFileLock } from './file-lock.js';

export interface Marker {
  id: string;
  createdAt: string;
  /** Names of generated secrets, `prod/gateway_token`. */
  generated: string[];
}

type Markers = Record<string, Marker>;

const fileOf = (identity: string): string => join(dirname(identity), 'vaults.json');

export async function readMarker(identity: string, vault: string): Promise<Marker | undefined> {
  const markers = await readMarkers(identity);
  return Object.hasOwn(markers, vault) ? markers[vault] : undefined;
}

/** The vaults that this identity opens. */
export async function markedVaults(identity: string): Promise<string[]> {
  return Object.keys(await readMarkers(identity));
}

export async function writeMarker(identity: string, vault: string, marker: Marker): Promise<void> {
  const file = fileOf(identity);
  await withFileLock(file, async () => {
    const markers = { ...(await readMarkers(identity)), [vault]: marker };
    await writeAtomically(file, `${JSON.stringify(markers, null, 2)}\n`);
  });
}

async function readMarkers(identity: string): Promise<Markers> {
  const file = fileOf(identity);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text) as Markers;
  } catch (cause) {
    throw new ClincherError('VAULT_INVALID', `${file} is damaged; it says which vaults there are.`, {
      cause,
      remedy: [`mv ${file} ${file}.damaged   (when you are sure that no vault was lost)`],
    });
  }
}
