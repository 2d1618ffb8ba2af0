import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadlineOf } from '../../src/temporal/connection.js';
import { buildLine, count } from '../../src/temporal/go-build.js';
import { asset, cacheDir, projectRoot, stateDir } from '../../src/temporal/paths.js';
import { fillPorts, PORT_NAMES } from '../../src/temporal/ports.js';
import { configuredProfile, profileSource } from '../../src/temporal/profile.js';
import { unitText } from '../../src/temporal/service.js';
import { target } from '../../src/temporal/target.js';

describe('where things are', () => {
  test.each([
    [{ CLINCHER_HOME: '/a' }, '/a'],
    [{ XDG_STATE_HOME: '/s', HOME: '/h' }, '/s/clincher'],
    [{ HOME: '/h' }, '/h/.local/state/clincher'],
    [{}, join(homedir(), '.local/state/clincher')],
  ])('the state folder of %j', (env, path) => expect(stateDir(env)).toBe(path));

  test.each([
    [{ CLINCHER_CACHE: '/a' }, '/a'],
    [{ XDG_CACHE_HOME: '/c' }, '/c/clincher'],
    [{ HOME: '/h' }, '/h/.cache/clincher'],
  ])('the cache folder of %j', (env, path) => expect(cacheDir(env)).toBe(path));

  test('assets are beside the code', () => {
    expect(asset('build', 'go.mod')).toBe(join(projectRoot(), 'templates/temporal/build/go.mod'));
  });
});

describe('ports', () => {
  const all = { check: PORT_NAMES, from: 100 };

  test('are chosen once, skipping what others use', async () => {
    const ports = await fillPorts({ ...all, kept: {}, isFree: async (port) => port !== 101 });
    expect([ports.frontend, ports.frontendHttp, ports.frontendMembership]).toEqual([100, 102, 103]);
    expect(new Set(Object.values(ports)).size).toBe(PORT_NAMES.length);
  });

  test('are kept as long as nobody took them', async () => {
    const kept = await fillPorts({ ...all, kept: {}, isFree: async () => true });
    expect(await fillPorts({ ...all, kept, isFree: async () => true })).toEqual(kept);
    const moved = await fillPorts({ ...all, kept, isFree: async (port) => port !== kept.ui });
    expect(moved).toMatchObject({ frontend: kept.frontend });
    expect(Object.values(kept)).not.toContain(moved.ui);
  });

  test('that we listen on ourselves are not asked for', async () => {
    const kept = await fillPorts({ ...all, kept: {}, isFree: async () => true });
    const inUse = new Set([kept.ui, kept.codec, kept.frontend]);
    const isFree = async (port: number) => !inUse.has(port);
    const moved = await fillPorts({ kept, check: ['frontend'], from: 100, isFree });
    expect(moved).toMatchObject({ ui: kept.ui, codec: kept.codec });
    expect(Object.values(kept)).not.toContain(moved.frontend);
  });
});

describe('a configured Temporal', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clincher-toml-'));
    const toml = `[profile.default]\naddress = "home:1"\n[profile.work]\naddress = "work:2"\nnamespace = "ops"\napi_key = "k"\n`;
    writeFileSync(join(folder, 'temporal.toml'), `${toml}[profile.empty]\nnamespace = "x"\n`);
    writeFileSync(join(folder, 'bad.toml'), '[profile');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const env = (more: object) => ({
    HOME: folder,
    TEMPORAL_CONFIG_FILE: join(folder, 'temporal.toml'),
    ...more,
  });

  test('none: the embedded one is meant', async () => {
    expect(await configuredProfile({ HOME: folder })).toBeUndefined();
  });

  test('by address', async () => {
    const found = await configuredProfile({
      HOME: folder,
      TEMPORAL_ADDRESS: 'there:7233',
      TEMPORAL_NAMESPACE: 'n',
    });
    expect(found).toMatchObject({ address: 'there:7233', namespace: 'n', source: 'TEMPORAL_ADDRESS' });
  });

  test('by the default profile, and by name', async () => {
    expect(await configuredProfile(env({}))).toMatchObject({ address: 'home:1', namespace: 'default' });
    const work = await configuredProfile(env({ TEMPORAL_PROFILE: 'work' }));
    expect(work).toMatchObject({ address: 'work:2', namespace: 'ops' });
    expect(work!.connectionOptions).toMatchObject({ apiKey: 'k', tls: true });
  });

  test.each([
    [{ TEMPORAL_PROFILE: 'nope' }, /nope/],
    [{ TEMPORAL_PROFILE: 'empty' }, /no address/],
    [{ TEMPORAL_PROFILE: 'x', TEMPORAL_CONFIG_FILE: 'bad.toml' }, /cannot be used/],
  ])('that cannot be used is an error, not the embedded one: %j', async (more, message) => {
    const file = 'TEMPORAL_CONFIG_FILE' in more ? { TEMPORAL_CONFIG_FILE: join(folder, 'bad.toml') } : {};
    await expect(configuredProfile(env({ ...more, ...file }))).rejects.toThrow(message);
  });

  test('a worker of the embedded server is told its address', async () => {
    expect(await target({ CLINCHER_EMBEDDED_ADDRESS: '127.0.0.1:5' })).toMatchObject({
      address: '127.0.0.1:5',
    });
    expect(profileSource(env({}))).toContain('temporal.toml');
  });
});

describe('deadlines', () => {
  const path = (name: string) => `/temporal.api.workflowservice.v1.WorkflowService/${name}`;

  test('every call has one, long polls a longer one, an explicit one wins', () => {
    expect(deadlineOf(undefined, path('StartWorkflowExecution'), 0)).toBe(15_000);
    expect(deadlineOf(Number.POSITIVE_INFINITY, path('QueryWorkflow'), 0)).toBe(15_000);
    expect(deadlineOf(undefined, path('GetWorkflowExecutionHistory'), 0)).toBe(75_000);
    expect(deadlineOf(5, path('StartWorkflowExecution'), 0)).toBe(5);
  });
});

test('a build says how far it is', () => {
  const seen = { packages: 0, modules: 0 };
  for (const line of [
    'go: downloading a/b v1.0.0',
    'internal/abi',
    'go.temporal.io/server/common',
    '# warning: x',
  ]) {
    count(seen, line);
  }
  expect(buildLine(seen, 12)).toBe('Temporal: building, 1 modules fetched, 2 packages compiled, 12 s …');
  expect(buildLine({ packages: 0, modules: 0 }, 3)).toBe(
    'Temporal: building, at work in the build cache, 3 s …',
  );
});

test('the systemd unit survives spaces and percent signs in a path, and keeps no secret', () => {
  const env = {
    CLINCHER_HOME: '/h',
    CLINCHER_CACHE: '/c',
    CLINCHER_CODEC_KEY: 'no',
    AWS_SECRET_ACCESS_KEY: 'no',
  };
  const unit = unitText(['/usr/bin/node', '/opt/a b/100%/$x.js'], '/h', env);
  expect(unit).toContain('ExecStart="/usr/bin/node" "/opt/a b/100%%/$$x.js"');
  expect(unit).toContain('Environment="CLINCHER_HOME=/h" "CLINCHER_CACHE=/c"\n');
  expect(unit).toContain('KillMode=mixed');
});
