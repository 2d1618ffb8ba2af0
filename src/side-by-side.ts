// Several things at once: side by side, and not all of them at the same moment.
import type { Server } from './model.js';

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
