import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decrypt, encrypt, newIdentity, recipientOf } from '../../src/secrets/age.js';
import { ensureIdentity, recipientsOf } from '../../src/secrets/identity.js';
import {
  createVault,
  entryOf,
  readVault,
  setEntry,
  updateVault,
  type VaultLocation,
} from '../../src/secrets/vault.js';
import { errorOf, folder, location } from './folder.js';

const put = (at: VaultLocation, key: string, value: string): Promise<void> =>
  updateVault(at, (vault) => setEntry(vault, key, value, 'external'));

test('where there never was one, reading finds nothing and makes nothing', async () => {
  const at = location();
  expect(await readVault(at)).toBeUndefined();
  expect(readdirSync(dirname(at.vault))).toEqual([]);
});

test('what was stored is read back, and the file shows none of it', async () => {
  const at = location();
  await put(at, 'prod/telegram_bot_token', 'hunter2hunter2');
  expect(entryOf(await readVault(at), 'prod/telegram_bot_token')).toMatchObject({
    value: 'hunter2hunter2',
    kind: 'external',
  });
  expect(readFileSync(at.vault, 'utf8')).toMatch(/^-----BEGIN AGE/);
  expect(statSync(at.vault).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(at.vault)).sort()).toEqual(['clincher.vault.age', 'home']);
});

test('any names and values come back', async () => {
  const at = location();
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), fc.string({ unit: 'binary' }), async (name, value) => {
      await put(at, `prod/${name}`, value);
      expect(entryOf(await readVault(at), `prod/${name}`)?.value).toBe(value.toString());
    }),
    { numRuns: 15 },
  );
});

test('a new value keeps the day of the first, and notes its own', async () => {
  const at = location();
  await updateVault(at, (vault) => setEntry(vault, 'a/b', '1', 'external', new Date(0)));
  await updateVault(at, (vault) => setEntry(vault, 'a/b', '2', 'external', new Date(1000)));
  expect(entryOf(await readVault(at), 'a/b')).toEqual({
    value: '2',
    kind: 'external',
    createdAt: '1970-01-01T00:00:00.000Z',
    rotatedAt: '1970-01-01T00:00:01.000Z',
  });
});

test('names of JavaScript’s own are names like others', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  const vault = await readVault(at);
  expect(entryOf(vault, 'constructor')).toBeUndefined();
  expect(entryOf(vault, '__proto__')).toBeUndefined();
});

test('twenty writers at once lose nothing', async () => {
  const at = location();
  const names = Array.from({ length: 20 }, (_, index) => `s/n${index}`);
  await Promise.all(names.map((name) => put(at, name, name)));
  expect(Object.keys((await readVault(at))?.entries ?? {}).sort()).toEqual(names.sort());
});

test('a change that fails leaves the old vault', async () => {
  const at = location();
  await put(at, 'a/b', 'old');
  await errorOf(
    updateVault(at, (vault) => {
      setEntry(vault, 'a/b', 'new', 'external');
      throw new Error('stop');
    }),
  );
  expect(entryOf(await readVault(at), 'a/b')?.value).toBe('old');
  expect(existsSync(`${at.vault}.lock`)).toBe(false);
});

test('a draft that a crash left behind harms nobody', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  writeFileSync(`${at.vault}.abc.tmp`, 'half');
  await put(at, 'a/c', 'y');
  expect(Object.keys((await readVault(at))?.entries ?? {})).toEqual(['a/b', 'a/c']);
});

test('a link to the vault stays a link', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  const link = join(dirname(at.vault), 'link.age');
  symlinkSync(at.vault, link);
  await put({ ...at, vault: link }, 'a/c', 'y');
  expect(Object.keys((await readVault(at))?.entries ?? {})).toEqual(['a/b', 'a/c']);
});

test('recipients may open it, keep it open for each other, and can be taken out', async () => {
  const at = location();
  const friend = await newIdentity();
  const asFriend = () => decrypt(readFileSync(at.vault, 'utf8'), [friend]);
  await put({ ...at, recipients: [await recipientOf(friend)] }, 'a/b', 'x');
  expect(await asFriend()).toContain('"value": "x"');
  await put(at, 'a/b', 'y'); // a worker does not know the configuration
  expect(await asFriend()).toContain('"value": "y"');
  await put({ ...at, recipients: [] }, 'a/b', 'y'); // nothing said, nobody taken out
  await asFriend();
  await put({ ...at, recipients: await recipientsOf(at.identity) }, 'a/b', 'z');
  await expect(asFriend()).rejects.toThrow();
});

test('a friend’s machine works with the same file', async () => {
  const [mine, theirs] = [location(), location()];
  await ensureIdentity(theirs.identity);
  const recipients = await recipientsOf(theirs.identity);
  await put({ ...mine, recipients }, 'a/b', 'x');
  const shared = { ...theirs, vault: mine.vault };
  await put(shared, 'a/c', 'y');
  expect(Object.keys((await readVault(mine))?.entries ?? {})).toEqual(['a/b', 'a/c']);
});

test('somebody else’s vault is not opened and not replaced', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  writeFileSync(at.vault, await encrypt('{}', [await recipientOf(await newIdentity())]));
  const before = readFileSync(at.vault, 'utf8');
  expect(await errorOf(readVault(at))).toMatchObject({ code: 'VAULT_INVALID' });
  expect((await errorOf(put(at, 'a/b', 'y'))).message).toContain('cannot be opened with the identity');
  expect(readFileSync(at.vault, 'utf8')).toBe(before);
});

test.each(['', 'hunter2', '{"format":"clincher.vault/1","entries":{}}'])(
  'a vault that holds %j is damaged, not empty',
  async (text) => {
    const at = location();
    await put(at, 'a/b', 'x');
    writeFileSync(at.vault, text);
    const error = await errorOf(put(at, 'a/b', 'y'));
    expect(error.code).toBe('VAULT_INVALID');
    expect(error.message).not.toContain('hunter2');
  },
);

test('a text inside that is no vault of ours is refused', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  const own = await recipientsOf(at.identity);
  for (const text of ['hunter2', '[]', '{"format":"clincher.vault/9","id":"x","entries":{}}']) {
    writeFileSync(at.vault, await encrypt(text, own));
    expect((await errorOf(readVault(at))).message).toContain(
      'is not a vault that this version of clincher can read',
    );
  }
});

test('a vault that is gone is an error for readers and writers, never a new vault', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  rmSync(at.vault);
  for (const work of [() => readVault(at), () => put(at, 'a/b', 'y')]) {
    const error = await errorOf(work());
    expect(error).toMatchObject({ code: 'VAULT_INVALID' });
    expect(error.message).toContain('is gone (it was made on 20');
  }
  expect(existsSync(at.vault)).toBe(false);
});

test('on another machine the id in the configuration says that there is one', async () => {
  const at = { ...location(), id: '11111111-2222-3333-4444-555555555555' };
  const error = await errorOf(put(at, 'a/b', 'y'));
  expect(error.message).toContain('is gone (secrets.vault_id is set)');
});

test('another vault in its place is refused', async () => {
  const [at, other] = [location(), location()];
  await put(at, 'a/b', 'x');
  const stranger = { vault: other.vault, identity: at.identity };
  await put(stranger, 'a/b', 'other');
  renameSync(stranger.vault, at.vault);
  expect((await errorOf(readVault(at))).message).toContain('is another one');
});

test('an older copy that lacks a generated secret is refused', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  const older = readFileSync(at.vault);
  await updateVault(at, (vault) => setEntry(vault, 'prod/backup_key', 'k', 'internal'));
  writeFileSync(at.vault, older);
  expect((await errorOf(readVault(at))).message).toContain('lacks prod/backup_key, which it had');
});

test('a generated secret that was removed on purpose is not missed', async () => {
  const at = location();
  await updateVault(at, (vault) => setEntry(vault, 'prod/backup_key', 'k', 'internal'));
  await updateVault(at, (vault) => {
    delete vault.entries['prod/backup_key'];
  });
  expect((await readVault(at))?.entries).toEqual({});
});

test('a lost identity is an error, and no new one is made', async () => {
  const at = location();
  await put(at, 'a/b', 'x');
  rmSync(at.identity);
  expect((await errorOf(readVault(at))).message).toContain('identity');
  expect((await errorOf(put(at, 'a/b', 'y'))).code).toBe('VAULT_INVALID');
  rmSync(at.vault);
  expect((await errorOf(createVault({ ...at, vault: `${at.vault}2` }))).message).toContain('is gone, and');
  expect(existsSync(at.identity)).toBe(false);
});

test('a new project begins with an empty vault where an old one was deleted, and replaces none', async () => {
  const at = location();
  const first = await createVault(at);
  expect((await errorOf(createVault(at))).message).toContain('exists already');
  rmSync(at.vault);
  const second = await createVault(at);
  expect(second.id).not.toBe(first.id);
  expect((await readVault({ ...at, id: second.id }))?.entries).toEqual({});
});

test('a vault that cannot be read is not taken for a missing one', async () => {
  const at = location(folder());
  mkdirSync(at.vault);
  expect((await errorOf(readVault(at))).message).toContain('cannot be read (EISDIR)');
});
