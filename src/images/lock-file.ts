// Writes clincher.lock.yaml: in a fixed order, whole or not at all, and only when something changed.
import { chmod } from 'node:fs/promises';
import { stringify } from 'yaml';
import { type Lock, type LockEntry, lockPath, readLock } from '../config/lock.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import { withFileLock } from '../secrets/file-lock.js';

const HEADER = `# The exact contents behind each image tag, for all servers. Written by \`clincher images lock\`; keep it in
# version control. \`clincher images lock --upgrade\` takes what the tags mean today.
`;

export function lockText(lock: Lock): string {
  const keys = Object.keys(lock).toSorted();
  const images = Object.fromEntries(keys.map((key) => [key, inOrder(lock[key]!)]));
  return `${HEADER}${stringify({ version: 1, images }, { lineWidth: 0 })}`;
}

const inOrder = ({ digest, resolved, platforms, signature }: LockEntry): LockEntry => ({
  digest,
  resolved,
  platforms,
  ...(signature === undefined ? {} : { signature }),
});

/** Another run may have written in the meantime: what it found stays. */
export async function updateLock(configPath: string, change: (lock: Lock) => Lock): Promise<Lock> {
  const path = lockPath(configPath);
  return withFileLock(path, async () => {
    const before = readLock(configPath);
    const after = change(before);
    if (lockText(after) === lockText(before)) return after;
    await writeAtomically(path, lockText(after));
    // Nothing in it is secret, and others who work with this folder read it.
    await chmod(path, 0o644);
    return after;
  });
}
