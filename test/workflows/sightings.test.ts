import { expect, test } from 'vitest';
import type { Sighting } from '../../src/model.js';
import { toldPhases } from '../../src/workflows/phases.js';
import { standingOf } from '../../src/workflows/sightings.js';

const seen = (...all: Sighting['sees'][]): Sighting[] =>
  all.map((sees, i) => ({ from: `${i}`, sees, what: '' }));

test.each([
  ['most of those that could look see nothing', seen('silent', 'silent', 'answers'), 'down'],
  ['half of them are not most', seen('silent', 'answers'), 'answers'],
  ['who could not look does not count', seen('silent', 'silent', 'unknown', 'unknown'), 'down'],
  ['one witness is not enough', seen('silent', 'unknown'), 'alone'],
  ['one that sees it is enough to doubt', seen('answers', 'unknown'), 'answers'],
  ['nobody could look', seen('unknown'), 'alone'],
] as const)('%s', (_, all, verdict) => {
  expect(standingOf(all).verdict).toBe(verdict);
});

test('the clock is told without what people took', () => {
  const phases = [
    { name: 'approve', ms: 61_000, waitedMs: 60_000 },
    { name: 'restore', ms: 12_400, waitedMs: 0 },
  ];
  expect(toldPhases(phases)).toBe(
    'approve 1.0 s · restore 12 s · together 13 s, and 60 s for people’s answers',
  );
});
