// What Temporal's raw records tell: the live tail in heartbeats, the input in the first event, counts of the history, pollers.
import type { Client, Connection } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { HistoryCounts, LiveTail, StartedRun, StartInput, WorkerSeen } from './control.js';

const execution = ({ workflowId, runId }: StartedRun) => ({ workflowId, runId });

type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

const decode = (client: Client, payloads: Payloads): Promise<unknown[]> =>
  decodeArrayFromPayloads(client.options.loadedDataConverter, payloads ?? []);

export async function liveTails(client: Client, run: StartedRun): Promise<LiveTail[]> {
  const info = await client.workflow.getHandle(run.workflowId, run.runId).describe();
  const details = (info.raw.pendingActivities ?? []).map((one) => one.heartbeatDetails?.payloads);
  const decoded = await Promise.all(details.map((payloads) => decode(client, payloads)));
  return decoded.flatMap((values) => values.slice(0, 1)).filter(isTail);
}

const isTail = (value: unknown): value is LiveTail =>
  typeof value === 'object' &&
  value !== null &&
  'step' in value &&
  typeof value.step === 'string' &&
  'lines' in value &&
  Array.isArray(value.lines) &&
  value.lines.every((line) => typeof line === 'string');

export async function firstInput(client: Client, namespace: string, run: StartedRun): Promise<StartInput> {
  const page = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: execution(run),
    maximumPageSize: 1,
  });
  const started = page.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [input] = await decode(client, started?.input?.payloads);
  return input as StartInput;
}

export async function historyCounts(client: Client, run: StartedRun): Promise<HistoryCounts> {
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  const [info, history] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const events = history.events ?? [];
  const activities = events.filter((one) => one.activityTaskScheduledEventAttributes).length;
  return { events: events.length, activities, bytes: info.historySize ?? 0 };
}

/** A long poll lasts a minute: who has not polled for longer is gone. The server lists it for minutes more. */
const POLL_MS = 75_000;

export async function pollers(
  connection: Connection,
  namespace: string,
  taskQueue: string,
): Promise<WorkerSeen> {
  const answer = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 1,
  });
  const fresh = (answer.pollers ?? []).filter(
    (one) => Date.now() - Number(one.lastAccessTime?.seconds ?? 0) * 1000 < POLL_MS,
  );
  return { alive: fresh.length > 0, identities: fresh.map((one) => one.identity ?? '') };
}
