// The alert rules: each is well formed, and where promtool is installed it checks them and tries them on figures.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ruleGroups, rulesFile } from '../../src/monitoring/rules.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const tests = join(import.meta.dirname, 'rules.promtool.yml');
const rules = ruleGroups(server).flatMap((group) => group.rules);

test('each rule has a name of its own, a severity, and says what to do', () => {
  const names = rules.map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  for (const { alert, annotations } of rules) {
    expect(alert).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(annotations.description.length, alert).toBeGreaterThan(20);
  }
});

test('the limits are those of the watchdog', () => {
  const text = rulesFile({ watchdog: { ...server.watchdog, disk_percent: 71, spend_percent: 33 } });
  expect(text).toContain('> 71');
  expect(text).toContain('> 0.33');
});

test('names of the guide that no software has are in no rule', () => {
  for (const { alert, expr } of rules)
    expect(expr, alert).not.toMatch(
      /litellm_request_duration|litellm_spend_total|litellm_budget_total|up\{job="openclaw"\}/,
    );
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe.skipIf(!hasPromtool)('promtool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clincher-rules-'));
  const promtool = (...words: string[]) =>
    spawnSync('promtool', words, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  beforeAll(() => {
    writeFileSync(join(folder, 'rules.yml'), rulesFile(server));
    copyFileSync(tests, join(folder, 'tests.yml'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('check rules', () => expect(promtool('check', 'rules', 'rules.yml')).toMatchObject({ status: 0 }));
  test('test rules', () => {
    const { status, stdout, stderr } = promtool('test', 'rules', 'tests.yml');
    expect(status, stdout + stderr).toBe(0);
  });
  test('a rule that is wrong is found', () => {
    const text = readFileSync(join(folder, 'rules.yml'), 'utf8').replaceAll(
      'service="openclaw"',
      'service="x"',
    );
    writeFileSync(join(folder, 'rules.yml'), text);
    expect(promtool('test', 'rules', 'tests.yml').status).not.toBe(0);
  });
});
