import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownAddress } from '../../src/client/own-address.js';
import { ownKeys } from '../../src/client/own-keys.js';
import { KEY } from '../config/fixture.js';
import { folder } from '../secrets/folder.js';

/** An SSH agent that holds one key: SSH_AGENT_IDENTITIES_ANSWER (12) to whatever it is asked. */
async function agent(line: string): Promise<string> {
  const [, blob = '', comment = ''] = line.split(' ');
  const text = (value: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, 0, value.length >> 8, value.length & 255]), value]);
  const body = Buffer.concat([
    Buffer.from([12, 0, 0, 0, 1]),
    text(Buffer.from(blob, 'base64')),
    text(Buffer.from(comment)),
  ]);
  const path = join(folder(), 'agent');
  const server = createServer(
    (socket) => void socket.on('data', () => socket.write(text(body))).on('error', () => undefined),
  );
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return path;
}

function home(files: Record<string, string>): string {
  const path = folder();
  mkdirSync(join(path, '.ssh'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, '.ssh', name), text);
  return path;
}

const OTHER = KEY.replace('tYdClZ', 'tYdClY').replace('you@home', 'you@agent');

test('keys of the agent and of ~/.ssh; what is no public key is left out', async () => {
  const HOME = home({
    'a.pub': `${KEY}\n`,
    a: 'private',
    'b.pub': 'hunter2\n',
    'c.pub': '-----BEGIN OPENSSH PRIVATE KEY-----\n',
  });
  const found = await ownKeys({ HOME, SSH_AUTH_SOCK: await agent(OTHER) });
  expect(found).toEqual([
    { line: KEY, from: join(HOME, '.ssh/a.pub'), identityFile: join(HOME, '.ssh/a') },
    { line: OTHER, from: 'agent' },
  ]);
});

test('a key that is in both is listed once, as a file', async () => {
  const HOME = home({ 'a.pub': KEY });
  const found = await ownKeys({ HOME, SSH_AUTH_SOCK: await agent(KEY) });
  expect(found).toEqual([{ line: KEY, from: join(HOME, '.ssh/a.pub') }]);
});

test('neither folder nor agent, and an agent that is gone', async () => {
  expect(await ownKeys({ HOME: folder() })).toEqual([]);
  expect(await ownKeys({ HOME: folder(), SSH_AUTH_SOCK: '/nowhere/agent' })).toEqual([]);
});

test('the own address: the way to a server nearby, the visitor for one that is public', async () => {
  expect(await ownAddress('127.0.0.1', {})).toBe('127.0.0.1');
  expect(await ownAddress('nowhere.invalid', { SSH_CONNECTION: '198.51.100.7 5000 203.0.113.1 22' })).toBe(
    '198.51.100.7',
  );
  expect(
    await ownAddress('nowhere.invalid', { SSH_CONNECTION: '10.0.0.7 5000 203.0.113.1 22' }),
  ).toBeUndefined();
  expect(await ownAddress('nowhere.invalid', {})).toBeUndefined();
});
