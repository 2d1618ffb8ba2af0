// Until when a way out is open; and the list on a server, read back into what it was made of.
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import type { ExtraDomain } from '../../src/model.js';
import { egressAcl, egressDomains } from '../../src/stack/egress-acl.js';
import { endOf, isOver, listedIn, withExtras, withoutExpired } from '../../src/stack/egress-extras.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const at = (text: string): number => Date.parse(text);

test.each([
  ['a day is open to its end', '2026-12-31', '2026-12-31T23:59:59Z', false],
  ['and shut with the next', '2026-12-31', '2027-01-01T00:00:00Z', true],
  ['a moment is that moment', '2026-12-31T18:00Z', '2026-12-31T17:59:59Z', false],
  ['and not a second longer', '2026-12-31T18:00Z', '2026-12-31T18:00:00Z', true],
])('%s', (_, expires, now, over) =>
  expect(isOver({ domain: 'a.example.com', reason: 'test', expires }, at(now))).toBe(over),
);

it('no end, no end', () => {
  expect(isOver({ domain: 'a.example.com', reason: 'test' }, Number.MAX_SAFE_INTEGER)).toBe(false);
  expect(endOf('2026-12-31')).toBe(at('2027-01-01T00:00:00Z'));
});

it('only what is over goes, and a server without is the very same', () => {
  const extra = (domain: string, expires?: string): ExtraDomain => ({
    ...{ domain, reason: 'test' },
    ...(expires === undefined ? {} : { expires }),
  });
  const open = withExtras(server, [extra('a.example.com'), extra('b.example.com', '2027-01-01')]);
  expect(withoutExpired(open, at('2026-12-01T00:00:00Z'))).toBe(open);
  const later = withoutExpired(open, at('2027-02-01T00:00:00Z'));
  expect(later.stack.egress.extra_domains.map(({ domain }) => domain)).toEqual(['a.example.com']);
  expect(egressAcl(later)).not.toContain('b.example.com');
  expect(open.stack.egress.extra_domains).toHaveLength(2);
});

/** One line, as the configuration wants it; with all that could be taken for a sign of the list. */
const reason = fc
  .array(
    fc.constantFrom('a', 'Feed', ' ', '#', '"', ':', '- ', '(until 2026-01-01)', 'extra: ', 'é', '%', "'"),
    {
      minLength: 4,
      maxLength: 12,
    },
  )
  .map((parts) => parts.join('').trim())
  .filter((text) => text.length >= 4);
const extras = fc.uniqueArray(
  fc.record(
    {
      domain: fc.constantFrom(
        'a.example.com',
        '*.example.org',
        '10.1.2.3',
        'xn--bcher-kva.example',
        'true.example',
      ),
      reason,
      expires: fc.constantFrom('2026-12-31', '2026-12-31T18:00Z'),
    },
    { requiredKeys: ['domain', 'reason'] },
  ),
  { selector: ({ domain }) => domain },
);

it('whatever was asked for, the list tells it so that the same list is made of it', () =>
  fc.assert(
    fc.property(extras, (asked) => {
      const acl = egressAcl(withExtras(server, asked as ExtraDomain[]));
      const found = listedIn(acl);
      expect(egressAcl(withExtras(server, found.extras))).toBe(acl);
      expect(found.domains).toEqual(
        egressDomains(withExtras(server, asked as ExtraDomain[])).map(({ domain }) => domain),
      );
    }),
  ));

it('an empty list has nothing in it', () =>
  expect(listedIn('default:\n  allowed_domains: []\n')).toEqual({ domains: [], extras: [] }));
