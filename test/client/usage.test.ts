import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastDays, summed } from '../../src/client/usage.js';
import { dollars, usageView } from '../../src/client/view/usage.js';
import { usagePage } from '../../src/client/view/usage-html.js';
import type { Spent } from '../../src/commands/spend.js';
import type { DayUse } from '../../src/commands/usage.js';
import { stage } from './stage.js';

const use = (day: string, model: string, usd: number, calls = 1): DayUse => ({
  ...{ day, model, usd, calls, cached: 0, inputTokens: 1200, outputTokens: 30 },
});
const budget = (model: string, spentUsd: number): Spent => ({
  model,
  spentUsd,
  budgetUsd: 10,
  period: '30d',
});

const DAYS = ['2026-11-21', '2026-11-22'];
const BY_DAY = [
  use('2026-11-21', 'large', 1.5),
  use('2026-11-22', 'large', 0.75, 9),
  use('2026-11-22', 'gone<b>', 0.004),
];
const BUDGETS = [budget('large', 2.25), budget('small', 0), budget('clincher-budget-proof', 3)];

test('days are UTC’s, today included', () =>
  expect(lastDays(3, Date.parse('2026-03-01T00:30:00Z'))).toEqual([
    '2026-02-27',
    '2026-02-28',
    '2026-03-01',
  ]));

test('sums by model: dear ones first, idle ones too, the proof of budgets not at all', () => {
  const usage = summed({ server: 'prod' }, DAYS, BY_DAY, BUDGETS);
  expect(usage.models.map(({ model, usd, calls }) => [model, usd, calls])).toEqual([
    ['large', 2.25, 10],
    ['gone<b>', 0.004, 1],
    ['small', 0, 0],
  ]);
  expect(usage.models[1]?.budget).toBeUndefined();
  expect(usage.totalUsd).toBeCloseTo(2.254);
});

test('small amounts are not nothing', () => {
  expect([0, 0.00012, 0.5, 12.345].map(dollars)).toEqual(['$0.00', '$0.00012', '$0.50', '$12.35']);
});

describe('drawn', () => {
  const usage = summed({ server: 'prod' }, ['2026-11-20', ...DAYS], BY_DAY, BUDGETS);
  test.each([
    [100, false],
    [60, true],
  ])('%i columns, ascii %s', (columns, ascii) => {
    const lines = usageView(usage, { columns, ascii, color: false });
    const bars = lines.slice(-3);
    expect(bars[0]).toBe('  2026-11-20  –');
    expect(bars[1]?.length).toBeGreaterThan(bars[2]!.length);
    expect(bars[1]).toMatch(ascii ? /##+ \$1\.50$/ : /█+ \$1\.50$/);
    expect(lines.find((line) => line.includes('large'))).toContain('$2.25 of $10.00 in 30d');
  });

  test('nothing was spent: no bar, and no division by nothing', () => {
    const none = usageView(summed({ server: 'prod' }, DAYS, [], BUDGETS), {
      columns: 80,
      ascii: false,
      color: false,
    });
    expect(none.join('\n')).not.toMatch(/█|NaN|Infinity/);
  });

  test('as a page: a bar a day and model, whatever a model is called', () => {
    const page = usagePage([usage], '2026-11-22T12:00:00.000Z');
    expect(page.match(/<rect/g)).toHaveLength(3);
    expect(page).toContain('gone&lt;b&gt;');
    expect(page).not.toMatch(/<b>|<script|NaN/);
  });
});

describe('usage', () => {
  const reach = { facts: { byDay: BY_DAY, budgets: BUDGETS } };
  test('as a document, and as a page for its owner alone; nothing is noted, since nothing is seen of anybody', async () => {
    const s = stage({ reach });
    expect(await s.run('usage', '-s', 'prod', '--days', '2', '--json', '--html', 'usage.html')).toBe(0);
    expect(JSON.parse(s.io.stdout())).toMatchObject({ servers: [{ server: 'prod', days: DAYS }] });
    const page = join(s.bench.cwd, 'usage.html');
    expect(readFileSync(page, 'utf8')).toContain('prod');
    expect(statSync(page).mode & 0o777).toBe(0o600);
    expect(s.reach.events).toEqual(['read byDay budgets', 'closed']);
  });

  test('further back than is kept is told', async () => {
    const s = stage({ reach });
    expect(await s.run('usage', '-s', 'prod', '--days', '400')).toBe(2);
    expect(s.reach.events).toEqual([]);
  });
});
