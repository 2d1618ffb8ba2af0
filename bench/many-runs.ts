// One run over many servers that need nothing: time and memory against how many they are.
import type { Say } from '../scripts/patiently.js';
import type { LabHost } from '../test/lab/lab.js';
import { type Many, onMany } from './many.js';
import { type Spread, spread } from './numbers.js';
import { during } from './process.js';

export interface ManyRuns {
  nodes: number;
  rows: Row[];
  /** Time a server with the most of them ÷ the time of one alone. */
  growth: number;
  /** The worker's memory at its highest, with the most ÷ with one. */
  memoryGrowth: number;
}

interface Row {
  count: number;
  /** The whole command, its start and exit included. */
  ms: Spread;
  /** Of the worker, the highest of all rounds. */
  peakMb: number;
  /** Of the worker, a round. */
  cpuMs: Spread;
}

const COUNTS = [1, 10, 50, 200] as const;
const NODES = 4;
const WAVE = 50;
/** One sshd that is fifty servers' would turn some of them away while they all come in at once (MaxStartups). */
const FIRST_WAVE = 16;

export const manyRuns = (say: Say, rounds: number): Promise<ManyRuns> =>
  onMany({ say, nodes: NODES, memory: '3g', count: COUNTS.at(-1)!, settings: {} }, async (crowd) => {
    say('many runs: the first one, of all, to make connections');
    await provision(crowd, COUNTS.at(-1)!, FIRST_WAVE);
    const rows: Row[] = [];
    for (const count of COUNTS) rows.push(await measured(crowd, count, Math.min(rounds, 3), say));
    const [one, most] = [rows[0]!, rows.at(-1)!];
    return {
      nodes: NODES,
      rows,
      growth: most.ms.median / most.count / one.ms.median,
      memoryGrowth: most.peakMb / one.peakMb,
    };
  });

async function measured(crowd: Many, count: number, rounds: number, say: Say): Promise<Row> {
  const pid = await crowd.stage.plane.running('worker');
  const before = await changes(crowd.nodes);
  const each = [];
  for (let n = 0; n < rounds; n += 1) {
    const seen = await during(pid, () => provision(crowd, count));
    say(`many runs, ${count}, round ${n + 1} of ${rounds}: ${Math.round(seen.ms)} ms, ${seen.peakMb} MB`);
    each.push(seen);
  }
  if ((await changes(crowd.nodes)) !== before) throw new Error(`of ${count} servers one was changed`);
  return {
    count,
    ms: spread(each.map(({ ms }) => ms)),
    peakMb: Math.max(...each.map(({ peakMb }) => peakMb)),
    cpuMs: spread(each.map(({ cpuMs }) => cpuMs)),
  };
}

async function provision({ stage, names }: Many, count: number, inWave = WAVE): Promise<void> {
  const which = names.slice(0, count).flatMap((name) => ['-s', name]);
  const words = ['run', 'provision', ...which, '--yes', '--json', '--on-failure', 'abort'];
  const wave = count > 1 ? ['--wave', String(inWave)] : [];
  const { code, stdout, stderr } = await stage.cli([...words, ...wave], { timeoutMs: 1_800_000 });
  if (code === 0) return;
  const why = /"error":.{0,1500}/.exec(stdout)?.[0] ?? stderr.slice(-1_500);
  throw new Error(`${count} servers: ended with ${code}: ${why}`);
}

/** What was changed is in each host's own log. */
async function changes(nodes: readonly LabHost[]): Promise<number> {
  const logs = await Promise.all(nodes.map((node) => node.exec('wc -l </var/log/clincher/audit.log')));
  return logs.reduce((sum, { stdout }) => sum + Number(stdout), 0);
}
