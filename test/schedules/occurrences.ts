// When a schedule happens, and what of it is made up for after an outage, by Temporal's own rules: the test server has no schedules.
import { createHash } from 'node:crypto';
import type { ScheduleOptions } from '@temporalio/client';
import { cronTimes, type Range } from './cron-times.js';

export interface Occurrence {
  /** As the spec has it. */
  nominal: number;
  /** With its jitter. */
  at: number;
}

/** The forms that `clincher schedule sync` makes, and no other: a new one must be taught here first. */
export function occurrences({ scheduleId, spec }: ScheduleOptions, range: Range): Occurrence[] {
  const { cronExpressions = [], timezone, jitter, ...strange } = spec;
  if (cronExpressions.length !== 1 || timezone === undefined || Object.keys(strange).length > 0)
    throw new Error(`a spec of another form: ${JSON.stringify(spec)}`);
  const times = cronTimes(cronExpressions[0]!, timezone, range);
  return times.map((nominal, i) => {
    const room = (times[i + 1] ?? Number.POSITIVE_INFINITY) - nominal;
    return { nominal, at: jittered(scheduleId, nominal, Math.min(Number(jitter ?? 0), room)) };
  });
}

/** As much as seed and time say, never as much as to the next one. */
function jittered(seed: string, nominal: number, most: number): number {
  const share = createHash('sha256').update(`${seed} ${nominal}`).digest().readUInt32BE(0) / 2 ** 32;
  return nominal + Math.floor(share * most);
}

export interface Worked {
  /** `at`: when it was started in truth. */
  started: Occurrence[];
  /** Longer ago than the catch-up window when the plane came back. */
  missed: Occurrence[];
  /** Another of the same schedule was made up for already. */
  skipped: Occurrence[];
}

/** The catch-up window says which are made up for as soon as the plane is back; overlap SKIP, that it is one a schedule. */
export function workedOff(options: ScheduleOptions, range: Range, outage: Range): Worked {
  const { catchupWindow, overlap } = options.policies ?? {};
  if (overlap !== 'SKIP') throw new Error(`another policy of overlap: ${overlap}`);
  const worked: Worked = { started: [], missed: [], skipped: [] };
  let hasMadeUp = false;
  for (const one of occurrences(options, range)) {
    const isLate = one.at >= outage.from && one.at < outage.to;
    if (!isLate) worked.started.push(one);
    else if (outage.to - one.at > Number(catchupWindow)) worked.missed.push(one);
    else if (hasMadeUp) worked.skipped.push(one);
    else {
      hasMadeUp = true;
      worked.started.push({ ...one, at: outage.to });
    }
  }
  return worked;
}
