import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import type { CheckResult, RunState } from '../../src/model.js';
import { DEFAULTS } from '../config/fixture.js';
import { stage } from './stage.js';
import { converged, planned } from './states.js';

const check = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  ...{ id, title: `Title of ${id}`, why: `Why ${id}`, source: 'guide Step 10', vantage: 'host' as const },
  verdict,
  evidence: [`seen of ${id}`],
  remedy: verdict === 'fail' ? ["clincher run provision -s prod --only 'stack.*'"] : [],
});

const proved = (base: RunState, ...checks: CheckResult[]): RunState => ({
  ...base,
  runbook: 'verify',
  proof: { checks, outside: 'monitor', remoteMs: 20, remote: [], roundTrips: 2 },
});

const PASS = check('verify.redis', 'pass');

describe('checks', () => {
  test.each([
    ['all hold', proved(converged, PASS), 0, /= 1 check holds/],
    [
      'one fails',
      proved(converged, PASS, check('verify.ports', 'fail')),
      3,
      /✗ verify\.ports +Title of verify\.ports/,
    ],
    ['one is unknown', proved(converged, PASS, check('verify.audit', 'unknown')), 1, /\? verify\.audit/],
    ['fail beats unknown', proved(converged, check('a.b', 'fail'), check('c.d', 'unknown')), 3, /✗ a\.b/],
    ['drift alone', proved(planned, PASS), 3, /~ harden\.sshd/],
  ])('%s', async (_, state, code, text) => {
    const { run, io } = stage({ states: { '*': [state] } });
    expect(await run('verify', '-s', 'prod')).toBe(code);
    expect(io.stdout()).toMatch(text);
  });

  test('one that fails says why, what was seen and what to type; what holds is told with -v', async () => {
    const state = proved(converged, PASS, check('verify.ports', 'fail'));
    const short = stage({ states: { '*': [state] } });
    await short.run('verify', '-s', 'prod');
    for (const text of [
      'Why verify.ports',
      'seen of verify.ports',
      "--only 'stack.*'",
      'from outside by monitor',
    ])
      expect(short.io.stdout()).toContain(text);
    expect(short.io.stdout()).not.toContain('seen of verify.redis');
    const long = stage({ states: { '*': [state] } });
    await long.run('verify', '-s', 'prod', '-v');
    expect(long.io.stdout()).toContain('seen of verify.redis');
  });

  test('--json carries them', async () => {
    const { run, io } = stage({ states: { '*': [proved(converged, PASS, check('verify.ports', 'fail'))] } });
    await run('verify', '-s', 'prod', '--json');
    const document = SCHEMAS.verify.parse(JSON.parse(io.stdout()));
    expect(document.checkCounts).toEqual({ pass: 1, fail: 1, unknown: 0, skipped: 0 });
    expect(document.checks?.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['verify.redis', 'pass'],
      ['verify.ports', 'fail'],
    ]);
  });

  test('--only names checks as well as steps, and a typo is still one', async () => {
    const place = stage({ states: { '*': [proved(converged, PASS)] } });
    expect(await place.run('verify', '-s', 'prod', '--only', 'verify.egress-*')).toBe(0);
    expect(place.control.asked('start')).toMatchObject([['verify', { only: 'verify.egress-*' }, {}]]);
    expect(await stage().run('verify', '-s', 'prod', '--only', 'verfy.*')).toBe(2);
  });
});

describe('the vantage', () => {
  const three = `${DEFAULTS}servers:
  prod: { address: 203.0.113.7 }
  spare: { address: 203.0.113.8, role: standby }
  watch: { address: 203.0.113.9, role: monitor }
`;
  const asked = async (...words: string[]): Promise<unknown> => {
    const place = stage({ config: three, states: { '*': [proved(converged, PASS)] } });
    await place.run('verify', '-s', 'prod', ...words);
    const [[, input] = []] = place.control.asked('start') as [
      string,
      { prove: { outside?: { name: string } } },
    ][];
    return input?.prove.outside?.name;
  };

  test('is a monitor, else who is named, else nobody', async () => {
    expect(await asked()).toBe('watch');
    expect(await asked('--vantage', 'spare')).toBe('spare');
    const alone = stage({ states: { '*': [proved(converged, PASS)] } });
    await alone.run('verify', '-s', 'prod');
    expect(alone.control.asked('start')[0]?.[1]).toHaveProperty('prove', {});
  });

  test('is never the server itself', async () => {
    const place = stage({ config: three });
    expect(await place.run('verify', '-s', 'prod', '--vantage', 'prod')).toBe(2);
    expect(place.io.stderr()).toContain('cannot look at itself');
  });
});

describe('--report', () => {
  const state = proved(converged, PASS, check('verify.ports', 'fail'));

  test('writes a page of the form that its name says, for its owner alone', async () => {
    const place = stage({ states: { '*': [state] } });
    const file = join(place.bench.cwd, 'audit.html');
    expect(await place.run('verify', '-s', 'prod', '--report', file)).toBe(3);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*verify\.ports/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(place.io.stderr()).toContain(`wrote ${file}`);
  });

  test('writes both forms of every server into a folder', async () => {
    const place = stage({ states: { 'prod-0010': [state], '*': [{ ...state, server: 'spare' }] } });
    const folder = join(place.bench.cwd, 'audit');
    await place.run('verify', '-s', 'all', '--report', folder);
    for (const name of ['prod.html', 'prod.md', 'spare.html', 'spare.md'])
      expect(readFileSync(join(folder, name), 'utf8')).toContain('verify.ports');
  });

  test('one file for several servers is a mistake before anything is asked', async () => {
    const place = stage();
    expect(await place.run('verify', '-s', 'all', '--report', 'audit.md')).toBe(2);
    expect(place.opened()).toBe(0);
  });
});
