// What went wrong between us and Temporal, as coded errors.
import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ClincherError } from '../errors.js';
import { isCode } from './view/error.js';

const UNAVAILABLE = 14;
const RESOURCE_EXHAUSTED = 8;
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

export const isDeadline = (error: unknown): boolean =>
  isGrpcDeadlineError(error) || isGrpcCancelledError(error);

/** The SDK says what it tried and keeps what the server said as the cause. */
const said = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? error.cause : error;

const grpcCode = (error: unknown): number | undefined => {
  const cause = said(error);
  return isGrpcServiceError(cause) ? cause.code : undefined;
};

/**
 * Nobody polls the task queue, or not fast enough: the run itself is safe. A worker that was killed in the middle of a
 * task lets queries pile up, which the server refuses as RESOURCE_EXHAUSTED until the task has timed out.
 */
export const isNoWorker = (error: unknown): boolean =>
  isDeadline(error) ||
  grpcCode(error) === RESOURCE_EXHAUSTED ||
  (grpcCode(error) === FAILED_PRECONDITION && /poller|worker/i.test(String(said(error))));

/**
 * Its task was lost three times in a row, with the workers that had it or since they cannot replay it: until it gets
 * through, Temporal refuses questions and answers at once instead of letting them wait (1.32, queryworkflow/api.go).
 */
export const isStuck = (error: unknown): boolean =>
  grpcCode(error) === FAILED_PRECONDITION && /Workflow Task in failed state/.test(String(said(error)));

export const stuck = (cause: unknown): ClincherError =>
  new ClincherError(
    'WORKER_NOT_RUNNING',
    'Workers were lost three times while they took the run up; it is kept, and goes on as soon as one gets through.',
    { cause },
  );

export function coded(error: unknown, run?: string): ClincherError {
  if (error instanceof ClincherError) return error;
  if (error instanceof WorkflowNotFoundError || grpcCode(error) === NOT_FOUND)
    return new ClincherError(
      'RUN_NOT_FOUND',
      run ? `There is no open run ${run}.` : 'There is no such run.',
      {
        cause: error,
      },
    );
  if (grpcCode(error) === UNAVAILABLE || isDeadline(error))
    return new ClincherError('TEMPORAL_UNREACHABLE', 'Temporal does not answer.', { cause: error });
  const cause = said(error);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ClincherError('INTERNAL', `Temporal answered: ${message}`, { cause: error });
}

export const noWorker = (cause: unknown): ClincherError =>
  new ClincherError(
    'WORKER_NOT_RUNNING',
    'No worker answers; what runs is kept and goes on when one is back.',
    {
      cause,
    },
  );

/** A refused answer says why; an answer without a reply may still be applied, and must not be called a failure. */
export function codedAnswer(error: unknown, run: string, updateId: string): ClincherError {
  if (error instanceof WorkflowUpdateFailedError) {
    const cause = error.cause;
    const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
    return new ClincherError(isCode(type) ? type : 'ANSWER_INVALID', cause?.message ?? error.message, {
      cause: error,
    });
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error))
    return new ClincherError('OUTCOME_UNKNOWN', `No reply to the answer; it is known as ${updateId}.`, {
      remedy: [
        `clincher show ${run}`,
        `send it once more with --update-id ${updateId}: it cannot count twice`,
      ],
      cause: error,
    });
  return isStuck(error) ? stuck(error) : coded(error, run);
}
