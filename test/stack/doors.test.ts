// The ways out that providers and channels open, and which name covers which.
import { expect, test } from 'vitest';
import { covers, hostOf, ownDoors } from '../../src/stack/doors.js';
import { PROVIDERS } from '../../src/stack/providers.js';
import { fixtureStack } from '../fixture-stack.js';

const domains = (written: Record<string, unknown>): string[] =>
  ownDoors(fixtureStack('prod', written)).map(({ domain, why }) => `${domain} (${why})`);

const QUIET = { telegram: { enabled: false } };

test.each<[what: string, written: Record<string, unknown>, doors: string[]]>([
  [
    'the defaults',
    {},
    [
      'api.anthropic.com (provider anthropic)',
      'api.voyageai.com (provider voyage)',
      'api.telegram.org (channel telegram)',
    ],
  ],
  ['nothing', { providers: {}, channels: QUIET }, []],
  [
    'an address of one’s own, and not the public one besides',
    { providers: { openai: { api_base: 'https://gate.example.com:8443/v1' } }, channels: QUIET },
    ['gate.example.com (provider openai)'],
  ],
  [
    'Slack',
    { providers: {}, channels: { ...QUIET, slack: { enabled: true } } },
    ['slack.com (channel slack)', '*.slack.com (channel slack)'],
  ],
  [
    'a Bot API of one’s own, and not Telegram’s besides',
    { providers: {}, channels: { telegram: { api_root: 'https://bot-api.example.com:8081' } } },
    ['bot-api.example.com (channel telegram)'],
  ],
  ['webhooks come in', { providers: {}, channels: { ...QUIET, webhook: { enabled: true } } }, []],
])('%s', (_, written, doors) => expect(domains(written)).toEqual(doors));

test('every provider has its hosts, or needs an address', () => {
  expect(PROVIDERS).toHaveLength(22);
  for (const { domains: hosts, needsBase } of PROVIDERS) expect(hosts.length === 0).toBe(needsBase === true);
});

test.each([
  ['https://Gate.Example.com:8443/v1', 'gate.example.com'],
  ['http://10.0.0.5:8000/v1', '10.0.0.5'],
  ['http://[2001:db8::5]:8000', '2001:db8::5'],
  ['https://gate.example.com?x=1', 'gate.example.com'],
])('the host of %s', (address, host) => expect(hostOf(address)).toBe(host));

test.each([
  ['api.x.ai', 'api.x.ai', true],
  ['*.slack.com', 'files.slack.com', true],
  ['*.slack.com', 'a.b.slack.com', true],
  ['*.slack.com', '*.files.slack.com', true],
  ['*.slack.com', '*.slack.com', true],
  ['*.slack.com', 'slack.com', false],
  ['*.slack.com', 'evilslack.com', false],
  ['files.slack.com', '*.slack.com', false],
])('%s covers %s: %s', (outer, inner, answer) => expect(covers(outer, inner)).toBe(answer));
