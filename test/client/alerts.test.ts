// `alerts test`: each channel once, however many servers use it.
import { describe, expect, test } from 'vitest';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import type { Alert, RunState, StepState, WatchSeen } from '../../src/model.js';
import { DEFAULTS } from '../config/fixture.js';
import { stage } from './stage.js';
import { converged } from './states.js';

const CONFIG = `${DEFAULTS}  alerts:
    channels:
      - { type: ntfy, url: 'https://ntfy.example/ops' }
servers:
  prod: { address: 203.0.113.7 }
  spare: { address: 203.0.113.8 }
  own:
    address: 203.0.113.9
    alerts: { channels: [{ type: webhook, secret: 'secret://own/hook' }] }
  mute: { address: 203.0.113.10, alerts: { channels: [] } }
`;
const step = (title: string, why?: string): StepState => ({
  ...{ id: 'alerts.1', title, changes: [], notes: [], status: why === undefined ? 'ok' : 'failed' },
  ...(why === undefined ? {} : { error: { code: 'CHANNEL_FAILED', message: why } }),
});
const of = (...steps: StepState[]): RunState => ({ ...converged, groups: [{ name: 'alerts', steps }] });
const looks = {
  'alerts-test': ({ server: { name } }: { server: { name: string } }) =>
    name === 'own' ? of(step('webhook', 'it answers 404')) : of(step('ntfy https://ntfy.example/ops')),
};

test('a line a channel; one that fails makes it red', async () => {
  const { run, io, control } = stage({ config: CONFIG, looks });
  expect(await run('alerts', 'test')).toBe(1);
  expect(io.stdout()).toMatch(
    /✓ ntfy https:\/\/ntfy\.example\/ops {2}2 servers\n✗ webhook {2}own: it answers 404\n/,
  );
  expect(control.asked('start')).toHaveLength(2);
  expect(await run('alerts', 'test', '-s', 'prod')).toBe(0);
});

test('--json is of its schema', async () => {
  const { run, io } = stage({ config: CONFIG, looks });
  await run('alerts', 'test', '--json');
  const { channels } = SCHEMAS['alerts-test'].parse(JSON.parse(io.stdout()));
  expect(channels.map(({ servers, ok }) => [servers, ok])).toEqual([
    [['prod', 'spare'], true],
    [['own'], false],
  ]);
});

test('nobody to tell: an error that says where to write it', async () => {
  const { run, io, control } = stage({ config: CONFIG, looks });
  expect(await run('alerts', 'test', '-s', 'mute')).toBe(2);
  expect(io.stderr()).toMatch(/mute: nobody is told of anything.*defaults\.alerts\.channels/s);
  expect(control.asked('start')).toEqual([]);
});

const NOON = '2026-11-27T12:00:00.000Z';
const watched = (more: Partial<WatchSeen> = {}): WatchSeen => ({
  ...{ server: 'prod', at: NOON, everyMs: 300_000, alerts: [], deaf: [] },
  ...more,
});
const sick: Alert = {
  ...{ key: 'watch.services:litellm', level: 'critical', text: 'litellm runs and is unhealthy' },
  ...{ remedy: ['clincher run heal -s prod'], since: NOON, seen: 2, unseen: 0, looks: 1, saidAt: NOON },
};

describe('what the watchdog knows', () => {
  const watches = [
    watched({
      alerts: [sick],
      deaf: [{ channel: 'ntfy https://ntfy.example/ops', why: 'it answers 503', since: NOON }],
      pingFailed: 'it answers 404',
    }),
    watched({ server: 'spare' }),
  ];
  test('a row an alert; no alert, and never looked at, are told apart', async () => {
    const { run, io } = stage({ config: CONFIG, watches });
    expect(await run('alerts', 'ls')).toBe(0);
    expect(io.stdout()).toMatch(/prod +.*✗ litellm runs and is unhealthy/);
    expect(io.stdout()).toMatch(/spare +.*✓ none/);
    expect(io.stdout()).toMatch(/own +never +\? no look yet/);
    expect(io.stdout()).toMatch(/cannot tell you by ntfy https:\/\/ntfy.example\/ops: it answers 503 /);
    expect(io.stdout()).toMatch(/prod: it answers 404 +clincher docs PING_FAILED/);
  });
  test('--json is of its schema', async () => {
    const { run, io } = stage({ config: CONFIG, watches });
    expect(await run('alerts', 'ls', '--json')).toBe(0);
    expect(SCHEMAS.alerts.parse(JSON.parse(io.stdout())).servers).toHaveLength(2);
  });
  test('status says it, with the command that deals with it, and is red', async () => {
    const { run, io } = stage({ config: CONFIG, watches });
    expect(await run('status', '-s', 'prod')).toBe(1);
    expect(io.stdout()).toMatch(/✗ 1 alert /);
    expect(io.stdout()).toMatch(/prod critical: litellm runs and is unhealthy .* clincher run heal -s prod/);
  });
  test('a server that the watchdog cannot reach is unreachable', async () => {
    const lost: Alert = { ...sick, key: 'watch.host', text: 'prod cannot be looked at' };
    const { run, io } = stage({ config: CONFIG, watches: [watched({ alerts: [lost] })] });
    expect(await run('status', '-s', 'prod')).toBe(5);
    expect(io.stdout()).toMatch(/unreachable/);
  });
});
