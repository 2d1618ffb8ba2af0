import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  type ServedControl,
  serveControl,
  socketControl,
  socketPath,
} from '../../src/client/control-socket.js';
import { lineSplitter } from '../../src/client/control-wire.js';
import { ClincherError } from '../../src/errors.js';
import { errorOf, folder } from '../secrets/folder.js';
import { FakeControl, turn } from './fake-control.js';
import { ended } from './states.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function served(control = new FakeControl(), path = socketPath(folder())) {
  const server = (await serveControl(control, path)) as ServedControl;
  open.push(server);
  const client = await socketControl(path);
  open.push(client);
  return { control, path, server, client };
}

test('answers, undefined, and errors with their code go through', async () => {
  const { client, control } = await served(new FakeControl({ states: { '*': [ended] } }));
  expect(await client.state('prod-3f2a')).toEqual(JSON.parse(JSON.stringify(ended)));
  expect(await client.holder('prod')).toBeUndefined();
  expect(await client.list({ limit: 5 })).toEqual([]);
  const error = await errorOf(client.find('prod-ffff'));
  expect(error).toMatchObject({ code: 'RUN_NOT_FOUND', message: 'There is no run prod-ffff.', exitCode: 2 });
  control.start = async () => {
    throw new ClincherError('LOCKED', 'busy', { remedy: ['clincher follow x'], evidence: ['one'] });
  };
  const locked = await errorOf(client.start('provision', {} as never, { readOnly: false }));
  expect(locked).toMatchObject({ code: 'LOCKED', remedy: ['clincher follow x'], evidence: ['one'] });
});

test('what waits goes through too', async () => {
  const { client, control } = await served(new FakeControl({ waiting: [turn()] }));
  expect(await client.waiting()).toEqual(JSON.parse(JSON.stringify([turn()])));
  const input = { server: { name: 'prod' } } as never;
  expect(await client.queue('backup', input, { patienceSeconds: 60 })).toMatchObject({ waits: turn().waits });
  expect(control.asked('queue')).toEqual([['backup', input, { patienceSeconds: 60 }]]);
});

test('many questions at once, each with its own answer', async () => {
  const control = new FakeControl();
  control.history = async () => ({ events: 1, activities: 1, bytes: 1 });
  control.find = async (run) => {
    await new Promise((resolve) => setTimeout(resolve, run === 'slow' ? 40 : 1));
    return { run } as never;
  };
  const { client } = await served(control);
  const [slow, quick] = await Promise.all([client.find('slow'), client.find('quick')]);
  expect([slow.run, quick.run]).toEqual(['slow', 'quick']);
});

test('for its owner alone', async () => {
  const { path } = await served();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a socket left by a worker that was killed is replaced, that of a living one is not', async () => {
  const path = socketPath(folder());
  await new Promise<void>((resolve) => {
    const dead = createServer().listen(path, () => dead.close(() => resolve()));
  });
  writeFileSync(path, '');
  const { client } = await served(new FakeControl(), path);
  expect(await client.ping()).toMatchObject({ namespace: 'default' });
  expect(await errorOf(serveControl(new FakeControl(), path))).toMatchObject({ code: 'INTERNAL' });
});

test('nobody there: rejects at once, so that another way is taken', async () => {
  await expect(socketControl(join(folder(), 'control.sock'))).rejects.toMatchObject({
    code: 'WORKER_NOT_RUNNING',
  });
});

test('a worker that leaves: what waits is told so; when one is back the next question reaches it', async () => {
  const control = new FakeControl();
  control.history = () => new Promise(() => {});
  const { client, server, path } = await served(control);
  const waiting = errorOf(client.history('x'));
  await client.ping();
  await server.close();
  expect(await waiting).toMatchObject({ code: 'WORKER_NOT_RUNNING' });
  expect(await errorOf(client.ping())).toMatchObject({ code: 'WORKER_NOT_RUNNING' });
  open.push((await serveControl(new FakeControl(), path)) as ServedControl);
  expect(await client.ping()).toMatchObject({ namespace: 'default' });
});

test('what is no question ends the connection and nothing else', async () => {
  const { path, client } = await served();
  for (const line of ['nonsense', '{"id":1,"method":"constructor","args":[]}', '{"id":1,"method":"ping"}']) {
    const socket = connect(path);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`${line}\n`);
    await closed;
  }
  expect(await client.ping()).toMatchObject({ namespace: 'default' });
});

test('a path too long for a socket: none is made, nothing breaks', async () => {
  const path = join(folder(), 'x'.repeat(120));
  expect(await serveControl(new FakeControl(), path)).toBeUndefined();
  expect(existsSync(path)).toBe(false);
});

test('lines: cut anywhere, also inside a character', () => {
  const lines: string[] = [];
  const take = lineSplitter((line) => lines.push(line));
  const bytes = Buffer.from('{"a":"é"}\n{"b":1}\n');
  for (const byte of bytes) take(Buffer.from([byte]));
  take(bytes);
  expect(lines).toEqual(['{"a":"é"}', '{"b":1}', '{"a":"é"}', '{"b":1}']);
});
