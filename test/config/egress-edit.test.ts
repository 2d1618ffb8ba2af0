// One way out more or less, and not another byte of what a person wrote.
import { expect, it, test } from 'vitest';
import { withDomain, withoutDomain } from '../../src/config/egress-edit.js';
import type { ExtraDomain } from '../../src/model.js';
import { DEFAULTS, load } from './fixture.js';

const rpc: ExtraDomain = { domain: 'rpc.example.com', reason: 'The agent: balances', expires: '2026-12-31' };
const feed: ExtraDomain = { domain: '*.example.org', reason: 'Feeds' };

const extras = (text: string): ExtraDomain[] => load(text).servers['prod']!.stack.egress.extra_domains;

const TEXTS: [string, string][] = [
  ['no stack', `${DEFAULTS}servers:\n  prod:\n    address: 203.0.113.7 # the one in Falkenstein\n`],
  [
    'a stack with remarks',
    `# ours\n${DEFAULTS}servers:\n  prod:\n    address: 203.0.113.7\n\n    # as small as can be\n    stack:\n      tier: starter   # for now\n\n  spare:\n    address: 203.0.113.8\n`,
  ],
  [
    'four blanks, lists not indented',
    "version: 1\ndefaults:\n    ssh:\n        authorized_keys:\n        - 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIX+tYdClZIvsgtuETMbTnhAS8ic4+eKO5mDDLUAA/8c you@home'\n        admin_addresses:\n        - 198.51.100.7\nservers:\n    prod:\n        address: 203.0.113.7\n",
  ],
  [
    'another indentation of lines',
    `${DEFAULTS.replaceAll('\n', '\r\n')}servers:\r\n  prod:\r\n    address: 203.0.113.7\r\n`,
  ],
];

test.each(TEXTS)('%s: the lines of the entry come, and go again', (_, text) => {
  const one = withDomain(text, 'prod', rpc, []);
  expect(extras(one)).toEqual([rpc]);
  expect(one.split('\n').length - text.split('\n').length).toBeLessThanOrEqual(6);
  for (const line of text.split('\n')) expect(one).toContain(line);
  const two = withDomain(one, 'prod', feed, [rpc]);
  expect(extras(two)).toEqual([rpc, feed]);
  expect(two.startsWith(one.slice(0, one.indexOf('expires')))).toBe(true);
  const back = withoutDomain(two, 'prod', feed.domain, [rpc, feed]);
  expect(back).toBe(one);
  expect(withoutDomain(back, 'prod', rpc.domain, [rpc])).toBe(text);
});

it('a text with remarks and blanks of its own, with five lines more', () => {
  const [, text] = TEXTS[1]!;
  const lines = [
    ...['      egress:', '        extra_domains:', '          - domain: rpc.example.com'],
    ...['            reason: "The agent: balances"', '            expires: 2026-12-31', ''],
  ].join('\n');
  expect(withDomain(text, 'prod', rpc, [])).toBe(text.replace('# for now\n', `# for now\n${lines}`));
});

const inDefaults = `${DEFAULTS}  stack:\n    egress:\n      extra_domains:\n        - domain: "*.example.org"\n          reason: Feeds\nservers:\n  prod:\n    address: 203.0.113.7\n  spare:\n    address: 203.0.113.8\n`;

it('what the defaults open stays open where the server gets a list of its own, and elsewhere', () => {
  const text = withDomain(inDefaults, 'prod', rpc, [feed]);
  expect(extras(text)).toEqual([feed, rpc]);
  expect(load(text).servers['spare']!.stack.egress.extra_domains).toEqual([feed]);
});

it('what the defaults open is shut for one server by an empty list', () => {
  const text = withoutDomain(inDefaults, 'prod', feed.domain, [feed]);
  expect(extras(text)).toEqual([]);
  expect(load(text).servers['spare']!.stack.egress.extra_domains).toEqual([feed]);
});

it('the same domain again replaces what had expired', () => {
  const [, text] = TEXTS[0]!;
  const old = withDomain(text, 'prod', { ...rpc, expires: '2020-01-01' }, []);
  expect(extras(withDomain(old, 'prod', rpc, [rpc]))).toEqual([rpc]);
});

it('an empty list in one line becomes one of lines', () => {
  const text = `${DEFAULTS}servers:\n  prod:\n    address: 203.0.113.7\n    stack: { egress: { extra_domains: [] } }\n`;
  expect(extras(withDomain(text, 'prod', rpc, []))).toEqual([rpc]);
});

it('a list that stands for another is for a hand to change', () => {
  const text = `${DEFAULTS}servers:\n  spare:\n    address: 203.0.113.8\n    stack: { egress: { extra_domains: &shared [{ domain: a.example.org, reason: Feeds }] } }\n  prod:\n    address: 203.0.113.7\n    stack: { egress: { extra_domains: *shared } }\n`;
  expect(() => withDomain(text, 'prod', rpc, [])).toThrow(/only a hand can change/);
});
