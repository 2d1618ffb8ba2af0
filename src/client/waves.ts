// Several servers: reads side by side, changes in waves, the first server alone and the rest only after it is healthy.
import type { Server } from '../model.js';

const READS_AT_ONCE = 16;

/** Like map, at most 16 at a time; results in the order of what was asked. */
export async function sideBySide<T, Of = Server>(
  all: readonly Of[],
  work: (one: Of) => Promise<T>,
): Promise<T[]> {
  const results = new Array<T>(all.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < all.length) {
      const i = next++;
      results[i] = await work(all[i]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, all.length) }, lane));
  return results;
}

export interface WaveOptions {
  /** Servers in each wave after the first; absent: all the rest. */
  wave?: number | undefined;
  /** So many may fail before the next wave is not begun. */
  maxFailures: number;
}

/** The waves, in order: one server, then the others. */
export function waves<T>(servers: readonly T[], size: number | undefined): T[][] {
  const [first, ...rest] = servers;
  if (first === undefined) return [];
  const step = size ?? Math.max(1, rest.length);
  const others: T[][] = [];
  for (let i = 0; i < rest.length; i += step) others.push(rest.slice(i, i + step));
  return [[first], ...others];
}

/** Results of the servers that were begun; the others were spared. */
export async function inWaves<T>(
  servers: readonly Server[],
  options: WaveOptions,
  work: (server: Server) => Promise<T>,
  isHealthy: (result: T) => boolean,
): Promise<{ results: T[]; spared: Server[] }> {
  const results: T[] = [];
  for (const wave of waves(servers, options.wave)) {
    results.push(...(await Promise.all(wave.map(work))));
    if (results.filter((result) => !isHealthy(result)).length > options.maxFailures) break;
  }
  return { results, spared: servers.slice(results.length) };
}
