// What a schedule starts: it waits until nobody works on the server, then runs the runbook under the server's own lock.
import { ApplicationFailure, executeChild, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { RunState } from '../model.js';
import type { PlannedSchedule } from '../model-schedules.js';
import { operationId, readOnlyId, workflowType } from './messages.js';
import { failedNotice, foundNotice } from './notices.js';
import { tellPeople } from './tell.js';

const AGAIN = '30 seconds';

/** Ends as the run does, so that the schedule's own page tells how it went; and people are told where they have to know. */
export async function scheduled(plan: PlannedSchedule): Promise<RunState> {
  const { server } = plan.input;
  try {
    const state = await whenFree(plan);
    await tellPeople(server, foundNotice(state));
    return state;
  } catch (error) {
    if (!isCancellation(error)) await tellPeople(server, failedNotice(plan, error));
    throw error;
  }
}

async function whenFree(plan: PlannedSchedule): Promise<RunState> {
  const until = Date.now() + plan.patienceSeconds * 1000;
  for (;;) {
    try {
      return await run(plan);
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() >= until) throw gaveUp(plan);
      await sleep(AGAIN);
    }
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError';

const gaveUp = ({ server, runbook, patienceSeconds }: PlannedSchedule): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'LOCKED',
    message: `${server} was busy for ${patienceSeconds / 3600} h: ${runbook} was not run`,
    nonRetryable: true,
  });

function run({ server, runbook, readOnly, input }: PlannedSchedule): Promise<RunState> {
  const startedAt = new Date(Date.now()).toISOString();
  return executeChild(workflowType(runbook), {
    workflowId: readOnly ? readOnlyId(server, runbook, workflowInfo().runId.slice(-8)) : operationId(server),
    args: [input],
    memo: { server, runbook, who: input.who, startedAt },
    searchAttributes: { ClincherServer: [server], ClincherRunbook: [runbook], ClincherStatus: ['running'] },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    // What was begun on the server is not cut short because somebody ended the schedule's own workflow.
    parentClosePolicy: 'REQUEST_CANCEL',
    staticSummary: `${runbook} · ${server}, by its schedule`,
  }) as Promise<RunState>;
}
