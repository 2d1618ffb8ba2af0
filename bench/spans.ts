// Spans of time, and how much of the clock they cover together.

export interface Span {
  start: number;
  end: number;
}

/** Milliseconds in which at least one span was open: what overlaps counts once. */
export function covered(spans: readonly Span[]): number {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    total += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return total;
}

export const within = <S extends Span>(spans: readonly S[], { start, end }: Span): S[] =>
  spans.filter((span) => span.end > start && span.start < end);

/** Cut to the window. */
export const clipped = (spans: readonly Span[], window: Span): Span[] =>
  within(spans, window).map(({ start, end }) => ({
    start: Math.max(start, window.start),
    end: Math.min(end, window.end),
  }));
