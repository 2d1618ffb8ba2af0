// Finds checklists and steps by name, and cuts a checklist down to what `--only` and `--from` ask for.
import { ClincherError } from '../errors.js';
import type { AnyStep } from '../model.js';
import { CHECKLISTS, STEPS } from '../steps/index.js';
import type { Verdict } from './evaluate.js';

export function checklist(id: string): readonly AnyStep[] {
  const list = CHECKLISTS.find((candidate) => candidate.id === id);
  if (!list) throw new ClincherError('USAGE', `there is no checklist ${id}`);
  return list.steps;
}

export function stepById(id: string): AnyStep {
  const step = STEPS.find((candidate) => candidate.id === id);
  if (!step) throw new ClincherError('USAGE', `there is no step ${id}`);
  return step;
}

export interface Selection {
  only?: string | undefined;
  from?: string | undefined;
}

export function selected(
  steps: readonly AnyStep[],
  { only, from }: Selection,
): { chosen: AnyStep[]; excluded: Verdict } {
  const start =
    from === undefined || !STEPS.some(({ id }) => id === from) ? 0 : STEPS.findIndex(({ id }) => id === from);
  const matches = only === undefined ? () => true : glob(only);
  const chosen = steps.filter((step) => matches(step.id) && STEPS.indexOf(step) >= start);
  const reason = only === undefined ? `before --from ${from}` : `not in --only ${only}`;
  return { chosen, excluded: { status: 'skipped', changes: [], notes: [], assumed: [], reason } };
}

/** `*` stands for any characters, commas separate alternatives. */
export function glob(pattern: string): (id: string) => boolean {
  const parts = pattern.split(',').map((part) =>
    part
      .trim()
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*'),
  );
  const expression = new RegExp(`^(?:${parts.join('|')})$`);
  return (id) => expression.test(id);
}
