// Bad configuration through the real command line: every mistake with its place, exit 2, and nothing is contacted.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CliResult } from '../e2e/cli.js';
import { until } from '../e2e/moments.js';
import { Stage } from '../e2e/stage.js';

const stage = new Stage({ say: (line) => void process.stderr.write(`${line}\n`) });
/** Stands where the configuration says that the server is. */
let knocks = 0;
let door: Server;
let port = 0;

beforeAll(async () => {
  door = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  port = (door.address() as AddressInfo).port;
});
afterAll(async () => {
  door.close();
  await stage.close();
});
beforeEach(() => {
  knocks = 0;
});

const good = (): string => `version: 1
servers:
  prod:
    address: 127.0.0.1
    ssh:
      port: ${port}
      first_contact: { user: root, port: ${port} }
      host_keys: [SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU]
      authorized_keys:
        - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ ada@desk
      admin_addresses: [10.0.0.1/32]
    stack: { enabled: false }
`;

function provision(config: string): Promise<CliResult> {
  writeFileSync(stage.config, config);
  return stage.cli(['run', 'provision', '-s', 'prod', '--yes']);
}

const mistakes: readonly (readonly [string, (config: string) => string, RegExp])[] = [
  ['an unknown key', (c) => c.replace('address:', 'adress:'), /clincher\.yaml:4:5.*adress.*address/s],
  ['a wrong type', (c) => c.replace(`port: ${port}\n`, 'port: ssh\n'), /clincher\.yaml:6:13/],
  [
    'a number out of range',
    (c) => c.replace(`port: ${port}\n`, 'port: 99220\n'),
    /clincher\.yaml:6:13.*65535/s,
  ],
  [
    'a server that is there twice',
    (c) => `${c}  prod:\n    address: 127.0.0.2\n`,
    /clincher\.yaml:13:3.*prod/s,
  ],
  ['YAML that does not parse', (c) => c.replace('[10.0.0.1/32]', '[10.0.0.1/32'), /clincher\.yaml:1[12]:\d+/],
  [
    'a secret in clear',
    (c) => c.replace('    stack:', '      sudo_password: hunter2\n    stack:'),
    /clincher\.yaml:12:22/,
  ],
];

test.each(mistakes)('%s: its line and column, exit 2, nothing contacted', async (_, spoil, expected) => {
  const seen = await provision(spoil(good()));
  expect(seen.stderr).toMatch(expected);
  expect(seen.code).toBe(2);
  expect(seen.stdout).toBe('');
  expect(seen.stderr).not.toContain('hunter2');
  expect(knocks).toBe(0);
  expect(existsSync(join(stage.home, 'control-plane.json'))).toBe(false);
});

test('all mistakes are told at once', async () => {
  const seen = await provision(
    good().replace('address:', 'adress:').replace(`port: ${port}\n`, 'port: ssh\n'),
  );
  expect(seen.stderr).toMatch(/clincher\.yaml:4:5/);
  expect(seen.stderr).toMatch(/clincher\.yaml:6:13/);
});

test('a server that the configuration does not have, and no configuration at all', async () => {
  writeFileSync(stage.config, good());
  const unknown = await stage.cli(['run', 'provision', '-s', 'prdo', '--yes']);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringMatching(/prdo.*prod/s) });
  rmSync(stage.config);
  const none = await stage.cli(['run', 'provision', '-s', 'prod', '--yes']);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('clincher init') });
  expect(knocks).toBe(0);
});

test('a secret without a value: exit 2, and the server is not asked', async () => {
  const key = join(stage.folder, 'key');
  writeFileSync(key, 'not reached', { mode: 0o600 });
  const ssh = `      identity_file: ${key}\n      identity_passphrase: env:CLINCHER_TEST_NOT_SET\n`;
  const seen = await provision(good().replace('      admin_addresses', `${ssh}      admin_addresses`));
  expect(seen.stderr).toMatch(/SECRET_MISSING/);
  expect(seen.stderr).toContain('CLINCHER_TEST_NOT_SET');
  expect(seen.code).toBe(2);
  expect(knocks).toBe(0);
});

test('without a mistake the same configuration does knock', async () => {
  writeFileSync(stage.config, good());
  const running = stage.start(['run', 'provision', '-s', 'prod', '--yes']);
  await until('a knock', () => knocks > 0, 60_000);
  running.child.kill('SIGKILL');
});
