import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeCheck } from '../../src/client/checks.js';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import { ClincherError } from '../../src/errors.js';
import { DEFAULTS } from '../config/fixture.js';
import { summary } from './fake-control.js';
import { stage } from './stage.js';
import { ended, step } from './states.js';

let listener: Server;
let port = 0;
beforeAll(async () => {
  listener = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  port = (listener.address() as AddressInfo).port;
});
afterAll(() => void listener.close());

const at = (sshPort: number, address = '127.0.0.1'): string =>
  `${DEFAULTS}servers:
  prod:
    address: ${address}
    ssh:
      port: ${sshPort}
      first_contact: { user: root, port: ${sshPort} }
`;

const healthy = {
  ...ended,
  groups: [
    {
      name: 'doctor',
      steps: [
        step('doctor.ssh', 'ssh 38 ms as deploy on 9922, host key pinned'),
        step('doctor.sudo', 'root without a prompt'),
      ],
    },
  ],
};

test('all is well: every check in its order, exit 0', async () => {
  const { run, io } = stage({ config: at(port), states: { '*': [healthy] } });
  expect(await run('doctor')).toBe(0);
  const lines = io.stdout().split('\n');
  expect(lines[0]).toMatch(/^✓ node 2\d/);
  expect(lines[1]).toMatch(/clincher\.yaml \(1 server\)$/);
  expect(lines.find((line) => line.includes('Temporal'))).toBe(
    '✓ Temporal 127.0.0.1:7233 (1.32.0), namespace default',
  );
  expect(io.stdout()).toContain('✓ worker polls');
  expect(io.stdout()).toMatch(/✓ prod {2}port \d+ answers in \d+ ms/);
  expect(io.stdout()).toContain('✓ prod  ssh 38 ms as deploy on 9922, host key pinned');
  expect(io.stdout()).toContain('✓ prod  lock free');
});

test('no configuration, or a broken one: said with its place, nothing contacted, exit 1', async () => {
  const broken = stage({ config: 'version: 1\nservers: {}\n' });
  expect(await broken.run('doctor')).toBe(1);
  expect(broken.io.stdout()).toMatch(/clincher\.yaml:2:\d+ servers: is empty/);
  expect(broken.opened()).toBe(0);
  const none = stage();
  expect(await none.run('doctor', '--config', 'nowhere.yaml')).toBe(1);
  expect(none.io.stdout()).toContain('fix  clincher init');
});

test('a port that does not answer, a busy server, a missing worker: each with its fix', async () => {
  const closed = stage({
    config: at(1),
    states: { '*': [healthy] },
    holder: summary({ status: 'running', endedAt: undefined }),
  });
  expect(await closed.run('doctor')).toBe(1);
  expect(closed.io.stdout()).toContain('✗ prod  127.0.0.1 does not answer on 1');
  expect(closed.io.stdout()).toContain('fix  clincher follow prod-3f2a');
  expect(closed.io.stdout()).toMatch(/1 problem, 2 warnings\n$/);
  const idle = stage({ config: at(port), worker: { alive: false, identities: [] } });
  expect(await idle.run('doctor')).toBe(1);
  expect(idle.io.stdout()).toContain('✗ no worker polls the task queue');
  expect(idle.control.asked('start')).toEqual([]);
});

test('what the host itself lacks', async () => {
  const bad = step('doctor.os_unsupported', 'OS', {
    status: 'failed',
    error: { code: 'OS_UNSUPPORTED', message: 'alpine 3.20 is not supported' },
  });
  const { run, io } = stage({
    config: at(port),
    states: { '*': [{ ...ended, groups: [{ name: 'doctor', steps: [bad] }] }] },
  });
  expect(await run('doctor')).toBe(1);
  expect(io.stdout()).toContain('✗ prod  alpine 3.20 is not supported');
  expect(io.stdout()).toContain('fix  use Debian 12 or 13');
});

test('Temporal that does not answer is a finding, not a crash', async () => {
  const place = stage({ config: at(port) });
  place.control.ping = async () => {
    throw new ClincherError('TEMPORAL_UNREACHABLE', 'Temporal does not answer.');
  };
  expect(await place.run('doctor')).toBe(1);
  expect(place.io.stdout()).toContain('fix  clincher up');
});

test('--json is of its schema; a server that is not there is a mistake of the command line', async () => {
  const { run, io } = stage({ config: at(port), states: { '*': [healthy] } });
  await run('doctor', '--json');
  expect(SCHEMAS.doctor.parse(JSON.parse(io.stdout()))).toMatchObject({ ok: true });
  expect(await stage({ config: at(port) }).run('doctor', '-s', 'nope')).toBe(2);
});

test('which Node is enough', () => {
  expect(['20.19.0', '20.20.2', '22.0.0', '24.1.0'].map((running) => nodeCheck(running).status)).toEqual([
    'ok',
    'ok',
    'ok',
    'ok',
  ]);
  expect(['18.20.0', '20.18.1'].map((running) => nodeCheck(running).status)).toEqual(['failed', 'failed']);
});
