import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextWait } from '../../src/temporal/child.js';
import { end, gone, identify, isAlive, self, signal, startOfStat } from '../../src/temporal/identity.js';
import { acquire, holder, holds, release } from '../../src/temporal/lock.js';
import { rotate } from '../../src/temporal/logs.js';
import { orphansOf } from '../../src/temporal/orphans.js';

const children: ChildProcess[] = [];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clincher-proc-'));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function running(script = 'sleep 60') {
  const child = spawn('sh', ['-c', `exec ${script}`], { stdio: 'ignore' });
  children.push(child);
  return identify(child.pid!)!;
}

describe('which process is meant', () => {
  test('a stat line with spaces and brackets in its name', () => {
    const stat = `42 (a ) b) S 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 9876 1 1`;
    expect(startOfStat(stat, 'boot')).toBe('9876@boot');
    expect(startOfStat(stat.replace(' S ', ' Z '), 'boot')).toBeUndefined();
  });

  test('a reused pid is a stranger: neither alive as ours nor signalled', async () => {
    const child = running();
    const stranger = { ...child, start: '1@00000000' };
    expect(isAlive(child)).toBe(true);
    expect(isAlive(stranger)).toBe(false);
    signal(stranger, 'SIGKILL');
    await end(stranger, 100);
    expect(isAlive(child)).toBe(true);
  });

  test('one that asks for time is given it, one that does not listen is ended', async () => {
    const [kind, deaf] = [running(), running(`sh -c 'trap "" TERM; while :; do sleep 0.1; done'`)];
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await end(kind, 2_000)).toBe(true);
    expect(await end(deaf, 200)).toBe(false);
    expect(await gone(deaf, 1_000)).toBe(true);
  });

  test('orphans are those that the state names and that live', () => {
    const child = running();
    const stranger = { ...child, start: '1@00000000' };
    const states = [{ restarts: 1 }, { ...child, restarts: 0 }, { ...stranger, restarts: 2 }];
    expect(orphansOf(states, isAlive)).toEqual([child]);
  });
});

describe('the lock', () => {
  const path = () => join(folder, 'lock');

  test('has one holder', () => {
    expect(acquire(path())).toBe(true);
    expect(holds(path())).toBe(true);
    expect(acquire(path())).toBe(false);
    expect(acquire(path(), running())).toBe(false);
    release(path(), running());
    expect(holds(path())).toBe(true);
    release(path());
    expect(existsSync(path())).toBe(false);
  });

  test('is lost by a holder that died, whatever runs under its pid now', () => {
    writeFileSync(path(), JSON.stringify({ ...self(), start: '1@00000000' }));
    expect(acquire(path())).toBe(true);
    expect(holder(path())).toEqual(self());
    release(path());
  });

  test('survives a file that makes no sense', () => {
    writeFileSync(path(), '{"pid":');
    expect(acquire(path())).toBe(true);
    release(path());
  });
});

test('a child that keeps falling waits longer, one that stood for a while starts over', () => {
  expect([100, 200, 6_400, 10_000].map((wait) => nextWait(wait, 500))).toEqual([200, 400, 10_000, 10_000]);
  expect(nextWait(10_000, 31_000)).toBe(100);
});

test('a log over its cap is copied once and cut', () => {
  const log = join(folder, 'x.log');
  writeFileSync(log, 'short');
  expect(rotate(log, 10)).toBe(false);
  writeFileSync(log, 'longer than ten');
  expect(rotate(log, 10)).toBe(true);
  expect(existsSync(`${log}.1`)).toBe(true);
  expect(rotate(log, 10)).toBe(false);
  expect(rotate(join(folder, 'absent.log'), 10)).toBe(false);
});
