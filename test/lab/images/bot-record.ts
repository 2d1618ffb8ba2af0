// What the record of a bot's polls says: who held it when, and whether two ever did.
import type { Poll } from './models/bot-api.js';

/** One address's polls in a row; between two of them it handles what it got. Milliseconds. */
export interface Hold {
  from: string;
  begin: number;
  end: number;
}

/** A gateway polls again at once; after an error it waits longer, and has let go of the bot meanwhile. */
const GRACE_MS = 3_000;

/** By beginning; a poll that still waits ends `now`. */
export function holds(polls: readonly Poll[], now = Date.now()): Hold[] {
  const found: Hold[] = [];
  for (const { from, begin, end } of [...polls].sort((a, b) => a.begin - b.begin)) {
    const last = found.findLast((hold) => hold.from === from);
    if (last && begin - last.end <= GRACE_MS) last.end = Math.max(last.end, end ?? now);
    else found.push({ from, begin, end: end ?? now });
  }
  return found;
}

/** Each moment at which two addresses had the bot, as a line; none is what a proof wants. */
export function overlaps(polls: readonly Poll[], now = Date.now()): string[] {
  const all = holds(polls, now);
  const both = all.flatMap((one, at) =>
    all
      .slice(at + 1)
      .filter(({ from, begin }) => from !== one.from && begin < one.end)
      .map(
        ({ from, begin, end }) =>
          `${one.from} and ${from} at ${iso(begin)} for ${Math.min(one.end, end) - begin} ms`,
      ),
  );
  // The newcomer ends the other's poll in the same moment: no time is shared, and both wanted it.
  const rivals = polls
    .filter(({ by, from, rival }) => by === 'conflict' && rival !== from)
    .map(({ from, rival, end }) => `${rival} took it from ${from} at ${iso(end ?? now)}`);
  return [...both, ...rivals];
}

/** Address of who has the bot `now`; nobody, once nothing was asked for as long as a gateway pauses. */
export function holder(polls: readonly Poll[], now = Date.now()): string | undefined {
  return holds(polls, now).findLast(({ end }) => now - end <= GRACE_MS)?.from;
}

/** Every address that ever polled, once each. */
export const pollersOf = (polls: readonly Poll[]): string[] => [...new Set(polls.map(({ from }) => from))];

const iso = (at: number): string => new Date(at).toISOString();
