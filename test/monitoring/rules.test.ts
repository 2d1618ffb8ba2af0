// The alert rules: each is well formed; promtool itself checks them and tries them on figures in test/real/promtool.test.ts.
import { expect, test } from 'vitest';
import type { RunState } from '../../src/model.js';
import { ruleGroups, rulesFile } from '../../src/monitoring/rules.js';
import { countedAs } from '../../src/workflows/ended-well.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
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

test('a run that came to its end and found something red counts as failed', () => {
  const ended = (failed: number, status: RunState['status'] = 'done') =>
    countedAs({ status, outcome: { failed } } as RunState);
  expect([ended(0), ended(1), ended(0, 'aborted')]).toEqual(['done', 'failed', 'aborted']);
});
