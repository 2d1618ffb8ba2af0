import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance, nearest } from '../../src/config/nearest.js';

test.each([
  ['egres_allow', 'egress_allow'],
  ['prot', 'port'],
  ['admin-addresses', 'admin_addresses'],
  ['Servers', 'servers'],
  ['addres', 'address'],
  ['ip', undefined],
  ['completely_different', undefined],
  ['', undefined],
])('%s → %s', (word, guess) => {
  expect(nearest(word, ['egress_allow', 'port', 'admin_addresses', 'servers', 'address', 'defaults'])).toBe(
    guess,
  );
});

test('a distance is a distance', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a));
      expect(distance(a, a)).toBe(0);
      expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
  expect(distance('prot', 'port')).toBe(1);
});

test('a very long word is no work', () => {
  expect(nearest('x'.repeat(1_000_000), ['port'])).toBeUndefined();
});
