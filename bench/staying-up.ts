// Failover, recovery, the watchdog of many and runs over many: their goals, and their part of docs/benchmarks.md.
import type { Goal } from './goals.js';
import type { ManyRuns } from './many-runs.js';
import type { Moves } from './moves.js';
import { digits, percent, seconds } from './numbers.js';
import type { Results } from './results.js';
import type { WatchMany } from './watch-many.js';

/** The guide's Step 13.9: minutes until a standby serves, and until a bare server does. */
const FAILOVER_MS = 15 * 60_000;
const RECOVERY_MS = 30 * 60_000;

export const stayingUpGoals = (results: Results): Goal[] => [
  ...movesGoals(results.moves?.data),
  ...watchGoals(results['watch-many']?.data),
];

const goal = (what: string, wanted: string, is: string, met: boolean): Goal => ({ what, wanted, is, met });

function movesGoals(data: Moves | undefined): Goal[] {
  if (!data) return [];
  const { failoverMs, servingMs, byHandMs, looksMs, recoveryMs, recoveryOnHostMs } = data;
  return [
    times(
      'failover with a GiB until its gateway serves ÷ restore and boot by hand',
      servingMs / byHandMs.median,
    ),
    times(
      'the whole failover ÷ restore and boot by hand, and its proofs read by hand',
      failoverMs / (byHandMs.median + looksMs),
    ),
    times('recovery onto a bare server ÷ its commands on the host', recoveryMs / recoveryOnHostMs),
    within('failover with a GiB, of the guide’s 15 minutes', data.failoverMs, FAILOVER_MS),
    within('recovery onto a bare server, of the guide’s 30 minutes', data.recoveryMs, RECOVERY_MS),
  ];
}

const times = (what: string, ratio: number): Goal =>
  goal(what, 'at most 1.3', `${digits(ratio)} times`, ratio <= 1.3);

const within = (what: string, ms: number, limitMs: number): Goal =>
  goal(what, 'within', `${seconds(ms)}, ${percent(ms / limitMs)}`, ms <= limitMs);

function watchGoals(data: WatchMany | undefined): Goal[] {
  if (!data) return [];
  const { servers, due, made, missed, day } = data;
  return [
    goal(
      `watchdog of ${servers} servers: looks missed`,
      'none',
      `${missed} of ${due}`,
      missed === 0 && made >= due,
    ),
    goal(
      `worker’s memory over a day of looks at ${day.servers} servers`,
      'flat: within 20 %',
      percent(day.growth),
      Math.abs(day.growth) <= 0.2,
    ),
  ];
}

export type Table = (head: string[], rows: string[][]) => string[];
type OnWhat = (measured: NonNullable<Results[keyof Results]>) => string[];

export const stayingUp = (results: Results, table: Table, onWhat: OnWhat): string[] => [
  ...movesPart(results, table, onWhat),
  ...watchPart(results, table, onWhat),
  ...manyPart(results, table, onWhat),
];

function movesPart({ moves }: Results, table: Table, onWhat: OnWhat): string[] {
  if (!moves) return [];
  const { bytes, phases, failoverMs, servingMs, recoveryMs, recoveryOnHostMs, byHandMs, looksMs } =
    moves.data;
  return [
    '## Another machine takes over',
    '',
    `OpenClaw 2026.9.6 with ${Math.round(bytes / 2 ** 30)} GiB of data, half of it random. The primary’s power is cut; what people take for their answers is left out. By hand: \`age -d | zstd -d | tar -x\` of the same backup and \`docker compose up -d --wait\` on the machine that took over, ${byHandMs.count} times. Both begin with nothing in the page cache, as on a standby that has run nothing for days. By hand nobody asks whether the old server is really gone, whether the host is hardened, nor proves anything. So there are two comparisons: until the gateway is healthy and holds its bot, with detection and fencing; and the whole run, beside the same by hand and one reading of what its proofs look at, by the same script with nothing of clincher around it.`,
    '',
    ...table(
      ['', ''],
      [
        ...phases.map(({ name, ms }) => [`failover: ${name}`, seconds(ms)]),
        ['failover, until its gateway serves', seconds(servingMs)],
        ['failover, together', seconds(failoverMs)],
        ['restore and boot by hand', [byHandMs.min, byHandMs.median, byHandMs.max].map(seconds).join(' · ')],
        ['its proofs, read by hand', seconds(looksMs)],
        ['recovery onto a bare server, the whole run', seconds(recoveryMs)],
        ['of that on the host, as if its commands had been typed without a pause', seconds(recoveryOnHostMs)],
      ],
    ),
    ...onWhat(moves),
  ];
}

function watchPart({ 'watch-many': watch }: Results, table: Table, onWhat: OnWhat): string[] {
  if (!watch) return [];
  const { servers, nodes, minutes, due, made, missed, workerShare, temporalShare, workerMb, day } =
    watch.data;
  return [
    `## The watchdog of ${servers} servers`,
    '',
    `${servers} servers on ${nodes} lab hosts, each with an address, a connection and a schedule of its own; hardened, without a stack. First ${Math.round(minutes)} minutes at the usual beat of five minutes; then as many looks as a day has (${day.beats}) at ${day.servers} of them, one straight after the other, in ${Math.round(day.minutes)} minutes.`,
    '',
    ...table(
      ['', ''],
      [
        ['looks due, made, missed or passed over', `${due}, ${made}, ${missed}`],
        ['worker, of one core', percent(workerShare)],
        ['Temporal’s server, of one core', percent(temporalShare)],
        [
          'worker’s memory: first, last, highest',
          [workerMb.first, workerMb.last, workerMb.peak].map((mb) => `${mb} MB`).join(', '),
        ],
        ['a day of looks: the worker’s memory, each two hours', `${day.samplesMb.join(' ')} MB`],
      ],
    ),
    ...onWhat(watch),
  ];
}

function manyPart({ 'many-runs': many }: Results, table: Table, onWhat: OnWhat): string[] {
  if (!many) return [];
  const { nodes, rows, growth, memoryGrowth } = many.data;
  const line = ({ count, ms, peakMb, cpuMs }: ManyRuns['rows'][number]): string[] => [
    String(count),
    seconds(ms.median),
    seconds(ms.median / count),
    seconds(cpuMs.median / count),
    `${peakMb} MB`,
  ];
  return [
    '## One run over many servers',
    '',
    `\`clincher run provision\` of servers that need nothing (two checklists each), on ${nodes} lab hosts, every server with a connection of its own that is open already; in waves of 50 after a first one alone. With the most of them a server takes ${digits(growth)} times what one alone takes; the worker’s memory is ${digits(memoryGrowth)} times.`,
    '',
    ...table(
      [
        'servers',
        'the whole command',
        'a server',
        'processor time of the worker, a server',
        'worker’s memory, highest',
      ],
      rows.map(line),
    ),
    ...onWhat(many),
  ];
}
