// Deep merge of plain data: maps merge key by key, everything else (lists too) is replaced.

export type Plain = Record<string, unknown>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Neither argument is changed; null counts as a value. */
export function deepMerge(base: unknown, top: unknown): unknown {
  if (top === undefined) return base;
  if (!isPlain(base) || !isPlain(top)) return top;
  const merged: Plain = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(top)]))
    setKey(merged, key, deepMerge(own(base, key), own(top, key)));
  return merged;
}

export function own(value: unknown, key: string): unknown {
  return isPlain(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce(own, value);
}

/** As `at`, through lists too. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, part) => (Array.isArray(inner) ? inner[Number(part)] : own(inner, String(part))),
    value,
  );

/** Plain assignment to `__proto__` would change the object's prototype instead of adding a key. */
export function setKey(target: Plain, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/** Makes the maps that are missing on the way. */
export function putAt(values: Plain, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) return void setKey(values, key, value);
  if (!isPlain(own(values, key))) setKey(values, key, {});
  putAt(values[key] as Plain, rest, value);
}
