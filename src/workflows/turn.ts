// A turn: waits until nobody works on the server, then begins the run under the server's own lock, like everybody.
import {
  ApplicationFailure,
  type ChildWorkflowHandle,
  sleep,
  startChild,
  type Workflow,
  workflowInfo,
} from '@temporalio/workflow';
import type { Turn } from '../model.js';
import { operationId, readOnlyId, workflowType } from './messages.js';

const AGAIN_MS = 30_000;

/** Throws LOCKED when the server was busy for longer than `patienceSeconds`. `ABANDON` twice: whoever cancels us leaves the run alone. */
export async function begun(
  turn: Turn,
  parentClosePolicy: 'REQUEST_CANCEL' | 'ABANDON',
  cancellationType?: 'ABANDON',
): Promise<ChildWorkflowHandle<Workflow>> {
  const until = Date.now() + turn.patienceSeconds * 1000;
  for (;;) {
    try {
      return await begin(turn, parentClosePolicy, cancellationType);
    } catch (error) {
      if (!isBusy(error)) throw error;
      const leftMs = until - Date.now();
      if (leftMs <= 0) throw gaveUp(turn);
      await sleep(Math.min(AGAIN_MS, leftMs));
    }
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError';

const gaveUp = ({ server, runbook, patienceSeconds }: Turn): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'LOCKED',
    message: `${server} was busy for ${spoken(patienceSeconds)}: ${runbook} was not run`,
    details: [
      { remedy: [`clincher lock status -s ${server}`, `clincher run ${runbook} -s ${server} --wait`] },
    ],
    nonRetryable: true,
  });

function spoken(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function begin(
  { server, runbook, readOnly, input }: Turn,
  parentClosePolicy: 'REQUEST_CANCEL' | 'ABANDON',
  cancellationType?: 'ABANDON',
): Promise<ChildWorkflowHandle<Workflow>> {
  const startedAt = new Date(Date.now()).toISOString();
  return startChild(workflowType(runbook), {
    workflowId: readOnly ? readOnlyId(server, runbook, workflowInfo().runId.slice(-8)) : operationId(server),
    args: [input],
    memo: { server, runbook, who: input.who, startedAt },
    searchAttributes: { ClincherServer: [server], ClincherRunbook: [runbook], ClincherStatus: ['running'] },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    parentClosePolicy,
    ...(cancellationType ? { cancellationType } : {}),
    staticSummary: `${runbook} · ${server}, in its turn`,
  });
}
