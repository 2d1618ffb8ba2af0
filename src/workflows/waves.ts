// Several servers in waves: the first alone, and the rest only after it is healthy.

/** The waves, in order: one, then so many at a time; without a size all the others at once. */
export function waves<T>(all: readonly T[], size: number | undefined): T[][] {
  const [first, ...rest] = all;
  if (first === undefined) return [];
  const step = size ?? Math.max(1, rest.length);
  const others: T[][] = [];
  for (let i = 0; i < rest.length; i += step) others.push(rest.slice(i, i + step));
  return [[first], ...others];
}
