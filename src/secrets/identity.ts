// The key file that opens the vault: an age identity, readable by its owner alone.
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClincherError } from '../errors.js';
import { newIdentity, recipientOf } from './age.js';
import { markedVaults } from './marker.js';

/** The `AGE-SECRET-KEY-…` lines of the file, as `age-keygen` writes it. */
export async function readIdentities(path: string): Promise<string[]> {
  await assertPrivate(path);
  const text = await readFile(path, 'utf8');
  const found = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^AGE-SECRET-KEY-/.test(line));
  if (found.length > 0) return found;
  throw new ClincherError('VAULT_INVALID', `${path} holds no age identity (a line AGE-SECRET-KEY-…).`, {
    remedy: [
      'put your own copy of the file back',
      'point CLINCHER_IDENTITY or secrets.identity to the right file',
    ],
  });
}

/** Public keys of the file. */
export async function recipientsOf(path: string): Promise<string[]> {
  return Promise.all((await readIdentities(path)).map(recipientOf));
}

/** Never replaces a file. */
export async function createIdentity(path: string, now = new Date()): Promise<string> {
  const identity = await newIdentity();
  const recipient = await recipientOf(identity);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(
      `# created: ${now.toISOString()} by clincher; keep a copy where you keep passwords\n# public key: ${recipient}\n${identity}\n`,
    );
    await file.sync();
  } finally {
    await file.close();
  }
  return recipient;
}

/** Makes the first one. Where vaults were made with an identity that is gone now, a new one would not open them. */
export async function ensureIdentity(path: string): Promise<void> {
  if (await hasIdentity(path)) return;
  const vaults = await markedVaults(path);
  if (vaults.length > 0)
    throw new ClincherError(
      'VAULT_INVALID',
      `The identity ${path} is gone, and ${vaults.join(', ')} cannot be opened without it.`,
      {
        remedy: ['put your own copy of the file back'],
      },
    );
  await createIdentity(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // Another process was quicker.
  });
}

export async function hasIdentity(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** A key that others can read is no key; clincher says so instead of mending it, as it may have leaked. */
async function assertPrivate(path: string): Promise<void> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ClincherError('VAULT_INVALID', `The identity ${path} cannot be read (${cause.code}).`, {
      cause,
      remedy: [
        'put your own copy of the file back',
        'point CLINCHER_IDENTITY or secrets.identity to the right file',
      ],
    });
  });
  if (!info.isFile()) throw new ClincherError('VAULT_INVALID', `The identity ${path} is not a file.`);
  const mode = info.mode & 0o777;
  if ((mode & 0o077) === 0) return;
  throw new ClincherError(
    'VAULT_INVALID',
    `The identity ${path} is readable by others (mode ${mode.toString(8)}), so it may have been copied.`,
    {
      remedy: [
        `chmod 600 ${path}`,
        'where others use this machine: make a new identity and rotate what the vault holds',
      ],
    },
  );
}
