// What checks that do not hold are as a failure: their names, what was seen, and what to type next.
import { ApplicationFailure } from '@temporalio/workflow';
import type { CheckResult } from '../model.js';

export const wrongOf = (checks: readonly CheckResult[]): CheckResult[] =>
  checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');

export const notProved = (server: string, wrong: readonly CheckResult[]): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'NOT_PROVED',
    message: `not proved on ${server}: ${wrong.map(({ id }) => id).join(', ')}`,
    nonRetryable: true,
    details: [
      {
        evidence: wrong.flatMap(({ evidence }) => evidence),
        remedy: wrong.flatMap(({ remedy }) => remedy),
      },
    ],
  });
