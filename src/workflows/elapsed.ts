// Time that a run spends inside remote commands: spans of steps that overlap count once.
import type { Span } from '../model.js';

export class Elapsed {
  #spans: Span[] = [];

  add(spans: readonly Span[]): void {
    this.#spans = merge([...this.#spans, ...spans]);
  }

  get ms(): number {
    return elapsedMs(this.#spans);
  }
}

/** Of all at once, milliseconds. */
export const elapsedMs = (spans: readonly Span[]): number =>
  merge(spans).reduce((sum, [from, to]) => sum + (to - from), 0);

/** Spans in order, none touching another. */
export function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
