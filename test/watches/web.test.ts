// The public name and its certificate, and what the models have cost.
import { describe, expect, it } from 'vitest';
import type { OutsideNow } from '../../src/commands/outside.js';
import { spentNow } from '../../src/commands/spend.js';
import type { Server, WatchContext } from '../../src/model.js';
import { spend } from '../../src/watches/spend.js';
import { certificate, web } from '../../src/watches/web.js';
import { server } from '../steps/fixture.js';

const NOON = Date.UTC(2026, 10, 28, 12);
const context: WatchContext = { nowMs: NOON, restarts: {} };
const proxy = { kind: 'caddy', tls: 'acme', domain: 'claw.example.com' } as Server['proxy'];
const lab = server({ proxy: { ...server().proxy, ...proxy } });
const from = { name: 'here' };
const seen = (more: Partial<OutsideNow>): { now: OutsideNow } => ({ now: { from, ports: {}, ...more } });
const until = (days: number) => ({
  certificate: {
    ...{ coversName: true, isCurrent: true, isTrusted: true, issuer: 'an authority' },
    until: new Date(NOON + days * 86_400_000).toUTCString(),
  },
});

describe('the public name', () => {
  const judge = (anonymous: OutsideNow['anonymous']) => web.judge(seen({ anonymous }), lab, context).symptoms;
  it('401 is alive', () => expect(judge({ status: 401 })).toEqual([]));
  it('silence, and an open door, are told when they last', () => {
    expect(judge({ error: 'ECONNREFUSED' })).toMatchObject([
      { text: 'claw.example.com does not answer: ECONNREFUSED', looks: 2 },
    ]);
    expect(judge({ status: 502 })).toMatchObject([{ text: 'claw.example.com answers strangers with 502' }]);
    expect(judge({ status: 200 })).toHaveLength(1);
  });
  it('is not looked at where there is none', () => {
    expect(web.wanted?.(lab)).toBe(true);
    expect(web.wanted?.(server({ proxy: { ...lab.proxy, kind: 'none' } as Server['proxy'] }))).toBe(false);
  });
});

describe('the certificate', () => {
  const judge = (days: number, on = lab) => certificate.judge(seen(until(days)), on, context).symptoms;
  it('is told a fortnight before its end', () => {
    expect(judge(15)).toEqual([]);
    expect(judge(13)).toMatchObject([{ level: 'warning' }]);
    expect(judge(-1)).toMatchObject([{ level: 'critical' }]);
  });
  it('of an authority of one’s own is renewed within hours: its end alone counts', () => {
    const own = server({ proxy: { ...lab.proxy, tls: 'internal' } as Server['proxy'] });
    expect(judge(0.2, own)).toEqual([]);
    expect(judge(-0.2, own)).toHaveLength(1);
  });
  it('that nobody reached is unknown, not well', () =>
    expect(() => certificate.judge(seen({ certificate: { error: 'timed out' } }), lab, context)).toThrow(
      'timed out',
    ));
  it('with an end that is no date is unknown', () => {
    const odd = seen({ certificate: { ...until(1).certificate, until: 'soon' } });
    expect(() => certificate.judge(odd, lab, context)).toThrow('the certificate ends "soon"');
  });
});

describe('what was spent', () => {
  const spent = (usd: number, budgetUsd = 50) => ({
    spent: [{ model: 'sonnet', spentUsd: usd, budgetUsd, period: '30d' }],
  });
  const judge = (usd: number, budgetUsd?: number) =>
    spend.judge(spent(usd, budgetUsd), lab, context).symptoms;
  it('above four fifths, and at the end', () => {
    expect(judge(40)).toEqual([]);
    expect(judge(41)).toMatchObject([
      { about: 'sonnet', level: 'warning', text: 'sonnet has spent 82 % of its $50.00 for 30d' },
    ]);
    expect(judge(50)).toMatchObject([{ level: 'critical' }]);
  });
  it('a model that costs nothing, and the one that proves budgets, are nobody’s bill', () => {
    expect(judge(1, 0.000001)).toEqual([]);
    const proof = [{ model: 'clincher-budget-proof', spentUsd: 0.3, budgetUsd: 0.01, period: '1m' }];
    expect(spend.judge({ spent: proof }, lab, context)).toEqual({
      symptoms: [],
      fine: 'no model costs anything',
    });
  });
  it('a LiteLLM that does not answer is unknown', () =>
    expect(() =>
      spentNow('/opt/openclaw').parse({
        stdout: '',
        stderr: 'LiteLLM answers 500 to /model/info',
        exitCode: 1,
      }),
    ).toThrow('LiteLLM answers 500'));
});
