import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import type { ClincherError } from '../../src/errors.js';
import type { Found, Left, RunState } from '../../src/model.js';
import { HOST_KEY, KEY } from '../config/fixture.js';
import { stage } from './stage.js';
import { ended } from './states.js';

const OTHER = KEY.replace('IIX', 'IIY').replace('you@home', 'ops@desk');

const FOUND: Found[] = [
  { key: ['ssh', 'user'], value: 'admin', from: 'the login that worked' },
  { key: ['ssh', 'port'], value: 2222, from: 'the login that worked' },
  { key: ['ssh', 'authorized_keys'], value: [OTHER], from: '/home/admin/.ssh/authorized_keys' },
  { key: ['ssh', 'admin_addresses'], value: ['198.51.100.0/24'], from: 'ufw' },
  { key: ['system', 'sysctl', 'vm.swappiness'], value: 5, from: '/etc/sysctl.d' },
  { key: ['docker', 'log_max_size'], value: 'a lot', from: '/etc/docker/daemon.json' },
];

const seen = (found = FOUND, unknown: string[] = [], left?: Left[]): RunState => ({
  ...{ ...ended, runbook: 'discover', groups: [] },
  discovered: { found, left, unknown },
});

const WORDS = ['adopt', 'web', '--config', 'web.yaml', '--key', 'id.pub', '--host-key', HOST_KEY];
const REACH = [
  '--set',
  'address=203.0.113.9',
  '--set',
  'ssh.first_contact.user=admin',
  '--set',
  'ssh.first_contact.port=2222',
];

function scene(states: (RunState | ClincherError)[] = [seen()]) {
  const s = stage({ states: { '*': states } });
  writeKey(s.bench.cwd);
  const path = join(s.bench.cwd, 'web.yaml');
  return {
    ...s,
    text: () => readFileSync(path, 'utf8'),
    isWritten: () => existsSync(path) || existsSync(join(s.bench.cwd, 'clincher.vault.age')),
    web: () => loadConfig('web.yaml', { cwd: s.bench.cwd, env: { HOME: s.bench.home } }).servers['web']!,
  };
}

test('the host is looked at as it is reached, and what it has is what the file says', async () => {
  const s = scene();
  expect(await s.run(...WORDS, ...REACH)).toBe(0);
  const [name, input] = s.control.asked('start')[0] as [string, { server: { ssh: object } }];
  expect(name).toBe('discover');
  expect(input.server).toMatchObject({
    address: '203.0.113.9',
    ssh: { first_contact: { user: 'admin', port: 2222 }, host_keys: [HOST_KEY], authorized_keys: [KEY] },
  });
  expect(s.web()).toMatchObject({
    ssh: { user: 'admin', port: 2222, admin_addresses: ['198.51.100.0/24'], authorized_keys: [OTHER, KEY] },
    docker: { log_max_size: '10m' },
  });
  expect(s.web().system.sysctl['vm.swappiness']).toBe('5');
  expect(s.text()).toContain('# As web has it (ufw).\n      admin_addresses:');
  expect(s.io.stdout()).toContain('5 settings as web has them');
  expect(s.io.stdout()).toMatch(
    /left out: docker\.log_max_size \(\/etc\/docker\/daemon\.json\) is not a size/,
  );
  expect(s.io.stdout()).toContain('clincher plan provision -s web --diff');
});

test('what --set says holds against what the host has', async () => {
  const s = scene();
  expect(await s.run(...WORDS, ...REACH, '--set', 'ssh.port=9922', '--json')).toBe(0);
  expect(s.web().ssh.port).toBe(9922);
  const { settings } = JSON.parse(s.io.stdout()) as { settings: { key: string }[] };
  expect(settings.map(({ key }) => key)).not.toContain('ssh.port');
});

test('a host without a firewall does not say who comes in: that is asked for, and nothing is written', async () => {
  const s = scene([seen(FOUND.filter(({ key }) => key[1] !== 'admin_addresses'))]);
  expect(await s.run(...WORDS, ...REACH)).toBe(2);
  expect(s.io.stderr()).toMatch(/ssh\.admin_addresses: is empty[\s\S]*--set ssh\.admin_addresses=/);
  expect(s.isWritten()).toBe(false);
  expect(await s.run(...WORDS, ...REACH, '--set', 'ssh.admin_addresses=198.51.100.7')).toBe(0);
});

test.each([
  ['no address', WORDS, 2, /how is the host reached/],
  [
    'a file that is there',
    ['adopt', 'web', '--key', 'id.pub', ...REACH],
    2,
    /clincher\.yaml is there already/,
  ],
  ['a name that cannot be one', ['adopt', 'Web!', ...WORDS.slice(2), ...REACH], 2, /The name of the server/],
  ['both a new one and one that is known', [...WORDS, ...REACH, '-s', 'prod'], 2, /Either web, which is new/],
])('%s: said at once, nothing is contacted', async (_, words, code, sentence) => {
  const s = scene();
  expect(await s.run(...words)).toBe(code);
  expect(s.io.stderr()).toMatch(sentence);
  expect(s.opened()).toBe(0);
  expect(s.isWritten()).toBe(false);
});

test('a host that cannot be reached: its error, and nothing is written', async () => {
  const s = scene([
    {
      ...seen(),
      status: 'failed',
      discovered: undefined,
      error: { code: 'UNREACHABLE', message: 'web does not answer', evidence: [], remedy: [] },
    },
  ]);
  expect(await s.run(...WORDS, ...REACH)).toBe(5);
  expect(s.io.stderr()).toContain('web does not answer');
  expect(s.isWritten()).toBe(false);
});

test('what could not be read is said', async () => {
  const s = scene([seen(FOUND, ['docker: docker.service makes no sense'])]);
  expect(await s.run(...WORDS, ...REACH)).toBe(0);
  expect(s.io.stdout()).toContain('not read: docker: docker.service makes no sense');
});

test('and what no key says', async () => {
  const s = scene([seen(FOUND, [], [{ name: 'API_KEY', place: '/srv/.env', why: 'was not looked at' }])]);
  expect(await s.run(...WORDS, ...REACH)).toBe(0);
  expect(s.io.stdout()).toContain('left out: API_KEY (/srv/.env) was not looked at');
});

function writeKey(folder: string): void {
  writeFileSync(join(folder, 'id.pub'), `${KEY}\n`);
}
