// The embedded control plane for real: it comes up, and comes back, whatever is killed.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, connect } from '../../src/temporal/connection.js';
import { type ControlPlane, down, ensureUp, status } from '../../src/temporal/control-plane.js';
import { identify, isAlive } from '../../src/temporal/identity.js';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/namespace.js';
import { NAMESPACE, readState } from '../../src/temporal/state.js';
import { startCli } from '../e2e/cli.js';

const home = mkdtempSync(join(tmpdir(), 'clincher-plane-'));
const said: string[] = [];
const say = (line: string) => void said.push(line);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const TASK_QUEUE = 'control-plane-test';

beforeAll(() => {
  for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE']) delete process.env[name];
  process.env['TEMPORAL_CONFIG_FILE'] = join(home, 'none.toml');
  process.env['CLINCHER_HOME'] = home;
  process.env['CLINCHER_WORKER_ENTRY'] = here('./control-plane-worker.ts');
});

afterAll(async () => {
  await down({ say });
  rmSync(home, { recursive: true, force: true });
});

async function withClient<T>(use: (connected: Connected) => Promise<T>): Promise<T> {
  const connected = await connect({ deadlineMs: 10_000 });
  try {
    return await use(connected);
  } finally {
    await connected.close();
  }
}

const start = (workflowId: string) =>
  withClient(({ client }) => client.workflow.start('waitForWord', { workflowId, taskQueue: TASK_QUEUE }));

const tell = (workflowId: string, word: string) =>
  withClient(async ({ client }) => {
    await client.workflow.getHandle(workflowId).signal('word', word);
    return client.workflow.getHandle(workflowId).result() as Promise<string>;
  });

/** Who asks for work, or did a few minutes ago. */
const workers = (): Promise<Set<string>> =>
  withClient(async ({ connection }) => {
    const taskQueue = { name: TASK_QUEUE };
    const { pollers } = await connection.workflowService.describeTaskQueue({
      ...{ namespace: NAMESPACE, taskQueue, taskQueueType: 1 },
    });
    return new Set(pollers?.map(({ identity }) => identity ?? ''));
  });

async function until<T>(what: () => T | undefined | false, withinMs: number): Promise<T> {
  const began = Date.now();
  for (;;) {
    const found = what();
    if (found) return found;
    if (Date.now() - began > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Kills a child of the supervisor and answers how long it took to have a new one. */
async function killChild(name: 'server' | 'ui' | 'worker'): Promise<number> {
  const { pid } = readState()!.children[name]!;
  process.kill(pid!, 'SIGKILL');
  const began = Date.now();
  await until(() => {
    const child = readState()!.children[name]!;
    return child.pid !== undefined && child.pid !== pid;
  }, 10_000);
  return Date.now() - began;
}

describe('the embedded control plane', () => {
  let plane: ControlPlane;

  test('two commands at once bring up one', async () => {
    const up =
      'import { ensureUp } from "./src/temporal/control-plane.ts"; process.stdout.write(JSON.stringify(await ensureUp({ say: () => {} })));';
    const run = () =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', up], {
        cwd: here('../..'),
      });
    const [a, b] = (await Promise.all([run(), run()])).map(
      ({ stdout }) => JSON.parse(stdout) as ControlPlane,
    );
    expect(a!.pids.supervisor).toBe(b!.pids.supervisor);
    plane = await ensureUp({ say });
    expect(plane).toEqual(a);
    expect(plane).toMatchObject({ kind: 'embedded', namespace: NAMESPACE });
    expect(said).toEqual([]);
  });

  test('answers at once when it is up', async () => {
    const began = performance.now();
    await ensureUp({ say });
    expect(performance.now() - began).toBeLessThan(10);
  });

  test('keeps histories for 90 days and knows our search attributes', () =>
    withClient(async ({ connection }) => {
      const { config } = await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
      expect(Number(config!.workflowExecutionRetentionTtl!.seconds)).toBe(90 * 86_400);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({
        namespace: NAMESPACE,
      });
      for (const name of SEARCH_ATTRIBUTES) expect(customAttributes![name]).toBe(2);
    }));

  test('shows histories to the web UI decoded, to nobody else', async () => {
    const settings = await fetch(`${plane.uiUrl}/api/v1/settings`).then((answer) => answer.json());
    expect(settings.Codec.Endpoint).toBe(plane.codecUrl);
    await start('decoded');
    expect(await tell('decoded', 'secret-marker')).toBe('hello secret-marker');
    const path = `/api/v1/namespaces/${NAMESPACE}/workflows/decoded/history`;
    const stored = await fetch(`${plane.uiUrl}${path}`).then((answer) => answer.text());
    expect(stored).not.toContain(btoa('"secret-marker"'));
    const origin = new URL(plane.uiUrl!).origin;
    const decoded = await fetch(`${plane.codecUrl}/decode`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ payloads: payloadsIn(JSON.parse(stored)) }),
    });
    expect(await decoded.text()).toContain(btoa('"hello secret-marker"'));
  });

  test('nothing of a run is in clear on disk, failures included', async () => {
    await start('failing');
    await tell('failing', 'nobody').catch(() => undefined);
    const files = [
      `temporal-${readState()!.source!.version}.db`,
      `temporal-${readState()!.source!.version}.db-wal`,
    ];
    for (const file of files.filter((name) => existsSync(join(home, name)))) {
      expect(readFileSync(join(home, file)).includes('secret-marker')).toBe(false);
    }
    expect(statSync(join(home, 'codec-keys.json')).mode & 0o777).toBe(0o600);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test('kill -9 of the server: back within a second, with its histories', async () => {
    await start('survivor');
    expect(await killChild('server')).toBeLessThan(1_500);
    expect(await tell('survivor', 'again')).toBe('hello again');
  });

  test('kill -9 of the worker: back within a second, and its work goes on', async () => {
    await start('handed-over');
    expect(await killChild('worker')).toBeLessThan(1_500);
    expect(await tell('handed-over', 'worker')).toBe('hello worker');
  });

  test('`clincher worker` works beside it, and leaves when it is told to', async () => {
    const { CLINCHER_WORKER_ENTRY: entry = '' } = process.env;
    const env = { CLINCHER_HOME: home, CLINCHER_WORKER_ENTRY: entry, TEMPORAL_ADDRESS: plane.address };
    const before = await workers();
    const second = startCli(['worker'], env, home);
    const isThere = async (): Promise<boolean> => [...(await workers())].some((one) => !before.has(one));
    for (const end = Date.now() + 30_000; !(await isThere()) && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await isThere(), second.said()).toBe(true);
    second.child.kill('SIGTERM');
    await second.ended;
    await start('one-is-left');
    expect(await tell('one-is-left', 'worker')).toBe('hello worker');
  });

  test('kill -9 of the web UI', async () => {
    if (!plane.pids.ui) return;
    await killChild('ui');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await fetch(plane.uiUrl!)).status).toBe(200);
  });

  test('kill -9 of the supervisor: the next command ends its children and starts anew, on the same ports', async () => {
    const before = await ensureUp({ say });
    const children = Object.values(readState()!.children).map(({ pid }) => identify(pid!)!);
    process.kill(before.pids.supervisor!, 'SIGKILL');
    await until(() => !isAlive(identify(before.pids.supervisor!)), 2_000);
    expect(children.every(isAlive)).toBe(true);
    plane = await ensureUp({ say });
    expect(plane.pids.supervisor).not.toBe(before.pids.supervisor);
    expect(children.some(isAlive)).toBe(false);
    expect({ ...plane, pids: {} }).toEqual({ ...before, pids: {} });
    expect(await withClient(({ client }) => client.workflow.getHandle('survivor').result())).toBe(
      'hello again',
    );
  });

  test('down ends all of it, and a stranger keeps the pid that it reused', async () => {
    const children = Object.values(readState()!.children).map(({ pid }) => identify(pid!)!);
    const stranger = spawn('sleep', ['60']);
    expect(await down({ say })).toBe(true);
    expect(children.some(isAlive)).toBe(false);
    expect(isAlive(identify(stranger.pid!))).toBe(true);
    stranger.kill();
    expect(await status()).toEqual({ phase: 'down' });
    expect(await down({ say })).toBe(false);
  });

  test('a port that somebody took meanwhile is left to them', async () => {
    const { frontend, ui } = readState()!.ports!;
    const strangers = await Promise.all([frontend, ui].map(listen));
    plane = await ensureUp({ say });
    expect(plane.address).not.toBe(`127.0.0.1:${frontend}`);
    expect(plane.uiUrl).not.toContain(`:${ui}`);
    await start('moved');
    expect(await tell('moved', 'house')).toBe('hello house');
    for (const stranger of strangers) stranger.close();
  });

  test('a state folder that is deleted takes its processes with it', async () => {
    const { supervisor, children } = readState()!;
    const all = [supervisor, ...Object.values(children).map(({ pid }) => identify(pid!)!)];
    rmSync(home, { recursive: true });
    await until(() => !all.some(isAlive), 20_000);
    expect(existsSync(home)).toBe(false);
  });
});

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

/** Every payload anywhere in an answer of the API. */
function payloadsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('metadata' in value && 'data' in value) return [value];
  return Object.values(value).flatMap(payloadsIn);
}
