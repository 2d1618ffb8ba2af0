// Kills parts of the control plane at moments of chance while something else goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../lab/lab.js';
import type { Part, Plane } from './plane.js';

export interface Blow {
  part: Part;
  /** How long to wait before it, milliseconds. */
  afterMs: number;
}

export interface Kills {
  /** What was hit, with the time since the start; ends early when the run is over. */
  done: Promise<{ part: Part; atMs: number }[]>;
  stop(): void;
}

export function strike(plane: Plane, blows: readonly Blow[], say: (line: string) => void): Kills {
  const over = new AbortController();
  const began = Date.now();
  const work = async () => {
    const hits: { part: Part; atMs: number }[] = [];
    for (const { part, afterMs } of blows) {
      await sleep(afterMs, undefined, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted) break;
      const pid = await plane.signal(part, 'SIGKILL').catch(() => undefined);
      if (pid === undefined) continue;
      hits.push({ part, atMs: Date.now() - began });
      say(`  kill -9 ${part} (pid ${pid}) after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
    return hits;
  };
  return { done: work(), stop: () => over.abort() };
}

/** Until the host wrote down that a run began to change it. */
export async function firstChange(host: LabHost, withinMs = 60_000): Promise<void> {
  const until = Date.now() + withinMs;
  while ((await host.exec('test -s /var/log/clincher/audit.log')).code !== 0) {
    if (Date.now() > until) throw new Error(`${host.name} is not changed within ${withinMs / 1000} s`);
    await sleep(100);
  }
}
