import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createIdentity, ensureIdentity, readIdentities, recipientsOf } from '../../src/secrets/identity.js';
import { writeMarker } from '../../src/secrets/marker.js';
import { errorOf, folder } from './folder.js';

test('a new identity is for its owner alone, and says its public key', async () => {
  const path = join(folder(), 'new', 'identity.txt');
  const recipient = await createIdentity(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  expect(readFileSync(path, 'utf8')).toContain(`# public key: ${recipient}\nAGE-SECRET-KEY-1`);
  expect(await recipientsOf(path)).toEqual([recipient]);
});

test('it is never replaced', async () => {
  const path = join(folder(), 'identity.txt');
  await createIdentity(path);
  const before = readFileSync(path, 'utf8');
  await expect(createIdentity(path)).rejects.toThrow('EEXIST');
  await ensureIdentity(path);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test.each([0o640, 0o604, 0o666, 0o620])(
  'mode %o: others may read or write it, so it is refused',
  async (mode) => {
    const path = join(folder(), 'identity.txt');
    await createIdentity(path);
    chmodSync(path, mode);
    const error = await errorOf(readIdentities(path));
    expect(error).toMatchObject({ code: 'VAULT_INVALID' });
    expect(error.message).toContain('readable by others');
    expect(error.remedy[0]).toBe(`chmod 600 ${path}`);
  },
);

test('two processes that make it at once have one', async () => {
  const path = join(folder(), 'identity.txt');
  await Promise.all([ensureIdentity(path), ensureIdentity(path), ensureIdentity(path)]);
  expect(await readIdentities(path)).toHaveLength(1);
});

test('a file without a key, and no file, are told apart', async () => {
  const path = join(folder(), 'identity.txt');
  expect((await errorOf(readIdentities(path))).message).toContain('cannot be read (ENOENT)');
  writeFileSync(path, 'hunter2\n', { mode: 0o600 });
  const error = await errorOf(readIdentities(path));
  expect(error.message).toContain('holds no age identity');
  expect(error.message).not.toContain('hunter2');
});

test('where vaults were made with one that is gone, no new one is made', async () => {
  const path = join(folder(), 'identity.txt');
  await writeMarker(path, '/ops/clincher.vault.age', { id: 'x', createdAt: '2026-01-01', generated: [] });
  const error = await errorOf(ensureIdentity(path));
  expect(error.message).toContain('is gone, and /ops/clincher.vault.age cannot be opened without it');
});
