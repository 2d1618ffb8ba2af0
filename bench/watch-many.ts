// The watchdog of many servers: what it takes of the machine at its usual beat, and whether a day of beats leaves anything behind.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type ScheduleHandle } from '@temporalio/client';
import type { Say } from '../scripts/patiently.js';
import { RUNBOOKS, scheduleId } from '../src/client/planned-schedules.js';
import { sideBySide } from '../src/side-by-side.js';
import { NAMESPACE } from '../src/temporal/state.js';
import { type Many, onMany } from './many.js';
import { cpuMs, rssMb } from './process.js';

export interface WatchMany {
  servers: number;
  nodes: number;
  /** How long it was looked at at its usual beat, minutes. */
  minutes: number;
  /** Looks that were due in that time, that were made, and that Temporal says were missed or passed over. */
  due: number;
  made: number;
  missed: number;
  /** Of one core. */
  workerShare: number;
  temporalShare: number;
  workerMb: { first: number; last: number; peak: number };
  day: Day;
}

/** As many looks a server as a day has, one after the other. */
interface Day {
  servers: number;
  beats: number;
  minutes: number;
  /** Of the worker, after each twelfth of the day. */
  samplesMb: number[];
  /** The last quarter of the samples ÷ the first after one twelfth. */
  growth: number;
}

const SERVERS = 200;
const NODES = 4;
const BEAT_MS = 5 * 60_000;
const BEATS_A_DAY = 288;
const OF_A_DAY = 20;

const OFF = Object.fromEntries(RUNBOOKS.map((name) => [name, 'off']));
const EVERY_FIVE = { schedules: { ...OFF, watchdog: '*/5 * * * *' } };

export const watchMany = (say: Say, beats: number): Promise<WatchMany> =>
  onMany({ say, nodes: NODES, memory: '3g', count: SERVERS, settings: EVERY_FIVE }, async (crowd) => {
    const { code, stderr } = await crowd.stage.cli(['schedule', 'sync', '-s', 'all'], { timeoutMs: 600_000 });
    if (code !== 0) throw new Error(`schedule sync: ${stderr.slice(-2_000)}`);
    const connection = await Connection.connect({
      address: `127.0.0.1:${crowd.stage.plane.state()!.ports!.frontend}`,
    });
    try {
      const client = new Client({ connection, namespace: NAMESPACE });
      const usual = await usualBeat(crowd, client, beats, say);
      return { servers: SERVERS, nodes: NODES, ...usual, day: await wholeDay(crowd, client, say) };
    } finally {
      await connection.close();
    }
  });

const handles = (client: Client, names: readonly string[]): ScheduleHandle[] =>
  names.map((name) => client.schedule.getHandle(scheduleId(name, 'watchdog')));

interface Counted {
  made: number;
  missed: number;
  running: number;
}

/** As Temporal answers it: what is sealed with the stage's key is of no concern here. */
async function counted(client: Client, { scheduleId: id }: ScheduleHandle): Promise<Counted> {
  const { info } = await client.workflowService.describeSchedule({ namespace: NAMESPACE, scheduleId: id });
  return {
    made: Number(info?.actionCount),
    missed: Number(info?.missedCatchupWindow) + Number(info?.overlapSkipped),
    running: info?.runningWorkflows?.length ?? 0,
  };
}

async function ofAll(client: Client, names: readonly string[]): Promise<Counted> {
  const all = await sideBySide(handles(client, names), (handle) => counted(client, handle));
  return {
    made: sum(all, ({ made }) => made),
    missed: sum(all, ({ missed }) => missed),
    running: sum(all, ({ running }) => running),
  };
}

const sum = <T>(all: readonly T[], of: (each: T) => number): number =>
  all.reduce((total, each) => total + of(each), 0);

/** Between two beats, so that whole ones are counted whatever the jitter. */
const betweenBeats = (): Promise<void> => sleep(BEAT_MS - ((Date.now() - BEAT_MS / 2) % BEAT_MS));

async function usualBeat({ stage, names }: Many, client: Client, beats: number, say: Say) {
  // The first looks make two hundred connections; they are no usual ones.
  do await betweenBeats();
  while ((await ofAll(client, names)).made < names.length);
  say('watch many: everybody was looked at once');
  const pids = [await stage.plane.running('worker'), await stage.plane.running('server')] as const;
  const before = { cpu: pids.map(cpuMs), seen: await ofAll(client, names), at: Date.now() };
  const samples: number[] = [];
  for (let n = 1; n <= beats; n += 1) {
    samples.push(...(await sampled(pids[0])));
    say(`watch many: beat ${n} of ${beats}, worker ${samples.at(-1)} MB`);
  }
  const passed = Date.now() - before.at;
  const after = await ofAll(client, names);
  const share = (n: 0 | 1): number => (cpuMs(pids[n]) - before.cpu[n]!) / passed;
  return {
    minutes: passed / 60_000,
    due: names.length * beats,
    made: after.made - before.seen.made,
    missed: after.missed - before.seen.missed,
    workerShare: share(0),
    temporalShare: share(1),
    workerMb: { first: samples[0]!, last: samples.at(-1)!, peak: Math.max(...samples) },
  };
}

/** Until the middle of the next two beats, every five seconds. */
async function sampled(pid: number): Promise<number[]> {
  const samples: number[] = [];
  const end = betweenBeats().then(() => true);
  while (!(await Promise.race([end, sleep(5_000).then(() => false)]))) samples.push(rssMb(pid));
  return samples;
}

async function wholeDay({ stage, names }: Many, client: Client, say: Say): Promise<Day> {
  const chosen = names.slice(0, OF_A_DAY);
  for (const handle of handles(client, names)) await handle.pause('a day of beats in a row');
  const pid = await stage.plane.running('worker');
  const began = Date.now();
  const samplesMb: number[] = [];
  for (let beat = 1; beat <= BEATS_A_DAY; beat += 1) {
    await Promise.all(handles(client, chosen).map((handle) => lookedAt(client, handle)));
    if (beat % (BEATS_A_DAY / 12) !== 0) continue;
    samplesMb.push(rssMb(pid));
    say(`watch many: ${beat / 12} h of a day, worker ${samplesMb.at(-1)} MB`);
  }
  const mean = (of: readonly number[]): number => sum(of, (mb) => mb) / of.length;
  return {
    servers: chosen.length,
    beats: BEATS_A_DAY,
    minutes: (Date.now() - began) / 60_000,
    samplesMb,
    growth: mean(samplesMb.slice(-3)) / mean(samplesMb.slice(0, 3)) - 1,
  };
}

/** Triggered, and seen to its end: the next look is handed what this one has returned. */
async function lookedAt(client: Client, handle: ScheduleHandle): Promise<void> {
  const before = (await counted(client, handle)).made;
  await handle.trigger();
  for (;;) {
    const { made, running } = await counted(client, handle);
    if (made > before && running === 0) return;
    await sleep(100);
  }
}
