// A run over several servers on a real Temporal server: it goes on without its worker and without whoever looked on.
import { beforeAll, expect, test } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { Control } from '../../src/client/control.js';
import type { FleetInput, RunState } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { type Fakes, failing, fakes, forever, input } from '../workflows/harness.js';
import { at, useEngine } from './engine.js';

const { control: engine, withWorker } = useEngine('fleet');
let control: Control;
beforeAll(() => {
  control = engine();
});

const over = (names: readonly string[], more: Partial<FleetInput> = {}): FleetInput => ({
  ...{ runbook: 'verify-backup', who: 'ada@desk', readOnly: false, maxFailures: 0, patienceSeconds: 0 },
  inputs: names.map((name) => input({ server: fixtureServer({ name }), onFailure: 'abort' })),
  ...more,
});

const told = (state: RunState | undefined): string[] =>
  (state?.fleet?.members ?? []).map(({ server, status }) => `${server} ${status}`);

const reading = (checkBackup: Activities['checkBackup']): Fakes => fakes({ checkBackup });
const whole = async () => ({ backup: { id: '20261127T030000Z' }, changes: [], remote: [] }) as never;
const end = (run: string) => at(() => control.ended(run, 5_000), Boolean);

test('the worker is killed in the middle of a wave: another one goes on, and each server runs once', async () => {
  const begun: string[] = [];
  const held = reading(async ({ server: { name } }) => {
    begun.push(name);
    return name === 'w1' ? whole() : forever();
  });
  const fleet = await control.startFleet(over(['w1', 'w2', 'w3', 'w4'], { wave: 2 }));
  await withWorker(held, () =>
    at(
      async () => begun.length,
      (count) => count === 3,
    ),
  );
  expect(begun.sort()).toEqual(['w1', 'w2', 'w3']);
  expect((await control.find(fleet.run)).status).toBe('running');
  const again: string[] = [];
  const next = reading(async ({ server: { name } }) => {
    again.push(name);
    return whole();
  });
  await withWorker(next, async () => {
    const state = await end(fleet.run);
    expect(told(state)).toEqual(['w1 done', 'w2 done', 'w3 done', 'w4 done']);
    expect(again.sort()).toEqual(['w2', 'w3', 'w4']);
    // Each is found by its own name, and by that of its turn.
    const { run = '' } = state!.fleet!.members[2]!;
    expect(await control.find(run)).toMatchObject({ server: 'w3', runbook: 'verify-backup', status: 'done' });
  });
}, 60_000);

test('the canary fails: the rest is spared, and nothing holds a lock', async () => {
  const broken = reading(async () => {
    throw failing('BACKUP_INVALID');
  });
  await withWorker(broken, async () => {
    const fleet = await control.startFleet(over(['c1', 'c2', 'c3']));
    const state = await end(fleet.run);
    expect(told(state)).toEqual(['c1 failed', 'c2 spared', 'c3 spared']);
    expect(state).toMatchObject({ status: 'failed', error: { code: 'BACKUP_INVALID' } });
    const listed = await at(
      () => control.list({ server: 'fleet', limit: 5 }),
      (runs) => runs.some(({ run }) => run === fleet.run),
    );
    expect(listed.find(({ run }) => run === fleet.run)).toMatchObject({ runbook: 'verify-backup' });
    expect(await control.list({ server: 'c2', limit: 5 })).toEqual([]);
    expect(await control.holder('c1')).toBeUndefined();
  });
});

test('a member that waits its turn is listed as one, is followed by its name, and is given up with the whole', async () => {
  const held = reading(forever);
  await withWorker(held, async () => {
    const first = await control.start('verify-backup', over(['b1']).inputs[0]!, { readOnly: false });
    const fleet = await control.startFleet(over(['b1', 'b2'], { patienceSeconds: 3600 }));
    const waiting = await at(
      () => control.waiting(),
      (all) => all.some(({ server }) => server === 'b1'),
    );
    const turn = waiting.find(({ server }) => server === 'b1')!;
    expect(turn).toMatchObject({ runbook: 'verify-backup', status: 'waiting', who: 'ada@desk' });
    expect((await control.find(turn.run)).waits).toBeDefined();
    await control.cancel(fleet.run);
    expect(told(await end(fleet.run))).toEqual(['b1 spared', 'b2 spared']);
    expect((await control.find(first.run)).status).toBe('running');
    expect(
      await at(
        () => control.waiting(),
        (all) => all.length === 0,
      ),
    ).toEqual([]);
    await control.terminate(first.run, 'the test is over');
  });
});

test('200 servers are begun from one answer to Temporal, and their history stays small', async () => {
  const names = Array.from({ length: 200 }, (_, i) => `n${i}`);
  await withWorker(reading(whole), async () => {
    const fleet = await control.startFleet(over(names));
    const state = await at(() => control.ended(fleet.run, 30_000), Boolean, 10);
    expect(state?.outcome.ok).toBe(200);
    const { events, bytes } = await control.history(fleet.run);
    expect([events < 1_500, bytes < 1024 * 1024]).toEqual([true, true]);
  });
}, 240_000);
