// A year of one server in skipped time: all that its schedules, its own timer and a person do to it, and three days without a control plane.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plannedSchedules } from '../../../src/client/planned-schedules.js';
import type { Config } from '../../../src/config/load.js';
import type { RunState } from '../../../src/model.js';
import { ensureInternal } from '../../../src/secrets/internal.js';
import { readVault } from '../../../src/secrets/vault.js';
import { findRunbook } from '../../../src/workflows/catalog.js';
import { fixtureServer } from '../../fixture-server.js';
import { createdBy } from '../../schedules/created-by.js';
import { useStage } from '../harness.js';
import { HostOfAYear } from './host.js';
import { type Event, life, moments } from './life.js';

const stage = useStage();
const DAY = 24 * 60 * 60_000;

/** Every common year that begins on a Monday has the same days: 52 Sundays, and 1 July is one of them. */
function firstSuchYear(after = new Date().getUTCFullYear()): number {
  const year = after + 1;
  const [first, next] = [new Date(Date.UTC(year, 0, 1)), new Date(Date.UTC(year + 1, 0, 1))];
  return first.getUTCDay() === 1 && next.getUTCDay() === 2 ? year : firstSuchYear(year);
}

const YEAR = firstSuchYear();
/** Berlin’s midnight: an hour before that of UTC in winter, two in summer. */
const year = { from: Date.parse(`${YEAR - 1}-12-31T23:00Z`), to: Date.parse(`${YEAR}-12-31T23:00Z`) };
/** From Friday to Monday: over the weekly verification, and the monthly drill and rotation. */
const outage = { from: Date.parse(`${YEAR}-06-28T22:00Z`), to: Date.parse(`${YEAR}-07-01T22:00Z`) };

const home = mkdtempSync(join(tmpdir(), 'clincher-year-'));
const server = fixtureServer();
server.schedules.timezone = 'Europe/Berlin';
// Looked at each morning of March: the default's hour would be 8,760 runs, of which one has anything to do.
server.schedules.egress = '0 6 * 3 *';
// 105,120 looks that take no lock and change nothing: they have tests of their own.
server.schedules.watchdog = 'off';
server.stack.egress.extra_domains = [
  { domain: 'trial.example', reason: 'a trial', expires: `${YEAR}-03-10` },
  { domain: 'kept.example', reason: 'for good' },
];
const host = new HostOfAYear(server, {
  vault: join(home, 'vault.age'),
  identity: join(home, 'identity.txt'),
});
const runs: RunState[] = [];

beforeAll(async () => {
  await ensureInternal(server.name, host.vault);
  host.tokens.push((await host.inVault('gateway_token'))!);
  host.ways.push({ at: year.from, domains: ['trial.example', 'kept.example'] });
  const schedules = await createdBy(plannedSchedules({ path: '', servers: {} } as Config, [server]));
  const events = life(server, schedules, year, outage);
  await withPlane(events.filter(({ at }) => at < outage.from));
  for (const event of events.filter(({ at }) => at >= outage.from && at < outage.to)) await happens(event);
  await withPlane(events.filter(({ at }) => at >= outage.to));
}, 180_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What is due at the same instant is started at once. */
const withPlane = (events: readonly Event[]): Promise<void> =>
  stage.work('year', host.fakes, async () => {
    for (const together of moments(events)) {
      await until(together[0]!.at);
      await inTime(Promise.all(together.map(happens)));
    }
  });

async function until(at: number): Promise<void> {
  const left = at - (await stage.env().currentTimeMs());
  if (left > 0) await stage.env().sleep(left);
}

/** Who waits for the server tries again each half minute. */
async function inTime(work: Promise<unknown>): Promise<void> {
  while ((await Promise.race([work, pause(2_000, 'waits')])) === 'waits') await stage.env().sleep('30s');
}

async function happens(event: Event): Promise<void> {
  if (event.what === 'timer') return host.timer(event.at);
  const { workflow, id, input } = event;
  // The environment's own client lets time run while it waits, and further than to the end of what it waits for.
  const { workflow: plain } = new Client({ connection: stage.env().connection });
  const options = { taskQueue: 'year', workflowId: id, args: [input] };
  runs.push((await plain.execute(workflow, options)) as RunState);
}

const during = ({ at }: { at: number }): boolean => at >= outage.from && at < outage.to;
const startedWith = (run: RunState): number => Date.parse(run.startedAt);

it('each as often as its schedule says, and every one ended well', () => {
  const counts: Record<string, number> = {};
  for (const { runbook } of runs) counts[runbook] = (counts[runbook] ?? 0) + 1;
  expect(counts).toEqual({
    ...{ backup: 12, 'verify-backup': 52, 'restore-drill': 12, 'rotate-token': 12 },
    memory: 12,
    'drift-report': 53,
    egress: 31,
    // At the guide’s 2 AM one would be lost: on a Sunday in March there is no such hour.
    'scan-images': 52,
    // Three looks were due while nobody was there, and an old look is no look.
    verify: 362,
  });
  expect(runs.filter(({ status }) => status !== 'done')).toEqual([]);
});

it('what the outage kept from happening is made up for when it ends, one after the other', () => {
  const late = runs.filter((run) => startedWith(run) >= outage.to && startedWith(run) < outage.to + DAY / 8);
  // Of the looks, the weekly one that was due on that very day.
  expect(late.map(({ runbook }) => runbook).sort()).toEqual([
    'memory',
    'restore-drill',
    'rotate-token',
    'scan-images',
    'verify-backup',
  ]);
  expect(runs.some((run) => during({ at: startedWith(run) }))).toBe(false);
});

it('no two runs change the server at once', () => {
  const changing = runs
    .filter(({ runbook }) => findRunbook(runbook)?.mutating)
    .sort((one, other) => startedWith(one) - startedWith(other));
  const overlaps = changing.filter(
    (run, i) => i > 0 && startedWith(run) < Date.parse(changing[i - 1]!.endedAt!),
  );
  expect(overlaps).toEqual([]);
  expect([host.trespasses, host.mark]).toEqual([[], undefined]);
});

it('a backup for every day, also without a control plane, and no second one where a person made one', () => {
  expect(host.made).toHaveLength(365);
  expect(host.made.filter(({ key }) => !key.startsWith('timer-'))).toHaveLength(12);
  expect(host.made.filter(during)).toHaveLength(3);
});

it('two weeks of them are kept, the last that was verified among them', () => {
  expect(host.kept).toHaveLength(14);
  expect(host.kept.some(({ verified }) => verified !== undefined)).toBe(true);
  expect(host.drilled.size).toBe(12);
});

it('a way out with an end was shut by the first look after it, once, and the other stayed open', () => {
  const [, shut, ...more] = host.ways;
  expect([shut?.domains, more]).toEqual([['kept.example'], []]);
  // Of a day the whole is meant; 6 in the morning is 5 by UTC.
  expect(Math.floor((shut!.at - Date.parse(`${YEAR}-03-11T05:00Z`)) / 60_000)).toBe(0);
});

it('the token was rotated twelve times, and nothing of it is left over', async () => {
  expect(new Set(host.tokens).size).toBe(13);
  expect(host.tokens).toHaveLength(13);
  expect(host.tokens.at(-1)).toBe(await host.inVault('gateway_token'));
  const names = Object.keys((await readVault(host.vault))?.entries ?? {});
  expect(names.filter((name) => name.endsWith('_before'))).toEqual([]);
});
