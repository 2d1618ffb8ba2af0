// What a step is made with: `defineStep` ties the types of its facts to its plan.
import type { Action, AnyStep, Change, Facts, Step } from '../model.js';

export function defineStep<F extends Facts>(step: Step<F>): Step<F> {
  return step;
}

export interface Checklist {
  id: string;
  title: string;
  steps: readonly AnyStep[];
}

/** A change without a diff: what it says, and the commands that make it so. */
export const change = (what: string, ...run: Action[]): Change => ({ what, run });
