// Reading and merging openclaw.json, by the programs that the host runs: what is ours moves, everything else stays.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConfigNow,
  type ConfigPatch,
  configNow,
  WRITTEN_SETTINGS,
  writeConfig,
} from '../../src/commands/openclaw-config.js';
import type { Command } from '../../src/model.js';
import { answer } from './answer.js';

const PLACE = { container: 'openclaw', settings: WRITTEN_SETTINGS, stamp: '/var/lib/clincher/read/openclaw' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openclaw-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'openclaw.json');
const put = (config: unknown): void => {
  writeFileSync(path(), typeof config === 'string' ? config : JSON.stringify(config));
  chmodSync(path(), 0o640);
};

const words = (command: Command): string[] => command.map((word) => String(word));

function read(...keys: string[]): ConfigNow | null {
  const fact = configNow(path(), keys);
  const [program = '', ...all] = words(fact.read);
  const args = all.map((word) => (word === WRITTEN_SETTINGS ? join(folder, 'written') : word));
  // As on a host, where every tool's words are English.
  const env = { ...process.env, LC_ALL: 'C' };
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', env });
  return fact.parse(answer(stdout, status ?? 1, stderr));
}

/** The program that merges is one of the words of the script. */
function merge(patch: ConfigPatch): { config: unknown; written: unknown } {
  const program = words(writeConfig(path(), 'image', patch, PLACE).command).find((word) =>
    word.includes('def put'),
  );
  if (program === undefined) throw new Error('the script has no program that merges');
  writeFileSync(join(folder, 'patch'), JSON.stringify(patch));
  const out = mkdtempSync(join(folder, 'out-'));
  const { status, stderr } = spawnSync('python3', [
    '-I',
    '-S',
    '-c',
    program,
    path(),
    join(folder, 'patch'),
    out,
  ]);
  expect(String(stderr)).toBe('');
  expect(status).toBe(0);
  const json = (name: string): unknown => JSON.parse(readFileSync(join(out, name), 'utf8'));
  return { config: json('openclaw.json'), written: json('settings.json') };
}

describe('reading', () => {
  it('says nothing of what it was not asked for', () => {
    put({ gateway: { bind: 'lan' }, env: { vars: { FOREIGN: 'foreign-secret' } } });
    expect(read('gateway.bind', 'gateway.mode')).toMatchObject({
      mode: '0640',
      values: { 'gateway.bind': 'lan' },
    });
    expect(JSON.stringify(read('gateway.bind'))).not.toContain('foreign-secret');
  });

  it('shows a hash in place of a secret that stands there in the clear', () => {
    put({
      gateway: { auth: { token: 'in-the-clear' } },
      models: { providers: { x: { apiKey: 'this-too' } } },
    });
    const text = JSON.stringify(read('gateway.auth.token', 'models.providers'));
    expect(text.match(/«sha256:[0-9a-f]{64}»/g)).toHaveLength(2);
    expect(text).not.toMatch(/in-the-clear|this-too/);
  });

  it('shows references as they are', () => {
    const token = { source: 'file', provider: 'clincher', id: '/gatewayToken' };
    put({ gateway: { auth: { token } }, hooks: { token: '${OPENCLAW_WEBHOOK_TOKEN}' } });
    expect(read('gateway.auth.token', 'hooks.token')?.values).toEqual({
      'gateway.auth.token': token,
      'hooks.token': '${OPENCLAW_WEBHOOK_TOKEN}',
    });
  });

  it('tells no file from one that it does not understand', () => {
    expect(read('gateway.bind')).toBeNull();
    put('{ // mine\n}');
    expect(() => read('gateway.bind')).toThrow('is no plain JSON');
    put('[]');
    expect(() => read('gateway.bind')).toThrow('holds no JSON object');
  });
});

describe('merging', () => {
  const written = { 'gateway.bind': 'lan' };

  it('keeps secrets and settings of others, unread', () => {
    put({ channels: { matrix: { accessToken: 'foreign-secret' } }, gateway: { bind: 'loopback', x: 1 } });
    expect(merge({ set: { 'gateway.bind': 'lan' }, remove: [], written })).toEqual({
      config: { channels: { matrix: { accessToken: 'foreign-secret' } }, gateway: { bind: 'lan', x: 1 } },
      written,
    });
  });

  it('takes back what is ours, and folders that are empty then', () => {
    put({ channels: { telegram: { enabled: true, botToken: 'x' }, defaults: { groupPolicy: 'allowlist' } } });
    const remove = ['channels.telegram.enabled', 'channels.telegram.botToken', 'channels.slack.enabled'];
    expect(merge({ set: {}, remove, written }).config).toEqual({
      channels: { defaults: { groupPolicy: 'allowlist' } },
    });
  });

  it('makes a whole file where there is none, and what is in the way gives way', () => {
    expect(merge({ set: { 'a.b': 1 }, remove: [], written }).config).toEqual({ a: { b: 1 } });
    put({ a: 'text' });
    expect(merge({ set: { 'a.b': ['x'] }, remove: [], written }).config).toEqual({ a: { b: ['x'] } });
  });
});

describe('copies of older configurations', () => {
  const copy = (): string => join(folder, 'openclaw.json.before');

  function scrub(old: unknown): unknown {
    const patch = { set: {}, remove: [], written: {} };
    const program = words(writeConfig(path(), 'image', patch, PLACE).command).find((word) =>
      word.includes('kept ='),
    );
    if (program === undefined) throw new Error('the script has no program that scrubs');
    writeFileSync(copy(), typeof old === 'string' ? old : JSON.stringify(old));
    const missing = join(folder, 'openclaw.json.b*');
    const { status, stderr } = spawnSync('python3', ['-I', '-S', '-c', program, path(), copy(), missing]);
    expect([status, String(stderr)]).toEqual([0, '']);
    return readFileSync(copy(), 'utf8');
  }

  it('lose a secret that the new one refers to, and keep one that it still spells out', () => {
    const own = { entries: { theirs: { apiKey: 'key-of-a-plugin-0123' } } };
    put({ gateway: { auth: { token: { source: 'file', id: 'gatewayToken' } } }, plugins: own });
    const old = { gateway: { auth: { mode: 'token', token: 'f'.repeat(64) } }, plugins: own };
    expect(JSON.parse(String(scrub(old)))).toEqual({ gateway: { auth: { mode: 'token' } }, plugins: own });
  });

  it('stay as they are to the byte where there is nothing to lose, or nothing to read', () => {
    put({ gateway: {} });
    const plain = '{"hooks": {"token": "${OPENCLAW_WEBHOOK_TOKEN}"},   "gateway": {}}';
    expect(scrub(plain)).toBe(plain);
    expect(scrub('// not JSON')).toBe('// not JSON');
  });
});
