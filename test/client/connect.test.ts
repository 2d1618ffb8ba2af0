import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSession } from '../../src/client/connect.js';
import { type ServedControl, serveControl, socketPath } from '../../src/client/control-socket.js';
import { testIo } from '../../src/client/io.js';
import { buildId } from '../../src/temporal/build-id.js';
import { self } from '../../src/temporal/identity.js';
import { errorOf, folder } from '../secrets/folder.js';
import { FakeControl } from './fake-control.js';

let home = '';
let served: ServedControl | undefined;
beforeEach(() => {
  home = folder();
  // state.ts reads the process's own environment.
  vi.stubEnv('CLINCHER_HOME', home);
  for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_NAMESPACE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('TEMPORAL_CONFIG_FILE', join(home, 'none.toml'));
});
afterEach(async () => {
  await served?.close();
  served = undefined;
  vi.unstubAllEnvs();
});

async function worker(info: { address?: string; workerBuild?: string } = {}): Promise<FakeControl> {
  const control = new FakeControl();
  control.ping = async () => ({
    address: '127.0.0.1:7233',
    namespace: 'default',
    server: '1.32.0',
    workerBuild: buildId(),
    ...info,
  });
  served = await serveControl(control, socketPath(home));
  return control;
}

function embedded(): void {
  const ports = { frontend: 7233, ui: 8233, codec: 8234 };
  const state = { phase: 'up', supervisor: self(), startedAt: '', children: {}, build: buildId(), ports };
  writeFileSync(join(home, 'control-plane.json'), JSON.stringify(state));
}

const io = () => testIo({ env: process.env });
const run = { run: 'prod-3f2a', workflowId: 'clincher/prod/op', runId: 'r1' };

test('the worker of the embedded control plane is asked by its socket, and the web UI is known', async () => {
  await worker();
  embedded();
  const session = await openSession(io(), { config: undefined });
  expect(await session.control.list({ limit: 1 })).toEqual([]);
  expect(session.webUrl(run)).toBe(
    'http://127.0.0.1:8233/namespaces/default/workflows/clincher%2Fprod%2Fop/r1/history',
  );
  await session.control.close();
});

test('a worker that is connected to the configured Temporal is asked by its socket too', async () => {
  await worker({ address: 'temporal.example:7233' });
  vi.stubEnv('TEMPORAL_ADDRESS', 'temporal.example:7233');
  const session = await openSession(io(), { config: undefined });
  expect(session.webUrl(run)).toBeUndefined();
  await session.control.close();
});

test('a worker of another Temporal is not: that one is what must answer', async () => {
  const control = await worker({ address: 'other.example:7233' });
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
  const error = await errorOf(openSession(io(), { config: undefined, connectMs: 300 }));
  expect(error).toMatchObject({ code: 'TEMPORAL_UNREACHABLE', exitCode: 4 });
  expect(control.asked('list')).toEqual([]);
});

test('nothing is up, and nothing shall be started: exit 4 and what to type', async () => {
  const error = await errorOf(openSession(io(), { config: undefined, start: false }));
  expect(error).toMatchObject({ code: 'TEMPORAL_UNREACHABLE', remedy: ['clincher up'] });
});

test('a worker that takes connections and answers nothing is not waited for: Temporal itself is asked', async () => {
  const control = await worker();
  control.ping = () => new Promise(() => {});
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
  const error = await errorOf(openSession(io(), { config: undefined, connectMs: 300 }));
  expect(error).toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
});
