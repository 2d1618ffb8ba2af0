import { createHash } from 'node:crypto';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { scanHostKeys } from '../../src/client/host-key.js';
import { KEY } from '../config/fixture.js';
import { errorOf } from '../secrets/folder.js';

const listen = async (server: {
  listen: NetServer['listen'];
  close: NetServer['close'];
  address: NetServer['address'];
}): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
};

type Kind = 'ed25519' | 'ecdsa' | 'rsa';

const MAKE = {
  ed25519: () => ssh2.utils.generateKeyPairSync('ed25519'),
  ecdsa: () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }),
  rsa: () => ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }),
};

/** Now and then ssh2 1.17.0 makes a key that it cannot read itself. */
function keyPair(kind: Kind): ReturnType<(typeof MAKE)[Kind]> {
  const made = MAKE[kind]();
  return ssh2.utils.parseKey(made.private) instanceof Error ? keyPair(kind) : made;
}

async function sshServer(...kinds: Kind[]): Promise<{ port: number; pub: string[]; logins: number }> {
  const keys = kinds.map(keyPair);
  const state = { port: 0, pub: keys.map((key) => key.public), logins: 0 };
  const server = new ssh2.Server({ hostKeys: keys.map((key) => key.private) }, (client) => {
    client.on('error', () => undefined).on('authentication', () => state.logins++);
  });
  state.port = await listen(server as never);
  return state;
}

/** As `ssh-keygen -lf` computes it. */
const fingerprintOf = (line: string): string =>
  `SHA256:${createHash('sha256')
    .update(Buffer.from(line.split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace('=', '')}`;

test('the fingerprint is what OpenSSH prints', () => {
  expect(fingerprintOf(KEY)).toBe('SHA256:QwPWIp8rPTKY68q+JEYZ8F07xfH+DZ0jncJ9Nssllg8');
});

test('all keys of a server, as ssh-keygen prints them, without a login', async () => {
  const server = await sshServer('ed25519', 'ecdsa', 'rsa');
  const keys = await scanHostKeys('127.0.0.1', server.port);
  expect(keys.map(({ type }) => type)).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa']);
  expect(keys.map(({ fingerprint }) => fingerprint)).toEqual(server.pub.map(fingerprintOf));
  expect(server.logins).toBe(0);
});

test('a server with one kind of key', async () => {
  const server = await sshServer('rsa');
  expect(await scanHostKeys('127.0.0.1', server.port)).toEqual([
    { type: 'ssh-rsa', fingerprint: fingerprintOf(server.pub[0] ?? '') },
  ]);
});

test('nothing listens', async () => {
  const server = createServer();
  const port = await listen(server);
  server.close();
  const error = await errorOf(scanHostKeys('127.0.0.1', port));
  expect(error).toMatchObject({
    code: 'UNREACHABLE',
    message: `The host keys of 127.0.0.1 port ${port} could not be read: nothing listens there.`,
  });
});

test.each<[behaviour: string, greet: (socket: import('node:net').Socket) => void, told: string]>([
  ['silence', () => undefined, 'no SSH server answered in time'],
  [
    'a web server',
    (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(20)),
    'no SSH server answered in time',
  ],
  ['a closed door', (socket) => socket.destroy(), 'it '],
])('%s', async (_, greet, told) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    greet(socket);
  });
  const port = await listen(server);
  const started = Date.now();
  const error = await errorOf(scanHostKeys('127.0.0.1', port, { timeoutMs: 300 }));
  expect(error.code).toBe('UNREACHABLE');
  expect(error.message).toContain(told);
  expect(Date.now() - started).toBeLessThan(3000);
});

test('a name that nobody knows', async () => {
  const error = await errorOf(scanHostKeys('nowhere.invalid', 22, { timeoutMs: 3000 }));
  expect(error.message).toMatch(/the name|in time/);
});
