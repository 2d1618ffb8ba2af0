import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ensureInternal, generate, INTERNAL_NAMES } from '../../src/secrets/internal.js';
import { entryOf, readVault, updateVault, type VaultLocation } from '../../src/secrets/vault.js';
import { errorOf, location } from './folder.js';

const values = async (at: VaultLocation): Promise<Record<string, string>> => {
  const entries = Object.entries((await readVault(at))?.entries ?? {});
  return Object.fromEntries(entries.map(([key, entry]) => [key, entry.value]));
};

test('each server has its own: 32 random bytes, and a key of age’s for backups', async () => {
  const at = location();
  expect(await ensureInternal('prod', at)).toEqual({ created: [...INTERNAL_NAMES], kept: [] });
  await ensureInternal('lab', at);
  const all = Object.values(await values(at));
  expect(all).toHaveLength(8);
  expect(new Set(all).size).toBe(8);
  for (const value of all) expect(value).toMatch(/^(?:(?:sk-)?[0-9a-f]{64}|AGE-SECRET-KEY-1[0-9A-Z]{58})$/);
  expect(entryOf(await readVault(at), 'prod/backup_key')?.value).toMatch(/^AGE/);
});

test('a second time, and many at once, none is made again', async () => {
  const at = location();
  await ensureInternal('prod', at);
  const before = await values(at);
  const again = await Promise.all([1, 2, 3].map(() => ensureInternal('prod', at)));
  expect(again.flatMap(({ created }) => created)).toEqual([]);
  expect(await values(at)).toEqual(before);
});

test('only what is missing is made', async () => {
  const at = location();
  await updateVault(at, (vault) => generate(vault, 'prod', 'backup_key'));
  const before = await values(at);
  const { kept } = await ensureInternal('prod', at);
  expect(kept).toEqual(['backup_key']);
  expect(await values(at)).toMatchObject(before);
});

test('a vault that is gone makes no new ones', async () => {
  const at = location();
  await ensureInternal('prod', at);
  rmSync(at.vault);
  expect(await errorOf(ensureInternal('prod', at))).toMatchObject({ code: 'VAULT_INVALID' });
});

test('rotation is noted', async () => {
  const at = location();
  await ensureInternal('prod', at);
  const before = await values(at);
  await updateVault(at, (vault) => generate(vault, 'prod', 'gateway_token'));
  const entry = entryOf(await readVault(at), 'prod/gateway_token');
  expect(entry).toMatchObject({ kind: 'internal', rotatedAt: expect.any(String) });
  expect(entry?.value).not.toBe(before['prod/gateway_token']);
});
