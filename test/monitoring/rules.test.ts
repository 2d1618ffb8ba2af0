// The alert rules: each is well formed; promtool itself checks them and tries them on figures in test/real/promtool.test.ts.
import { expect, test } from 'vitest';
import { ruleGroups, rulesFile } from '../../src/monitoring/rules.js';
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
