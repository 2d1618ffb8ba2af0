// The drills of a whole recovery on a standby, newest first: what would have been lost, how long it took, and which way that goes.
import type { DrillRecord } from '../../model.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { safe } from './text.js';
import { ago, duration } from './time.js';

export interface RecoveryTrend {
  /** Of the newest drill that came to its end, milliseconds. */
  rtoMs?: number;
  /** The median of those before it. */
  medianRtoBeforeMs?: number;
}

/** Of `values`, oldest first: the newest, and the median of those before it. */
export function newestAndMedian(values: readonly number[]): { newest?: number; median?: number } {
  const newest = values.at(-1);
  const before = values.slice(0, -1).sort((one, other) => one - other);
  return {
    ...(newest === undefined ? {} : { newest }),
    ...(before.length > 0 ? { median: before[Math.floor((before.length - 1) / 2)]! } : {}),
  };
}

export function recoveryTrend(drills: readonly DrillRecord[]): RecoveryTrend {
  const { newest, median } = newestAndMedian(drills.flatMap(({ recovery }) => recovery?.rtoMs ?? []));
  return {
    ...(newest === undefined ? {} : { rtoMs: newest }),
    ...(median === undefined ? {} : { medianRtoBeforeMs: median }),
  };
}

const HEADS = ['  WHEN', 'BACKUP', 'RPO', 'RTO', 'LONGEST PARTS', 'DID NOT HOLD'];

export function recoveryLines(drills: readonly DrillRecord[], view: View, at: number): string[] {
  if (drills.length === 0) return [];
  const { rtoMs, medianRtoBeforeMs: was } = recoveryTrend(drills);
  const then = was === undefined ? '' : comparedWith(was, rtoMs ?? 0);
  return [
    `  ${drills.length} of the whole recovery`,
    ...table([HEADS, ...drills.map((each) => row(each, view, at)).reverse()], view),
    ...(rtoMs === undefined ? [] : [`Recovered in ${duration(rtoMs)}${then}`]),
  ];
}

export const comparedWith = (was: number, now: number): string =>
  `; the median before is ${duration(was)} (${(now / was).toFixed(1)} times that)`;

const time = (ms: number | undefined): string => (ms === undefined ? '–' : duration(ms));

const row = ({ at, backup, recovery, failed }: DrillRecord, view: View, now: number): string[] => [
  `  ${ago(at, now)}`,
  safe(backup),
  time(recovery?.rpoMs),
  time(recovery?.rtoMs),
  longest(recovery?.phases ?? []),
  failed.length === 0 ? '' : paint(view, 'red', safe(failed.join(', '))),
];

const longest = (phases: readonly { name: string; ms: number }[]): string =>
  [...phases]
    .sort((one, other) => other.ms - one.ms)
    .slice(0, 2)
    .map(({ name, ms }) => `${safe(name)} ${duration(ms)}`)
    .join(', ');
