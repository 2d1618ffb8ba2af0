// What Temporal's own refusals mean to a person: a run that is kept is never called broken.
import { ServiceError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { codedAnswer, isNoWorker, isStuck } from '../../src/client/temporal-errors.js';

/** As the SDK hands it on: what was tried, and what the server said as its cause. */
const refused = (code: number, details: string): Error =>
  new ServiceError('Failed to query Workflow', {
    cause: Object.assign(new Error(`${code} FAILED_PRECONDITION: ${details}`), {
      code,
      details,
      metadata: {},
    }),
  });

const LOST = 'Unable to query workflow due to Workflow Task in failed state.';

it('a run whose task was lost with three workers is known as such', () => {
  expect(isStuck(refused(9, LOST))).toBe(true);
  expect(isStuck(refused(9, 'no poller seen for task queue recently'))).toBe(false);
  expect(isNoWorker(refused(9, 'no poller seen for task queue recently'))).toBe(true);
});

it('an answer to it was not taken, and may be given again', () =>
  expect(
    codedAnswer(
      refused(9, 'Unable to perform workflow execution update due to Workflow Task in failed state.'),
      'prod-3f2a',
      'u',
    ).code,
  ).toBe('WORKER_NOT_RUNNING'));
