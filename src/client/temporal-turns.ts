// Runs that wait for a busy server, as Temporal keeps them: a workflow of their own, which begins them when it is their turn.
import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import type { Begun, Turn } from '../model.js';
import { sideBySide } from '../side-by-side.js';
import { queuedId, speakable } from '../workflows/messages.js';
import type { RunSummary, StartedRun } from './control.js';
import { listTurns, summary } from './temporal-runs.js';
import { waitsAlready } from './waits.js';

/** Throws LOCKED when this runbook waits for the server already. */
export async function queueRun(client: Client, taskQueue: string, turn: Turn): Promise<RunSummary> {
  const { server, runbook, patienceSeconds, input } = turn;
  const workflowId = queuedId(server, runbook);
  const now = Date.now();
  const startedAt = new Date(now).toISOString();
  try {
    const { firstExecutionRunId: runId } = await client.workflow.start('queued', {
      workflowId,
      taskQueue,
      args: [turn],
      memo: { server, runbook, who: input.who, startedAt, patienceSeconds },
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `${runbook} · ${server}, waits its turn`,
    });
    const waits = { until: new Date(now + patienceSeconds * 1000).toISOString() };
    const run = speakable(server, runId);
    return { run, workflowId, runId, server, runbook, status: 'waiting', who: input.who, startedAt, waits };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')) throw error;
    const other = summary(await client.workflow.getHandle(workflowId).describe());
    throw waitsAlready(other, now, error);
  }
}

/** Lists lag behind: each is asked whether it waits still. */
export async function waitingRuns(client: Client): Promise<RunSummary[]> {
  const open = await listTurns(client, { open: true });
  const seen = await sideBySide(open, (one) => turnNow(client, one));
  return seen
    .filter(({ waits, endedAt }) => waits !== undefined && endedAt === undefined)
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
}

/** The run that it has become; itself while it waits, and when it ended without one. */
export async function turnNow(client: Client, turn: StartedRun): Promise<RunSummary> {
  const handle = client.workflow.getHandle(turn.workflowId, turn.runId, { followRuns: false });
  const info = await handle.describe();
  const begun = await begunBy(handle, info);
  if (begun === undefined) return summary(info);
  return summary(await client.workflow.getHandle(begun.workflowId, begun.runId).describe());
}

/** Known without a worker: a child that has begun is in Temporal's own record, and later in the result. */
async function begunBy(
  handle: WorkflowHandle,
  { status, raw }: WorkflowExecutionDescription,
): Promise<Begun | undefined> {
  const child = raw.pendingChildren?.find(({ runId }) => runId);
  if (child) return { workflowId: child.workflowId ?? '', runId: child.runId ?? '' };
  const result: unknown = status.name === 'COMPLETED' ? await handle.result() : undefined;
  return isBegun(result) ? result : undefined;
}

export const isBegun = (value: unknown): value is Begun =>
  typeof value === 'object' && value !== null && 'workflowId' in value && 'runId' in value;
