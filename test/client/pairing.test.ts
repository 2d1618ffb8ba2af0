import { describe, expect, test } from 'vitest';
import type { PairingNow, PairingRequest, RunState } from '../../src/model.js';
import { AT_TERMINAL, CONFIG, stage } from './stage.js';
import { ended, NOON } from './states.js';

const iso = (seconds: number): string => new Date(NOON + seconds * 1000).toISOString();

const ada: PairingRequest = {
  ...{
    id: 'K7QX2M9P',
    kind: 'person',
    channel: 'telegram',
    subject: '4242',
    name: 'Ada\u001b[2J\u202e',
    asks: [],
  },
  ...{ requestedAt: iso(-120), expiresAt: iso(3480) },
};
const laptop: PairingRequest = {
  ...{
    id: '84ad2cac-e162-4791-bb23-1567612b4064',
    kind: 'device',
    channel: 'device',
    subject: 'f'.repeat(64),
  },
  ...{ name: 'cli, linux', asks: ['operator', 'operator.admin'], requestedAt: iso(0), expiresAt: iso(300) },
};
const list = (now: Partial<PairingNow> = {}): RunState => ({
  ...{ ...ended, runbook: 'pairing-requests', groups: [] },
  pairing: { requests: [ada, laptop], pairedDevices: ['a'.repeat(64)], unknown: [], ...now },
});
const waiting = { states: { '*': [list()] } };
const started = (s: ReturnType<typeof stage>): unknown[] => s.control.asked('start').map(([name]) => name);

describe('pairing ls', () => {
  test('who, since when, until when; what strangers call themselves is never obeyed', async () => {
    const s = stage(waiting);
    expect(await s.run('pairing', 'ls', '-s', 'prod')).toBe(0);
    const out = s.io.stdout();
    for (const text of [
      'K7QX2M9P',
      'telegram 4242',
      'Ada\\e[2J\\u202e',
      'device ffffffffffff',
      'operator.admin',
    ])
      expect(out).toContain(text);
    expect(out).not.toMatch(/\u001b|\u202e/);
    expect(out).toContain('clincher pairing approve <id> -s prod');
    expect(started(s)).toEqual(['pairing-requests']);
  });

  test('as a document of its schema', async () => {
    const s = stage(waiting);
    expect(await s.run('pairing', 'ls', '-s', 'prod', '--json')).toBe(0);
    expect(JSON.parse(s.io.stdout())).toMatchObject({
      schema: 'clincher.pairing/1',
      servers: [{ server: 'prod', requests: [ada, laptop], pairedDevices: ['a'.repeat(64)] }],
    });
  });

  test('nobody; and what could not be asked is no nobody', async () => {
    const s = stage({ states: { '*': [list({ requests: [], unknown: ['slack: no such plugin'] })] } });
    expect(await s.run('pairing', 'ls', '-s', 'prod')).toBe(1);
    expect(s.io.stdout()).toContain('nobody waits');
    expect(s.io.stdout()).toContain('unknown: slack: no such plugin');
  });

  test('a server without a gateway has nobody to let in', async () => {
    const config = CONFIG.replace('address: 203.0.113.8', 'address: 203.0.113.8\n    role: monitor');
    const s = stage({ ...waiting, config });
    expect(await s.run('pairing', 'ls', '-s', 'spare')).toBe(2);
    expect(s.opened()).toBe(0);
  });
});

describe('pairing approve', () => {
  test('shows who it is, asks, and decides on exactly that one', async () => {
    const s = stage({ ...waiting, io: AT_TERMINAL, answers: [true] });
    expect(await s.run('pairing', 'approve', 'k7qx2m9p', '-s', 'prod')).toBe(0);
    expect(s.questions).toEqual(['Let it in to prod?']);
    expect(s.io.stderr()).toContain('telegram 4242');
    expect(s.io.stderr()).not.toContain('\u001b[2J');
    const [, input, options] = s.control.asked('start').at(-1) as [string, object, object];
    expect(input).toMatchObject({ decision: { act: 'approve', request: ada }, onFailure: 'abort' });
    expect(options).toEqual({ readOnly: false });
  });

  test('a no changes nothing', async () => {
    const s = stage({ ...waiting, io: AT_TERMINAL, answers: [false] });
    expect(await s.run('pairing', 'approve', laptop.id, '-s', 'prod')).toBe(6);
    expect(started(s)).toEqual(['pairing-requests']);
  });

  test('a code that is wrong or has ended says what waits and what to type', async () => {
    const s = stage(waiting);
    expect(await s.run('pairing', 'approve', 'AAAAAAAA', '-s', 'prod', '--yes')).toBe(1);
    for (const text of ['PAIRING_NOT_FOUND', 'K7QX2M9P', 'clincher pairing ls -s prod'])
      expect(s.io.stderr()).toContain(text);
    expect(started(s)).toEqual(['pairing-requests']);
  });

  test.each([
    ['all of them', ['all', '-s', 'prod', '--yes']],
    ['nobody there to agree', ['K7QX2M9P', '-s', 'prod']],
    ['no server named', ['K7QX2M9P', '--yes']],
    ['two servers', ['K7QX2M9P', '-s', 'prod', '-s', 'spare', '--yes']],
    ['no id', ['-s', 'prod', '--yes']],
  ])('%s: refused before anything is contacted', async (_, argv) => {
    const s = stage(waiting);
    expect(await s.run('pairing', 'approve', ...argv)).toBe(2);
    expect(s.opened()).toBe(0);
  });
});

test('pairing reject: a device, and no person: OpenClaw has no word for that', async () => {
  const s = stage(waiting);
  expect(await s.run('pairing', 'reject', laptop.id, '-s', 'prod', '--yes')).toBe(0);
  expect(s.control.asked('start').at(-1)?.[1]).toMatchObject({
    decision: { act: 'reject', request: laptop },
  });
  const other = stage(waiting);
  expect(await other.run('pairing', 'reject', ada.id, '-s', 'prod', '--yes')).toBe(2);
  expect(started(other)).toEqual(['pairing-requests']);
});

test('a run that ends says who waits, and the command', async () => {
  const s = stage({ states: { '*': [{ ...ended, pairing: list().pairing }] } });
  expect(await s.run('run', 'provision', '-s', 'prod', '--yes')).toBe(0);
  expect(s.io.stderr()).toContain('2 requests wait to be let in: clincher pairing ls -s prod');
});
