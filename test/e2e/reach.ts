// Knocks at a host's doors by real logins, again and again, and keeps how long nobody got in.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Login, sshRun } from '../lab/ssh.js';

export interface Outage {
  /** From the first login that failed to the next one that worked; undefined: it still lasts. */
  ms: number | undefined;
  /** How many logins failed meanwhile. */
  failed: number;
}

export interface Watch {
  /** Ends the watch. Every time in which no login worked. */
  stop(): Promise<Outage[]>;
  /** Waits for the next outage to begin and to end: how long it lasted, or Infinity. */
  back(withinMs: number): Promise<number>;
}

/** Slow enough for what `ufw limit` counts, two doors included. */
const EVERY_MS = 3_000;

/** Any of the doors counts: who can get in somewhere is not locked out. */
export function watchDoors(host: { name: string; address: string }, doors: readonly Login[]): Watch {
  const outages: Outage[] = [];
  let since: number | undefined;
  let isOver = false;
  let told = 0;
  const note = (works: boolean): void => {
    const last = outages.at(-1);
    if (!works && since === undefined) outages.push({ ms: undefined, failed: 0 });
    if (!works) since ??= Date.now();
    if (!works) outages.at(-1)!.failed += 1;
    if (works && since !== undefined && last) last.ms = Date.now() - since;
    if (works) since = undefined;
  };
  const watching = (async () => {
    while (!isOver) {
      const tries = await Promise.all(doors.map((door) => sshRun(host, 'true', door)));
      note(tries.some(({ code }) => code === 0));
      await sleep(EVERY_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return outages;
    },
    async back(withinMs) {
      const until = Date.now() + withinMs;
      while (outages[told]?.ms === undefined) {
        if (Date.now() > until) return Number.POSITIVE_INFINITY;
        await sleep(200);
      }
      told += 1;
      return outages[told - 1]!.ms!;
    },
  };
}
