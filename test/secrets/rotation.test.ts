import { expect, test } from 'vitest';
import { ensureInternal } from '../../src/secrets/internal.js';
import { beginRotation, endRotation, formerNames, replacedBy, takeNext } from '../../src/secrets/rotation.js';
import { entryOf, readVault, setEntry, updateVault, type VaultLocation } from '../../src/secrets/vault.js';
import { location } from './folder.js';

async function values(at: VaultLocation): Promise<(string | undefined)[]> {
  const vault = await readVault(at);
  return ['prod/gateway_token', 'prod/gateway_token_before'].map((key) => entryOf(vault, key)?.value);
}

async function begun(): Promise<{ at: VaultLocation; old: string; now: string }> {
  const at = location();
  await ensureInternal('prod', at);
  const [old] = await values(at);
  await beginRotation(at, 'prod', 'gateway_token');
  const [now, before] = await values(at);
  expect(before).toBe(old);
  expect(now).not.toBe(old);
  return { at, old: old!, now: now! };
}

test('begun twice, the values of the first time stay: a lost reply makes no third one', async () => {
  const { at, old, now } = await begun();
  await beginRotation(at, 'prod', 'gateway_token');
  expect(await values(at)).toEqual([now, old]);
});

test('proved: the new one stays; once more changes nothing', async () => {
  const { at, now } = await begun();
  await endRotation(at, 'prod', 'gateway_token', 'new');
  await endRotation(at, 'prod', 'gateway_token', 'old');
  expect(await values(at)).toEqual([now, undefined]);
});

test('not proved: the old one is back; once more changes nothing', async () => {
  const { at, old } = await begun();
  await endRotation(at, 'prod', 'gateway_token', 'old');
  await endRotation(at, 'prod', 'gateway_token', 'new');
  expect(await values(at)).toEqual([old, undefined]);
});

test('what was never made is not rotated', async () => {
  const at = location();
  await beginRotation(at, 'prod', 'gateway_token');
  expect(await values(at)).toEqual([undefined, undefined]);
});

const KEY = 'prod/anthropic_api_key';

/** Of a secret that others have made: in use, the one of before, the one that waits. */
async function given(at: VaultLocation): Promise<(string | undefined)[]> {
  const vault = await readVault(at);
  return ['', '_before', '_next'].map((end) => entryOf(vault, `${KEY}${end}`)?.value);
}

const put = (at: VaultLocation, name: string, value: string): Promise<void> =>
  updateVault(at, (vault) => setEntry(vault, `${KEY}${name}`, value, 'external'));

const take = (at: VaultLocation): Promise<void> => takeNext(at, 'prod', 'anthropic_api_key');

test('what a person has put in takes the place of the one in use, once', async () => {
  const at = location();
  await put(at, '', 'old');
  await put(at, '_next', 'new');
  await take(at);
  await take(at);
  expect(await given(at)).toEqual(['new', 'old', undefined]);
  // It is still somebody else's: nothing may make it anew.
  const kinds = async () => Object.values((await readVault(at))?.entries ?? {}).map(({ kind }) => kind);
  expect(await kinds()).toEqual(['external', 'external']);
  await endRotation(at, 'prod', 'anthropic_api_key', 'old');
  expect(await given(at)).toEqual(['old', undefined, undefined]);
  expect(await kinds()).toEqual(['external']);
});

test('a rotation that never ended: the value that was proved last is the one to go back to', async () => {
  const at = location();
  await put(at, '', 'unproved');
  await put(at, '_before', 'proved');
  await put(at, '_next', 'newest');
  await take(at);
  expect(await given(at)).toEqual(['newest', 'proved', undefined]);
});

test('nothing that could take a place, or the same value again, is an error and changes nothing', async () => {
  const at = location();
  await put(at, '', 'old');
  await expect(take(at)).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  await put(at, '_next', 'old');
  await expect(take(at)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  expect(await given(at)).toEqual(['old', undefined, 'old']);
});

test('a name says whose place it is to take', () => {
  expect(replacedBy('secret://prod/x_next')).toBe('secret://prod/x');
  expect(replacedBy('secret://prod/x')).toBeUndefined();
});

test('keys of before: the one of a rotation first, then the youngest; nobody else’s', async () => {
  const at = location();
  await updateVault(at, (vault) => {
    for (const name of ['backup_key', 'backup_key_until_20260101_0300', 'backup_key_until_20261101_0300'])
      setEntry(vault, `prod/${name}`, name, 'internal');
    setEntry(vault, 'prod/backup_key_before', 'before', 'internal');
    setEntry(vault, 'spare/backup_key_until_20261101_0300', 'other', 'internal');
  });
  expect(formerNames(await readVault(at), 'prod', 'backup_key')).toEqual([
    ...['backup_key_before', 'backup_key_until_20261101_0300', 'backup_key_until_20260101_0300'],
  ]);
  expect(formerNames(undefined, 'prod', 'backup_key')).toEqual([]);
});
