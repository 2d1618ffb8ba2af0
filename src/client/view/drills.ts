// The restore drills of a server, newest first: how long each took, what did not hold, and which way that goes.
import type { DrillRecord } from '../../model.js';
import { comparedWith, newestAndMedian, recoveryLines } from './recovery-drills.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { bytes, safe } from './text.js';
import { ago, duration } from './time.js';

export interface Trend {
  /** From the start of the newest restore until its gateway was ready, milliseconds. */
  recoveryMs?: number;
  /** The median of those before it. */
  medianBeforeMs?: number;
}

/** Of those that came to an answer. */
export function trendOf(drills: readonly DrillRecord[]): Trend {
  const times = drills.flatMap(({ restoreMs, bootMs }) =>
    restoreMs === undefined || bootMs === undefined ? [] : [restoreMs + bootMs],
  );
  const { newest, median } = newestAndMedian(times);
  return {
    ...(newest === undefined ? {} : { recoveryMs: newest }),
    ...(median === undefined ? {} : { medianBeforeMs: median }),
  };
}

export function drillsView(
  { server, drills, recoveryMs: now, medianBeforeMs: was }: Trend & { server: string; drills: DrillRecord[] },
  view: View,
  at: number,
): string[] {
  const whole = drills.filter(({ recovery }) => recovery !== undefined);
  const others = drills.filter(({ recovery }) => recovery === undefined);
  if (drills.length === 0)
    return [`${server}  no drills`, `Make one: clincher run restore-drill -s ${server}`];
  return [
    `${server}  ${drills.length} ${drills.length === 1 ? 'drill' : 'drills'}`,
    ...recoveryLines(whole, view, at),
    ...(others.length === 0
      ? []
      : table([HEADS, ...others.map((each) => row(each, view, at)).reverse()], view)),
    ...(now === undefined
      ? []
      : [`Restored and ready in ${duration(now)}${was === undefined ? '' : comparedWith(was, now)}`]),
  ];
}

const HEADS = ['  WHEN', 'BACKUP', 'CONTENT', 'RESTORED IN', 'READY AFTER', 'OPENCLAW', 'DID NOT HOLD'];

const took = (ms: number | undefined): string => (ms === undefined ? '–' : duration(ms));

const row = (drill: DrillRecord, view: View, at: number): string[] => [
  `  ${ago(drill.at, at)}`,
  safe(drill.backup),
  drill.contentBytes === undefined ? '?' : bytes(drill.contentBytes),
  took(drill.restoreMs),
  took(drill.bootMs),
  safe(drill.version ?? '–'),
  drill.failed.length === 0 ? '' : paint(view, 'red', safe(drill.failed.join(', '))),
];
