import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exclusively, fingerprint, labCache } from './cache.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clincher-test-'));
  vi.stubEnv('CLINCHER_CACHE', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('the cache is where CLINCHER_CACHE says', () => {
  expect(labCache('x')).toBe(`${folder}/lab/x`);
});

test('those who want the same take turns', async () => {
  const seen: string[] = [];
  const visit = (name: string): Promise<void> =>
    exclusively('thing', async () => {
      seen.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(`${name} out`);
    });
  await Promise.all([visit('a'), visit('b')]);
  expect(seen).toHaveLength(4);
  expect(seen[0]!.replace('in', 'out')).toBe(seen[1]);
});

test('a lock whose holder died is taken over', async () => {
  writeFileSync(labCache('thing.lock'), '4194399');
  expect(await exclusively('thing', async () => 'done')).toBe('done');
});

test('parts of a fingerprint do not run into each other', () => {
  expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
});
