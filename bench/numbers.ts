// Figures of repeated measurements, and how they are written.

export interface Spread {
  min: number;
  median: number;
  max: number;
  count: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: median(sorted), max: sorted.at(-1)!, count: sorted.length };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Three digits that mean something: 0.412, 3.41, 34.1, 341. */
export const digits = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);

export const seconds = (ms: number): string => `${digits(ms / 1000)} s`;
export const percent = (share: number): string => `${digits(share * 100)} %`;
