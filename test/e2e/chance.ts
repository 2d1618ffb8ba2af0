// Chance that can be repeated: the seed is printed, and the same seed gives the same numbers.

/** Numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const newSeed = (): number => Number(process.env['CLINCHER_SEED'] ?? Math.floor(Math.random() * 1e9));
