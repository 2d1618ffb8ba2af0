// The restore drills of a server, newest first: how long each took, what did not hold, and which way that goes.
import type { DrillRecord } from '../../model.js';
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
  const newest = times.at(-1);
  const before = times.slice(0, -1).sort((one, other) => one - other);
  return {
    ...(newest === undefined ? {} : { recoveryMs: newest }),
    ...(before.length > 0 ? { medianBeforeMs: before[Math.floor((before.length - 1) / 2)]! } : {}),
  };
}

export function drillsView(
  { server, drills, recoveryMs: now, medianBeforeMs: was }: Trend & { server: string; drills: DrillRecord[] },
  view: View,
  at: number,
): string[] {
  if (drills.length === 0)
    return [`${server}  no drills`, `Make one: clincher run restore-drill -s ${server}`];
  return [
    `${server}  ${drills.length} ${drills.length === 1 ? 'drill' : 'drills'}`,
    ...table([HEADS, ...drills.map((each) => row(each, view, at)).reverse()], view),
    ...(now === undefined ? [] : [`Restored and ready in ${duration(now)}${comparedWith(was, now)}`]),
  ];
}

const HEADS = ['  WHEN', 'BACKUP', 'CONTENT', 'RESTORED IN', 'READY AFTER', 'OPENCLAW', 'DID NOT HOLD'];

const comparedWith = (was: number | undefined, now: number): string =>
  was === undefined ? '' : `; the median before is ${duration(was)} (${(now / was).toFixed(1)} times that)`;

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
