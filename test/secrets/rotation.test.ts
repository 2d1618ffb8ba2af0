import { expect, test } from 'vitest';
import { ensureInternal } from '../../src/secrets/internal.js';
import { beginRotation, endRotation } from '../../src/secrets/rotation.js';
import { entryOf, readVault, type VaultLocation } from '../../src/secrets/vault.js';
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
