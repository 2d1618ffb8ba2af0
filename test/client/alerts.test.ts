// `alerts test`: each channel once, however many servers use it.
import { expect, test } from 'vitest';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import type { RunState, StepState } from '../../src/model.js';
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
