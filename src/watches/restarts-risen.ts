// Docker's counter of starts over, as a rise within the last hour: the counter itself never falls, and a start by hand sets it to none.
import type { RestartCount, Restarts } from '../model.js';

const HOUR_MS = 3600 * 1000;

interface Counter {
  name: string;
  restarts: number;
}

/** What was never seen before has not risen: how long its counter has stood so nobody knows. */
export const counted = (before: Restarts, now: readonly Counter[], nowMs: number): Restarts =>
  Object.fromEntries(now.map(({ name, restarts }) => [name, one(before[name], restarts, nowMs)]));

function one(before: RestartCount | undefined, seen: number, nowMs: number): RestartCount {
  if (before === undefined) return { seen, rises: [] };
  // A lower one was counted from none.
  const by = seen < before.seen ? seen : seen - before.seen;
  const recent = before.rises.filter(({ atMs }) => nowMs - atMs < HOUR_MS);
  return { seen, rises: by > 0 ? [...recent, { atMs: nowMs, by }] : recent };
}

export const risen = (restarts: Restarts): Record<string, number> =>
  Object.fromEntries(
    Object.entries(restarts).map(([name, { rises }]) => [name, rises.reduce((sum, { by }) => sum + by, 0)]),
  );
