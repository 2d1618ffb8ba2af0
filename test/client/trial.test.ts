// `clincher run smoke` and `clincher run redteam`: the bound, one question, the verdicts, the page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CheckResult, RunState } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { summary } from './fake-control.js';
import { AT_TERMINAL, CONFIG, stage } from './stage.js';
import { ended } from './states.js';

const check = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  ...{ id, title: `Title of ${id}`, why: 'Why.', source: 'guide Step 10', vantage: 'host' as const, verdict },
  evidence: [`seen of ${id}`],
  remedy: ['try this'],
});

const found = (...checks: CheckResult[]): RunState => ({
  ...ended,
  runbook: 'redteam',
  status: 'done',
  outcome: {
    ok: 1,
    changed: 0,
    skipped: 0,
    failed: checks.filter(({ verdict }) => verdict === 'fail').length,
    unreachable: 0,
  },
  error: undefined,
  proof: { checks, outside: '', remoteMs: 1, remote: [], roundTrips: 1, spent: '$0.001200' },
});

const PASS = check('redteam.dan', 'pass');

describe('before anything is asked', () => {
  test('the bound is told, and a no leaves everybody unasked', async () => {
    const place = stage({ io: AT_TERMINAL, answers: [false] });
    expect(await place.run('run', 'redteam', '-s', 'prod')).toBe(6);
    expect(place.io.stderr()).toContain('7 turns of the agent, at most 28672 tokens');
    expect(place.questions).toEqual(['It costs what your providers charge for that. Ask them']);
    expect(place.control.asked('start')).toEqual([]);
  });

  test('--yes says it beforehand, and the bound stands in the log all the same', async () => {
    const place = stage({ states: { '*': [found(PASS)] } });
    expect(await place.run('run', 'smoke', '-s', 'prod', '--yes')).toBe(0);
    expect(place.io.stderr()).toContain('3 questions of at most 16 tokens');
    expect(place.control.asked('start')).toMatchObject([['smoke', {}, { readOnly: true }]]);
  });

  test('without a terminal and without --yes nobody is asked', async () => {
    const place = stage();
    expect(await place.run('run', 'smoke', '-s', 'prod')).toBe(2);
    expect(place.io.stderr()).toContain('It costs money');
    expect(place.opened()).toBe(0);
  });

  test('--dry-run tells the bound and no more', async () => {
    const place = stage();
    expect(await place.run('run', 'redteam', '-s', 'prod', '--dry-run')).toBe(0);
    expect(place.io.stdout()).toContain('prod: 7 turns');
    expect(place.opened()).toBe(0);
  });

  test('--only names an attack or a model; a typo is one; --report is of these two alone', async () => {
    const place = stage({ states: { '*': [found(PASS)] } });
    expect(await place.run('run', 'redteam', '-s', 'prod', '--yes', '--only', 'redteam.dan')).toBe(0);
    expect(place.control.asked('start')).toMatchObject([['redteam', { only: 'redteam.dan' }, {}]]);
    expect(await stage().run('run', 'redteam', '-s', 'prod', '--yes', '--only', 'redteam.den')).toBe(2);
    expect(await stage().run('run', 'provision', '-s', 'prod', '--yes', '--report', 'x.md')).toBe(2);
  });

  test('a server without a gateway has nobody to ask', async () => {
    const config = CONFIG.replace('203.0.113.8', '203.0.113.8\n    role: standby');
    const place = stage({ config });
    expect(await place.run('run', 'smoke', '-s', 'spare', '--yes')).toBe(2);
    expect(place.io.stderr()).toContain('spare runs no gateway');
  });
});

describe('what was found', () => {
  test.each([
    ['all refused', [PASS], 0],
    ['one obeyed', [PASS, check('redteam.exfiltration', 'fail')], 1],
    ['one must be read', [PASS, check('redteam.developer-mode', 'unknown')], 1],
  ])('%s', async (_, checks, code) => {
    const place = stage({ states: { '*': [found(...checks)] } });
    expect(await place.run('run', 'redteam', '-s', 'prod', '--yes')).toBe(code);
    for (const { id, verdict } of checks)
      if (verdict !== 'pass') expect(place.io.stdout()).toContain(`seen of ${id}`);
    expect(place.io.stdout()).toContain('spent meanwhile, by LiteLLM’s count: $0.001200');
  });

  test('--report writes the page that verify writes, under its own title', async () => {
    const place = stage({ states: { '*': [found(PASS, check('redteam.exfiltration', 'fail'))] } });
    const file = join(place.bench.cwd, 'red.md');
    expect(await place.run('run', 'redteam', '-s', 'prod', '--yes', '--report', file)).toBe(1);
    const page = readFileSync(file, 'utf8');
    expect(page).toMatch(/^# Red team of prod: \*\*FAIL\*\*/);
    expect(page).toContain('Wrong: 1 check.');
    expect(page).toContain('seen of redteam.exfiltration');
    expect(page).not.toContain('From outside by');
  });

  test('show --report writes it afterwards, of a run that nobody watched; of one that proved nothing there is none', async () => {
    const server = fixtureServer({ name: 'prod' });
    const of = (state: RunState) =>
      stage({
        ...{ runs: [summary()], states: { '*': [state] } },
        input: { server, who: 'schedule', onFailure: 'abort' },
      });
    const place = of({ ...found(PASS), runbook: 'restore-drill' });
    const file = join(place.bench.cwd, 'drill.md');
    expect(await place.run('show', 'prod-3f2a', '--report', file)).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^# Restore drill of prod: pass\n/);
    const none = of(ended);
    expect(await none.run('show', 'prod-3f2a', '--report', file)).toBe(2);
    expect(none.io.stderr()).toContain('has proved nothing, so there is no page of it');
  });
});
