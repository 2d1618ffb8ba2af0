// The model that is none: it shows, without money, that budgets refuse.

/** Its first answer costs more than it may: the second call is refused. */
export const BUDGET_PROOF = 'clincher-budget-proof';
