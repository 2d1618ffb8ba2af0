import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Span } from '../src/model.js';
import { Elapsed } from '../src/workflows/elapsed.js';

const span = fc.tuple(fc.nat(50), fc.nat(20)).map(([from, length]): Span => [from, from + length]);

it('counts every millisecond once, in whatever order the spans come', () => {
  fc.assert(
    fc.property(fc.array(span), (spans) => {
      const covered = new Set(
        spans.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)),
      );
      const elapsed = new Elapsed();
      for (const each of spans) elapsed.add([[...each]]);
      expect(elapsed.ms).toBe(covered.size);
    }),
  );
});
