// Schedules on a real Temporal server: made once, changed, paused, gone; their times; and what one look hands on to the next.
import { beforeAll, expect, test } from 'vitest';
import type { Control } from '../../src/client/control.js';
import type { KeyedSymptom, PlannedSchedule } from '../../src/model.js';
import { connect } from '../../src/temporal/connection.js';
import { fixtureServer } from '../fixture-server.js';
import { cronTimes } from '../schedules/cron-times.js';
import { fakes } from '../workflows/harness.js';
import { at, useEngine } from './engine.js';
import { planned, scope } from './planned.js';

const { control: engine, withWorker } = useEngine('schedules');
let control: Control;
beforeAll(() => {
  control = engine();
});

const seen = (server: string) =>
  control.schedules('/srv/clincher.yaml').then((all) => all.find((each) => each.server === server));

test('schedules: made once, changed, a pause stays, gone with their server, and never those of another clincher.yaml', async () => {
  const [id, other] = [planned('eight').id, planned('nine').id];
  const sync = (plans: PlannedSchedule[], where = scope('eight', 'nine')) =>
    control.syncSchedules(plans, where);
  expect(await sync([planned('eight'), planned('nine')])).toMatchObject({ created: [id, other] });
  expect(await sync([planned('eight'), planned('nine')])).toMatchObject({ created: [], kept: [id, other] });
  await at(() => seen('eight'), Boolean);
  await control.actOnSchedule(id, 'pause', 'moving');
  const changed = planned('eight', { cron: '0 5 29 2 *', hash: 'second' });
  expect(await sync([changed, planned('nine')])).toMatchObject({ updated: [id], kept: [other] });
  expect(await seen('eight')).toMatchObject({ ...{ paused: true, note: 'moving' }, cron: '0 5 29 2 *' });
  const next = new Date((await seen('nine'))?.next ?? '');
  expect(`${next.getUTCMonth() + 1}-${next.getUTCDate()} ${next.getUTCHours()}`).toBe('2-28 23');
  const theirs = { ...scope('eight'), owner: '/home/other/clincher.yaml' };
  expect(await sync([], theirs)).toMatchObject({ removed: [] });
  await at(() => seen('nine'), Boolean);
  expect(await sync([changed], scope('eight'))).toMatchObject({ removed: [other], kept: [id] });
  await control.actOnSchedule(id, 'resume', 'moved');
  expect((await seen('eight'))?.paused).toBe(false);
  expect(await sync([], scope('eight'))).toMatchObject({ removed: [id] });
  await expect(control.actOnSchedule(id, 'pause', '')).rejects.toThrow(`There is no schedule ${id}.`);
});

const DAY = 86_400_000;

test.each(['30 2 25-31 3 *', '30 2 25-31 10 *', '0 3 25-31 3,10 *', '*/40 4 1 */5 *', '30 3 * * 0'])(
  'what the year of test/workflows takes for the times of %s is what Temporal takes for them',
  async (cron) => {
    const { client, close } = await connect();
    await control.syncSchedules([planned('eleven', { cron, hash: cron })], scope('eleven'));
    const { info } = await client.schedule.getHandle(planned('eleven').id).describe();
    const theirs = info.nextActionTimes.map((at) => at.toISOString());
    const now = Date.now();
    const ours = cronTimes(cron, 'Europe/Berlin', { from: now, to: now + 5 * 365 * DAY });
    expect(theirs).toHaveLength(10);
    expect(ours.slice(0, 10).map((at) => new Date(at).toISOString())).toEqual(theirs);
    await control.syncSchedules([], scope('eleven'));
    await close();
  },
);

test('the watchdog: what one look knows goes to the next, also when the schedule was changed between them', async () => {
  const server = fixtureServer({ name: 'twelve' });
  const plan = (more: Partial<PlannedSchedule> = {}): PlannedSchedule => ({
    ...planned('twelve', { runbook: 'watchdog', starts: 'watch', readOnly: true, jitterSeconds: 0 }),
    ...{ id: 'clincher/twelve/schedule/watchdog', input: { server, who: 'schedule', onFailure: 'abort' } },
    ...more,
  });
  const full: KeyedSymptom = {
    ...{ key: 'watch.disk:/', about: '/', level: 'warning', text: '/ is 90 % full', remedy: [] },
  };
  const set = fakes({
    watchServer: async () => ({ symptoms: [full], judged: [], checks: [], restarts: {}, remote: [] }),
  });
  const look = async (before: number): Promise<number> => {
    await control.actOnSchedule(plan().id, 'trigger', '');
    const seen = await at(
      async () => (await control.watches(['twelve']))[0]?.alerts[0]?.seen ?? 0,
      (times) => times > before,
      400,
    );
    return seen;
  };
  await withWorker(set, async () => {
    await control.syncSchedules([plan()], scope('twelve'));
    expect(await look(0)).toBe(1);
    expect(await look(1)).toBe(2);
    expect(await control.syncSchedules([plan({ hash: 'changed' })], scope('twelve'))).toMatchObject({
      updated: [plan().id],
    });
    expect(await look(2)).toBe(3);
  });
  expect(await control.watches(['twelve', 'nobody'])).toMatchObject([
    { server: 'twelve', alerts: [{ key: 'watch.disk:/', text: '/ is 90 % full' }], deaf: [] },
  ]);
  await control.syncSchedules([], scope('twelve'));
});
