// By a real SSH server in this process: everything that a quick command says may come in one packet.
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attach } from '../../src/activities/ssh-channel.js';
import { Capture } from '../../src/client/capture.js';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

let client: ssh2.Client;

/** Ends each command at once, in the same turn in which it is begun: `7` with that status, `TERM` by that signal, `-` without any. */
const server = new ssh2.Server({ hostKeys: [privateKey] }, (connection) => {
  connection.on('authentication', (context) => context.accept());
  connection.on('error', () => {});
  connection.on('session', (accept) =>
    accept().on('exec', (begin, _, { command }) => {
      const { _sock: socket } = connection as unknown as { _sock: Socket };
      socket.cork();
      setImmediate(() => socket.uncork());
      const channel = begin();
      channel.write('said');
      if (/^\d+$/.test(command)) channel.exit(Number(command));
      else if (command !== '-') channel.exit(command);
      channel.end();
    }),
  );
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new ssh2.Client();
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  client.connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    username: 'ada',
    hostVerifier: () => true,
  });
  await ready;
});
afterAll(() => {
  client.end();
  server.close();
});

test.each([
  ['7', 7],
  ['0', 0],
  ['TERM', 143],
  ['-', undefined],
] as const)('%s: what it said, and how it ended', async (command, code) => {
  for (let i = 0; i < 20; i += 1) {
    const [stdout, stderr] = [new Capture(), new Capture()];
    expect(await attach(client, command, { stdout, stderr })).toBe(code);
    expect(stdout.text()).toBe('said');
  }
});
