import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalHost, canonicalNetwork, isHostName, parseNetwork } from '../../src/config/network.js';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7/24', '203.0.113.0/24'],
  ['10.1.2.3/0', '0.0.0.0/0'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8::1/32', '2001:db8::/32'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
  ['1:2:3:4:5:6:0:8', '1:2:3:4:5:6:0:8'],
  ['::ffff:1.2.3.4', '::ffff:102:304'],
])('%s is %s', (text, canonical) => {
  const network = parseNetwork(text);
  expect(network && canonicalNetwork(network)).toBe(canonical);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4/33',
  '1.2.3.4/',
  '1.2.3.4/2/3',
  '1.2.3.4/-1',
  '::/129',
  ':::',
  'fe80::1%eth0',
  'host',
])('%j is no network', (text) => expect(parseNetwork(text)).toBeUndefined());

test('any IPv6 address keeps its value through its shortest spelling', () => {
  const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((value) => value.toString(16)).join(':');
      const short = canonicalNetwork(parseNetwork(long)!);
      expect(parseNetwork(short)).toEqual(parseNetwork(long));
      expect(short.length).toBeLessThanOrEqual(long.length);
      expect(short).toBe(new URL(`http://[${long}]`).hostname.slice(1, -1));
    }),
  );
});

test('host names', () => {
  const good = ['a', 'example.com', 'a-b.c', 'xn--bcher-kva.example', 'host.', '1a.example'];
  const bad = [
    '',
    '-a',
    'a-',
    'a..b',
    'a_b',
    'a b',
    '1.2.3',
    '300.1.1.1',
    `${'a'.repeat(64)}.com`,
    'é.com',
    `${'a.'.repeat(127)}aaa`,
  ];
  expect(good.filter((name) => !isHostName(name))).toEqual([]);
  expect(bad.filter(isHostName)).toEqual([]);
});

test('two spellings of one host', () => {
  expect(canonicalHost('Example.COM.')).toBe(canonicalHost('example.com'));
  expect(canonicalHost('2001:DB8::0:1')).toBe(canonicalHost('2001:db8::1'));
});
