import { describe, expect, it } from 'vitest';
import * as ufw from '../../src/commands/ufw.js';
import { answer } from './answer.js';

const tuples = (...lines: string[]) =>
  ufw.state.parse(answer(lines.map((line) => `### tuple ### ${line}\n`).join(''))).rules;

describe('rules', () => {
  it.each([
    ['limit tcp 9922 0.0.0.0/0 any 10.66.0.1 in', 'limit from 10.66.0.1 to any port 9922 proto tcp'],
    [
      'allow tcp 80,443 0.0.0.0/0 any 173.245.48.0/20 in',
      'allow from 173.245.48.0/20 to any port 80,443 proto tcp',
    ],
    ['allow any any ::/0 any fd7a:115c:a1e0::/48 in', 'allow from fd7a:115c:a1e0::/48 to any'],
    ['deny udp 6000:6007 0.0.0.0/0 any 0.0.0.0/0 in', 'deny from any to any port 6000:6007 proto udp'],
    [
      'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=746865206f6c64',
      'allow from any to any port 22 proto tcp',
    ],
  ])('%s', (tuple, words) => expect(tuples(tuple).map(ufw.words)).toEqual([words]));

  it('keeps what our own rules never have', () => {
    const [app, link, to] = tuples(
      'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 OpenSSH - in',
      'allow udp 7000 0.0.0.0/0 any 0.0.0.0/0 in_eth0',
      'allow tcp 80 10.0.0.5 any 0.0.0.0/0 in',
    );
    expect([app?.rest, link?.direction, to?.rest]).toEqual(['OpenSSH', 'in_eth0', 'to 10.0.0.5']);
    const plain = ufw.rule('allow', 'any', [22]);
    expect([app, link, to].map((rule) => rule !== undefined && ufw.same(rule, plain))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('admit, or do not', () => {
    const all = tuples(
      'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in',
      'limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in_eth0',
      'deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in',
      'allow tcp 25 0.0.0.0/0 any 0.0.0.0/0 out',
      'route:allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in',
    );
    expect(all.map(ufw.admits)).toEqual([true, true, false, false, false]);
  });
});

it.each([
  ['10.66.0.1/32', '10.66.0.1'],
  ['10.66.0.0/24', '10.66.0.0/24'],
  ['2001:DB8:0:0::9', '2001:db8::9'],
  ['2001:db8::9/128', '2001:db8::9'],
  ['2001:0db8::/32', '2001:db8::/32'],
])('writes %s as ufw does: %s', (given, written) => expect(ufw.canonical(given)).toBe(written));

it('reads switches and settings', () => {
  const { isEnabled, defaults } = ufw.state.parse(
    answer('ENABLED=yes\nIPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n'),
  );
  expect([isEnabled, defaults.get('IPV6'), defaults.get('DEFAULT_INPUT_POLICY')]).toEqual([
    true,
    'yes',
    'DROP',
  ]);
  expect(ufw.state.parse(answer('')).isEnabled).toBe(false);
});

it('says many things to one ufw', () => {
  expect(ufw.batch('allow 80/tcp', 'deny 81').stdin).toBe('allow 80/tcp\ndeny 81\n');
});
