// Where the page may listen, and what it takes for its own address.
import { expect, test } from 'vitest';
import { pageAddress, pageUrl } from '../../src/config/fields.js';
import { pagePlace } from '../../src/page/place.js';

test('off, unless somebody turns it on', () => expect(pagePlace({})).toBeUndefined());

test('on loopback it is localhost too; with an address in front, links begin with that', () => {
  expect(pagePlace({ CLINCHER_PAGE: '127.0.0.1:7288' })).toEqual({
    ...{ host: '127.0.0.1', port: 7288, own: 'http://127.0.0.1:7288', url: 'http://127.0.0.1:7288' },
    origins: ['http://127.0.0.1:7288', 'http://localhost:7288'],
  });
  expect(pagePlace({ CLINCHER_PAGE: '[::1]:80', CLINCHER_PAGE_URL: 'https://ops.ts.net/' })).toEqual({
    ...{ host: '::1', port: 80, own: 'http://[::1]', url: 'https://ops.ts.net' },
    origins: ['https://ops.ts.net', 'http://[::1]', 'http://localhost'],
  });
  expect(pagePlace({ CLINCHER_PAGE: '100.101.102.103:7288' })?.origins).toEqual([
    'http://100.101.102.103:7288',
  ]);
});

test.each([
  '127.0.0.1:7288',
  '[::1]:7288',
  '100.64.0.1:1',
  '100.127.255.254:65535',
  '[fd7a:115c:a1e0::1]:7288',
])('%s is near', (at) => expect(pageAddress(at)).toBeUndefined());

test.each([
  ...[
    '0.0.0.0:7288',
    '[::]:7288',
    '203.0.113.7:7288',
    '10.0.0.1:7288',
    '192.168.1.2:7288',
    '100.128.0.1:7288',
  ],
  ...[
    'localhost:7288',
    '127.0.0.1',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '::1:7288',
    '[127.0.0.1]:7288',
    ':7288',
    '',
  ],
])('%s is refused, in clincher.yaml and by the worker', (at) => {
  expect(pageAddress(at)).toMatch(/neither on loopback/);
  if (at !== '') expect(() => pagePlace({ CLINCHER_PAGE: at })).toThrow(/does not listen on/);
});

test.each(['https://ops.ts.net', 'https://ops.ts.net:8443/', 'http://100.64.0.1:7288'])(
  '%s leads there',
  (url) => expect(pageUrl(url)).toBeUndefined(),
);

test.each([
  'ops.ts.net',
  'https://ops.ts.net/page',
  'https://a:b@ops.ts.net',
  'https://ops.ts.net/?x',
  'ftp://ops',
])('%s does not', (url) => expect(pageUrl(url)).toBeDefined());
