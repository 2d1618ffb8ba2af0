// `npm run bench [-- name…]`: measures clincher beside its peers, writes bench/results.json and docs/benchmarks.md.
import { parseArgs } from 'node:util';
import { stackSettings, versions } from '../test/e2e/stack-stage.js';
import { ensureModelServer } from '../test/lab/images/model-server.js';
import { activityCosts } from './activity-cost.js';
import { counters } from './counters.js';
import { dayTwo } from './day-two.js';
import { writeDocs } from './docs.js';
import { firstRun } from './first-run.js';
import { goals } from './goals.js';
import { machine } from './machine.js';
import { manyRuns } from './many-runs.js';
import { memory } from './memory.js';
import { moves } from './moves.js';
import { openclawSettings } from './openclaw-settings.js';
import { type Results, readResults, type SectionName, type Sections, writeResults } from './results.js';
import { Rig, type RigOptions } from './rig.js';
import { converged, secondRun } from './second-run.js';
import { servicesUp } from './services-up.js';
import { stackSecondRun } from './stack-second-run.js';
import { startup } from './startup.js';
import { watchMany } from './watch-many.js';

interface Options {
  rounds: number;
  runs: number;
  /** Of the watchdog, five minutes each. */
  beats: number;
  host: string;
  keep: boolean;
  names: SectionName[];
}

/** On hosts of their own. */
type Apart = 'moves' | 'many-runs' | 'watch-many';
type OnRig = Exclude<SectionName, Apart>;
type Measure = { [Name in OnRig]: (rig: Rig, options: Options) => Promise<Sections[Name]> };

/** In this order: the first run comes on a bare host, and memory is measured last since it takes a worker with a past. */
const MEASURE: Measure = {
  'first-run': firstRun,
  startup,
  'second-run': (rig, { rounds }) => secondRun(rig, rounds),
  counters,
  'activity-cost': activityCosts,
  memory: (rig, { runs }) => memory(rig, runs),
  'stack-second-run': (rig, { rounds }) => stackSecondRun(rig, rounds),
  'services-up': (rig, { rounds }) => servicesUp(rig, rounds),
  'openclaw-settings': (rig, { rounds }) => openclawSettings(rig, Math.min(rounds, 3)),
  'day-two': (rig, { rounds }) => dayTwo(rig, Math.min(rounds, 4)),
};

const MEASURE_APART: { [Name in Apart]: (options: Options) => Promise<Sections[Name]> } = {
  'many-runs': ({ rounds }) => manyRuns(say, rounds),
  'watch-many': ({ beats }) => watchMany(say, beats),
  moves: ({ rounds }) => moves(say, Math.min(rounds, 3)),
};

/** On a host of their own, which runs OpenClaw. */
const OF_THE_STACK: readonly OnRig[] = ['stack-second-run', 'services-up', 'openclaw-settings', 'day-two'];

const NAMES = [...Object.keys(MEASURE), ...Object.keys(MEASURE_APART)] as SectionName[];
const isApart = (name: SectionName): name is Apart => Object.hasOwn(MEASURE_APART, name);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      runs: { type: 'string', default: '200' },
      beats: { type: 'string', default: '4' },
      host: { type: 'string', default: 'bench' },
      keep: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !NAMES.includes(name as SectionName));
  if (unknown !== undefined) throw new Error(`There is no "${unknown}"; there are ${NAMES.join(', ')}`);
  const names = positionals.length > 0 ? NAMES.filter((name) => positionals.includes(name)) : NAMES;
  return {
    rounds: Number(values.rounds),
    runs: Number(values.runs),
    beats: Number(values.beats),
    host: values.host,
    keep: values.keep,
    names,
  };
}

async function main(): Promise<void> {
  const chosen = options();
  const { host, keep, names } = chosen;
  const onHost = names.filter((name): name is OnRig => !isApart(name));
  const isOfStack = (name: OnRig): boolean => OF_THE_STACK.includes(name);
  const bare = onHost.filter((name) => !isOfStack(name));
  if (bare.length > 0) await onRig({ name: host, keep, say }, bare, chosen);
  const whole = onHost.filter(isOfStack);
  if (whole.length > 0) await onRig(await withStack({ name: `${host}-stack`, keep, say }), whole, chosen);
  for (const name of names.filter(isApart)) await kept(name, () => MEASURE_APART[name](chosen));
  report(readResults());
}

async function withStack(options: RigOptions): Promise<RigOptions> {
  const models = new URL((await ensureModelServer(say)).url).host;
  return {
    ...options,
    distro: 'debian13',
    memory: '6g',
    settings: await stackSettings(versions[0]!, models, say),
  };
}

async function onRig(options: RigOptions, names: readonly OnRig[], chosen: Options): Promise<void> {
  const rig = await Rig.up(options);
  const stop = (): void => void rig.down().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    if (rig.isFresh && !names.includes('first-run')) await rig.provision();
    if (!rig.isFresh) await converged(rig);
    for (const name of names) await measure(name, rig, chosen);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    await rig.down();
  }
}

async function measure(name: OnRig, rig: Rig, chosen: Options): Promise<void> {
  if (name === 'first-run' && !rig.isFresh)
    return say('first-run: the host is not bare, so it is not measured');
  await kept(name, () => MEASURE[name](rig, chosen));
}

/** Written at once: what fails later leaves the earlier figures standing. */
async function kept(name: SectionName, measured: () => Promise<Sections[SectionName]>): Promise<void> {
  const at = new Date().toISOString();
  const seen = machine();
  const data = await measured();
  const results = { ...readResults(), [name]: { at, machine: seen, data } };
  writeResults(results);
  writeDocs(results);
}

function report(results: Results): void {
  const all = goals(results);
  for (const { what, wanted, is, met } of all)
    process.stdout.write(`${met ? 'met   ' : 'UNMET '} ${what}: ${is} (${wanted})\n`);
  const missed = all.filter(({ met }) => !met).length;
  process.stdout.write(`bench: ${all.length - missed} of ${all.length} goals met; docs/benchmarks.md\n`);
  process.exitCode = missed > 0 ? 1 : 0;
}

await main();
