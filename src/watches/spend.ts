// What the models have cost against what they may: before LiteLLM refuses, and before anybody sees a bill.
import { runsGateway } from '../checks/define.js';
import { type Spent, spentNow } from '../commands/spend.js';
import { BUDGET_PROOF } from '../stack/litellm.js';
import { above, defineWatch, seen } from './define.js';

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

/** Free ones have a budget that nothing reaches. */
const LEAST = 0.01;

const counts = ({ model, budgetUsd }: Spent): boolean => model !== BUDGET_PROOF && budgetUsd >= LEAST;

const percent = ({ spentUsd, budgetUsd }: Spent): number => (100 * spentUsd) / budgetUsd;

export const spend = defineWatch({
  id: 'watch.spend',
  title: 'No model is close to the end of its budget',
  why: 'At its end LiteLLM refuses the model and the agent falls back to a smaller one, or to none; and a loop that spends is seen here first.',
  source: 'guide Step 13.2 (SPEND_ALERT_PCT=80)',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && server.models.list.length > 0,
  facts: ({ stack }) => ({ spent: spentNow(stack.directory) }),
  judge({ spent }, server) {
    const theirs = spent.filter(counts);
    const close = (each: Spent) =>
      above(percent(each), server.watchdog.spend_percent, (told) => ({
        about: each.model,
        level: percent(each) >= 100 ? 'critical' : 'warning',
        text: `${each.model} has spent ${told} of its ${dollars(each.budgetUsd)} for ${each.period}`,
        remedy: [
          `models.list, budget_usd of ${each.model} in clincher.yaml; then clincher run provision -s ${server.name} --only 'stack.*'`,
        ],
      }));
    const told = theirs.map(
      (each) => `${each.model} ${dollars(each.spentUsd)} of ${dollars(each.budgetUsd)}`,
    );
    return seen(theirs.map(close), told.join(', ') || 'no model costs anything');
  },
});
