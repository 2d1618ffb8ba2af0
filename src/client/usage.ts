// What models have cost, summed up by model and by day. Pure.
import type { Spent } from '../commands/spend.js';
import type { DayUse } from '../commands/usage.js';
import { BUDGET_PROOF } from '../stack/budget-proof.js';

export interface ModelUse extends Omit<DayUse, 'day'> {
  /** Of the budget's own period, as LiteLLM counts it; absent for models that are no longer configured. */
  budget?: { spentUsd: number; usd: number; period: string };
}

export interface Usage {
  server: string;
  partition?: string;
  /** Every day that was asked for, the oldest first. */
  days: string[];
  models: ModelUse[];
  byDay: DayUse[];
  totalUsd: number;
}

const DAY_MS = 86_400_000;

/** Days as LiteLLM's callback counts them: in UTC. */
export const lastDays = (count: number, now: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date(now - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10),
  );

export function summed(
  of: Pick<Usage, 'server' | 'partition'>,
  days: string[],
  byDay: DayUse[],
  budgets: readonly Spent[],
): Usage {
  const known = budgets.filter(({ model }) => model !== BUDGET_PROOF);
  const names = new Set([...known, ...byDay].map(({ model }) => model));
  const models = [...names].map((name) => modelUse(name, byDay, known)).sort((a, b) => b.usd - a.usd);
  return { ...of, days, models, byDay, totalUsd: total(models.map(({ usd }) => usd)) };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function modelUse(model: string, byDay: readonly DayUse[], budgets: readonly Spent[]): ModelUse {
  const own = byDay.filter((each) => each.model === model);
  const of = (what: 'usd' | 'calls' | 'cached' | 'inputTokens' | 'outputTokens'): number =>
    total(own.map((each) => each[what]));
  const budget = budgets.find((each) => each.model === model);
  return {
    ...{ model, usd: of('usd'), calls: of('calls'), cached: of('cached') },
    ...{ inputTokens: of('inputTokens'), outputTokens: of('outputTokens') },
    ...(budget === undefined
      ? {}
      : { budget: { spentUsd: budget.spentUsd, usd: budget.budgetUsd, period: budget.period } }),
  };
}

export const onDay = ({ byDay }: Usage, day: string): number =>
  total(byDay.filter((each) => each.day === day).map(({ usd }) => usd));
