// `npm run bench [-- name…]`: measures clincher beside its peers, writes bench/results.json and docs/benchmarks.md.
import { parseArgs } from 'node:util';
import { activityCosts } from './activity-cost.js';
import { counters } from './counters.js';
import { writeDocs } from './docs.js';
import { firstRun } from './first-run.js';
import { goals } from './goals.js';
import { machine } from './machine.js';
import { memory } from './memory.js';
import { type Results, readResults, type SectionName, type Sections, writeResults } from './results.js';
import { Rig } from './rig.js';
import { converged, secondRun } from './second-run.js';
import { startup } from './startup.js';

interface Options {
  rounds: number;
  runs: number;
  host: string;
  keep: boolean;
  names: SectionName[];
}

type Measure = { [Name in SectionName]: (rig: Rig, options: Options) => Promise<Sections[Name]> };

/** In this order: the first run comes on a bare host, and memory is measured last since it takes a worker with a past. */
const MEASURE: Measure = {
  'first-run': firstRun,
  startup,
  'second-run': (rig, { rounds }) => secondRun(rig, rounds),
  counters,
  'activity-cost': activityCosts,
  memory: (rig, { runs }) => memory(rig, runs),
};

const NAMES = Object.keys(MEASURE) as SectionName[];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      runs: { type: 'string', default: '200' },
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
    host: values.host,
    keep: values.keep,
    names,
  };
}

async function main(): Promise<void> {
  const chosen = options();
  const rig = await Rig.up({ name: chosen.host, keep: chosen.keep, say });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void rig.down().finally(() => process.exit(130)));
  try {
    if (rig.isFresh && !chosen.names.includes('first-run')) await rig.provision();
    if (!rig.isFresh) await converged(rig);
    for (const name of chosen.names) await measure(name, rig, chosen);
  } finally {
    await rig.down();
  }
  report(readResults());
}

/** Written at once: what fails later leaves the earlier figures standing. */
async function measure<Name extends SectionName>(name: Name, rig: Rig, chosen: Options): Promise<void> {
  if (name === 'first-run' && !rig.isFresh)
    return say('first-run: the host is not bare, so it is not measured');
  const at = new Date().toISOString();
  const seen = machine();
  const data = await MEASURE[name](rig, chosen);
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
