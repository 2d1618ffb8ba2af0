// What the configuration asks Temporal for, and what is said of it.
import { expect, it } from 'vitest';
import { plannedSchedules } from '../../src/client/planned-schedules.js';
import { schedulesView } from '../../src/client/view/schedules.js';
import { cronOrOff } from '../../src/config/fields-stack.js';
import type { Config } from '../../src/config/load.js';
import type { ScheduleSeen } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const config = { path: '/srv/clincher.yaml', servers: {} } as Config;
const view = { columns: 120, color: false, ascii: false };
const AT = Date.parse('2026-11-27T12:00:00Z');
const of = (...servers: Parameters<typeof fixtureServer>[0][]) =>
  plannedSchedules(config, servers.map(fixtureServer));

it('the guide’s times, each with how long it is made up for and how long it waits', () => {
  const found = of({ name: 'prod' }).map(({ runbook, cron, catchupSeconds, patienceSeconds }) =>
    [runbook, cron, catchupSeconds / 3600, patienceSeconds / 3600].join(' '),
  );
  expect(found).toEqual([
    ...[
      'verify 0 6 * * * 1 0',
      'drift-report 0 7 * * 1 24 0',
      'scan-images 0 5 * * 0 24 0',
      'verify-backup 30 3 * * 0 48 6',
    ],
    ...['restore-drill 30 4 1 * * 168 12', 'memory 0 5 1 * * 168 12', 'rotate-token 0 4 1 * * 24 12'],
    `watchdog */5 * * * * ${1 / 60} 0`,
  ]);
});

it('what is off is not asked for, and a standby is only looked at', () => {
  const [off, standby] = [fixtureServer({ name: 'prod' }), fixtureServer({ name: 'spare', role: 'standby' })];
  off.schedules['rotate-token'] = 'off';
  expect(plannedSchedules(config, [off, standby]).map(({ id }) => id)).toEqual([
    ...['verify', 'drift-report', 'scan-images', 'verify-backup', 'restore-drill', 'memory'].map(
      (each) => `clincher/prod/schedule/${each}`,
    ),
    'clincher/prod/schedule/watchdog',
    'clincher/spare/schedule/verify',
    'clincher/spare/schedule/drift-report',
    'clincher/spare/schedule/watchdog',
  ]);
});

it('a recovery is drilled on a server that takes a primary’s place, and on no other', () => {
  const spare = fixtureServer({ name: 'spare', role: 'standby', standby_for: 'prod' });
  const found = plannedSchedules(config, [spare]).filter(({ runbook }) => runbook === 'dr-drill');
  expect(found).toMatchObject([{ server: 'spare', cron: '0 4 2 1,4,7,10 *', readOnly: false }]);
  expect(of({ name: 'prod' }).map(({ runbook }) => runbook)).not.toContain('dr-drill');
});

it('ways out are shut by a schedule where one of them has an end, and nowhere else', () => {
  const prod = fixtureServer({ name: 'prod' });
  const runbooks = () => plannedSchedules(config, [prod]).map(({ runbook }) => runbook);
  prod.stack.egress.extra_domains = [{ domain: 'a.example.com', reason: 'for good' }];
  expect(runbooks()).not.toContain('egress');
  prod.stack.egress.extra_domains[0]!.expires = '2026-12-31';
  expect(runbooks()).toContain('egress');
  prod.schedules.egress = 'off';
  expect(runbooks()).not.toContain('egress');
});

it('any change of the configuration makes another hash', () => {
  const [one, same] = [of({ name: 'prod' })[0], of({ name: 'prod' })[0]];
  expect(one?.hash).toBe(same?.hash);
  expect(of({ name: 'prod', address: '10.66.0.12' })[0]?.hash).not.toBe(one?.hash);
});

it('tells when next, what is paused, what is old and what is not there', () => {
  const planned = of({ name: 'prod' });
  const seen = (at: number, more: Partial<ScheduleSeen> = {}): ScheduleSeen => ({
    ...{ ...planned[at]!, paused: false, note: '', missed: 0, next: '2026-11-27T14:00:00Z' },
    ...more,
  });
  const shown = schedulesView(
    planned,
    [
      seen(0, { last: '2026-11-26T12:00:00Z' }),
      seen(3, { paused: true, note: 'moving' }),
      seen(4, { hash: 'old' }),
    ],
    view,
    AT,
  );
  expect(shown.map((line) => line.replace(/ +/g, ' '))).toEqual([
    'SERVER RUNBOOK WHEN NEXT LAST STATE',
    'prod verify 0 6 * * * UTC in 2h00m 24h ago ok',
    'prod verify-backup 30 3 * * 0 UTC never paused: moving',
    'prod restore-drill 30 4 1 * * UTC in 2h00m never older than clincher.yaml',
    'prod drift-report 0 7 * * 1 UTC not made yet',
    'prod scan-images 0 5 * * 0 UTC not made yet',
    'prod memory 0 5 1 * * UTC not made yet',
    'prod rotate-token 0 4 1 * * UTC not made yet',
    'prod watchdog */5 * * * * UTC not made yet',
    'Bring them up to date: clincher schedule sync',
  ]);
});

it.each([
  ['30 3 * * 0', undefined],
  ['*/15 0-6,22 * * 1-5', undefined],
  ['off', undefined],
  ['daily', 'is neither `off` nor five fields such as `30 3 * * 0`'],
  ['61 3 * * 0', 'has `61`, which is no field of cron there'],
  ['0 3 * * sun', 'has `sun`, which is no field of cron there'],
  ['*/0 3 * * *', 'has `*/0`, which is no field of cron there'],
  ['0 3 1 * 0', 'names a day of the month and a day of the week; name one'],
])('cron %s: %s', (cron, complaint) => expect(cronOrOff(cron)).toBe(complaint));
