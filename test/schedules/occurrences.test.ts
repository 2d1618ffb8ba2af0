// Schedules against dates that anybody can look up, the days on which clocks change among them.
import { expect, it } from 'vitest';
import { plannedSchedules } from '../../src/client/planned-schedules.js';
import type { Config } from '../../src/config/load.js';
import { fixtureServer } from '../fixture-server.js';
import { createdBy } from './created-by.js';
import { cronTimes } from './cron-times.js';
import { occurrences, workedOff } from './occurrences.js';

const range = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) });
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

it.each([
  ['30 3 * * 0', 'UTC', '2026-11-27', '2026-12-07', ['2026-11-29T03:30', '2026-12-06T03:30']],
  ['30 3 * * 7', 'UTC', '2026-11-27', '2026-12-01', ['2026-11-29T03:30']],
  ['0 4 1 * *', 'Europe/Berlin', '2026-02-27', '2026-04-02', ['2026-03-01T03:00', '2026-04-01T02:00']],
  ['15 0 29 2 *', 'UTC', '2027-01-01', '2029-01-01', ['2028-02-29T00:15']],
  ['*/30 6-7 1 */6 *', 'UTC', '2026-07-01', '2026-07-02', ['06:00', '06:30', '07:00', '07:30']],
  [
    '0 9 */10 1,3 *',
    'Asia/Kathmandu',
    '2027-01-01',
    '2027-02-01',
    ['01-01T03:15', '01-11', '01-21', '01-31'],
  ],
  // Half-open: what begins the range is in it, what ends it is not.
  ['0 0 * * *', 'UTC', '2026-11-27', '2026-11-28', ['2026-11-27T00:00']],
])('%s in %s', (cron, zone, from, to, wanted) => {
  expect(cronTimes(cron, zone, range(from, to)).map(iso)).toEqual(
    wanted.map((part) => expect.stringContaining(part)),
  );
});

it('clocks that are put forward: the hour that is left out does not happen, the others keep their place', () => {
  const days = range('2026-03-28T00:00Z', '2026-03-31T00:00Z');
  const at = (cron: string) => cronTimes(cron, 'Europe/Berlin', days).map(iso);
  expect(at('30 2 * * *')).toEqual(['2026-03-28T01:30', '2026-03-30T00:30']);
  expect(at('0 3 * * *')).toEqual(['2026-03-28T02:00', '2026-03-29T01:00', '2026-03-30T01:00']);
});

it('clocks that are put back: of the hour that is repeated only the second counts', () => {
  const days = range('2026-10-24T12:00Z', '2026-10-26T12:00Z');
  const at = (cron: string) => cronTimes(cron, 'Europe/Berlin', days).map(iso);
  expect(at('30 2 * * *')).toEqual(['2026-10-25T01:30', '2026-10-26T01:30']);
  expect(at('0 3 * * *')).toEqual(['2026-10-25T02:00', '2026-10-26T02:00']);
});

const server = fixtureServer();
server.schedules.timezone = 'Europe/Berlin';
const created = async (runbook: string) => {
  const all = await createdBy(plannedSchedules({ path: '', servers: {} } as Config, [server]));
  return all.find(({ scheduleId }) => scheduleId.endsWith(`/${runbook}`))!;
};
const YEAR = range('2026-12-31T23:00Z', '2027-12-31T23:00Z');

it.each([
  ['verify', 365, 600],
  ['verify-backup', 52, 300],
  ['restore-drill', 12, 300],
  ['rotate-token', 12, 300],
])(
  'a year of %s: %i times, each within its jitter, and the same each time one looks',
  async (name, count, most) => {
    const options = await created(name);
    const all = occurrences(options, YEAR);
    expect(all).toHaveLength(count);
    const late = all.map(({ nominal, at }) => (at - nominal) / 1000);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(most);
    expect(new Set(late).size).toBeGreaterThan(count / 2);
    expect(occurrences(options, YEAR)).toEqual(all);
  },
);

it('a form that nobody has taught it is refused, not read as something else', async () => {
  const { spec, ...more } = await created('verify');
  const yearly = { ...more, spec: { ...spec, calendars: [{ month: 'JUNE' as const }] } };
  expect(() => occurrences(yearly, YEAR)).toThrow('another form');
  const queued = { ...more, spec, policies: { overlap: 'BUFFER_ALL' as const } };
  expect(() => workedOff(queued, YEAR, YEAR)).toThrow('another policy');
});

/** Days of an outage that ends on Monday 4 October 2027, 00:00 in Berlin; the 1st is a Friday. */
const after = async (name: string, days: number) => {
  const to = Date.parse('2027-10-03T22:00Z');
  const worked = workedOff(await created(name), YEAR, { from: to - days * 86_400_000, to });
  const lost = worked.missed.map(({ nominal }) => iso(nominal));
  const madeUp = worked.started.filter(({ at }) => at === to).map(({ nominal }) => iso(nominal));
  return { lost, madeUp, skipped: worked.skipped.length };
};

it('after an outage: made up for inside the window, once a schedule; lost outside it', async () => {
  expect(await after('verify-backup', 3)).toEqual({ lost: [], madeUp: ['2027-10-03T01:30'], skipped: 0 });
  expect(await after('rotate-token', 3)).toEqual({ lost: ['2027-10-01T02:00'], madeUp: [], skipped: 0 });
  expect(await after('restore-drill', 3)).toEqual({ lost: [], madeUp: ['2027-10-01T02:30'], skipped: 0 });
  expect((await after('verify', 3)).lost).toHaveLength(3);
  expect(await after('verify-backup', 30)).toMatchObject({ madeUp: ['2027-10-03T01:30'], skipped: 0 });
  expect((await after('verify-backup', 30)).lost).toHaveLength(4);
});
