import { spawnSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withFileLock } from '../../src/secrets/file-lock.js';
import { errorOf, folder } from './folder.js';

const deadPid = (): number => spawnSync('true').pid;
const done = async (): Promise<string> => 'done';

test('one at a time', async () => {
  const path = join(folder(), 'x');
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await sleep(2);
    inside--;
  };
  await Promise.all(Array.from({ length: 10 }, () => withFileLock(path, work)));
  expect(most).toBe(1);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test('a live owner is waited for, then named', async () => {
  const path = join(folder(), 'x');
  writeFileSync(`${path}.lock`, `${process.pid} ${hostname()}\n`);
  const error = await errorOf(withFileLock(path, done, 100));
  expect(error.message).toContain(`process ${process.pid} on ${hostname()} is writing the vault`);
  expect(existsSync(`${path}.lock`)).toBe(true);
});

test('a dead owner’s lock is taken over, by many at once too', async () => {
  const path = join(folder(), 'x');
  writeFileSync(`${path}.lock`, `${deadPid()} ${hostname()}\n`);
  let inside = 0;
  const work = async (): Promise<number> => {
    const now = ++inside;
    await sleep(1);
    inside--;
    return now;
  };
  const seen = await Promise.all(Array.from({ length: 8 }, () => withFileLock(path, work)));
  expect(new Set(seen)).toEqual(new Set([1]));
});

test('a lock of another machine is trusted for a minute', async () => {
  const path = join(folder(), 'x');
  writeFileSync(`${path}.lock`, `${deadPid()} elsewhere\n`);
  expect((await errorOf(withFileLock(path, done, 60))).message).toContain('on elsewhere');
  const old = Date.now() / 1000 - 61;
  utimesSync(`${path}.lock`, old, old);
  expect(await withFileLock(path, done)).toBe('done');
});

test('an owner that crashed before it wrote its name is waited out', async () => {
  const path = join(folder(), 'x');
  writeFileSync(`${path}.lock`, '');
  expect((await errorOf(withFileLock(path, done, 60))).message).toContain('another process is writing');
});

test('who crashed while clearing a stale lock does not block the others', async () => {
  const path = join(folder(), 'x');
  writeFileSync(`${path}.lock`, `${deadPid()} ${hostname()}\n`);
  writeFileSync(`${path}.lock.stale`, `${deadPid()} ${hostname()}\n`);
  const old = Date.now() / 1000 - 61;
  utimesSync(`${path}.lock.stale`, old, old);
  expect(await withFileLock(path, done)).toBe('done');
});

test('the lock goes when the work fails', async () => {
  const path = join(folder(), 'x');
  await errorOf(withFileLock(path, () => Promise.reject(new Error('no'))));
  expect(await withFileLock(path, done, 0)).toBe('done');
});
