import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, deepMerge } from '../../src/config/merge.js';

test('maps merge, lists and values replace', () => {
  expect(deepMerge({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3] }, d: null })).toEqual({
    a: { b: 1, c: [3] },
    d: null,
  });
});

const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.integer()));
const key = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString'),
  fc.string({ maxLength: 3 }),
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, leaf, fc.dictionary(key, tie('node'), { maxKeys: 4 })),
})).node;

/** Every path to something that is not a map. */
function leaves(value: unknown, path: string[] = []): [string[], unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  const entries = Object.entries(value);
  return entries.flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

test('everything on top is there, and of the base whatever the top is silent about', () => {
  fc.assert(
    fc.property(tree, tree, (base, top) => {
      const merged = deepMerge(base, top);
      for (const [path, value] of leaves(top)) expect(at(merged, path)).toEqual(value);
      for (const [path, value] of leaves(base)) {
        const isSilent =
          path.every((_, index) => index === 0 || isMap(at(top, path.slice(0, index)))) && isMap(top);
        if (isSilent && at(top, path) === undefined) expect(at(merged, path)).toEqual(value);
      }
    }),
  );
});

const isMap = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));

test('neither side is changed, nor anything of JavaScript’s', () => {
  fc.assert(
    fc.property(tree, tree, (base, top) => {
      const before = JSON.stringify([base, top]);
      const merged = deepMerge(base, top);
      expect(JSON.stringify([base, top])).toBe(before);
      expect(({} as Record<string, unknown>)['a']).toBeUndefined();
      if (isMap(merged) && isMap(base) && isMap(top))
        expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    }),
  );
});

test('merging with nothing, or with itself, changes nothing', () => {
  fc.assert(
    fc.property(tree, (value) => {
      expect(deepMerge(value, undefined)).toEqual(value);
      expect(deepMerge(undefined, value)).toEqual(value);
      expect(deepMerge(value, value)).toEqual(value);
    }),
  );
});
