// Which run is meant, and what Temporal itself knows of it: no worker is needed for anything here.
import type { Client, WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import { ClincherError } from '../errors.js';
import type { RunStatus } from '../model.js';
import { operationId, PREFIX, speakable } from '../workflows/messages.js';
import type { ListOptions, RunSummary } from './control.js';

const STATUS: Readonly<Record<string, RunStatus>> = {
  RUNNING: 'running',
  PAUSED: 'waiting',
  COMPLETED: 'done',
  CANCELLED: 'aborted',
  TERMINATED: 'aborted',
};

const RUN_STATUSES: ReadonlySet<unknown> = new Set(['running', 'waiting', 'done', 'failed', 'aborted']);

export function summary(info: Seen): RunSummary {
  const memo = info.memo ?? {};
  const text = (key: string, fallback: string): string =>
    typeof memo[key] === 'string' ? memo[key] : fallback;
  const server = text('server', info.workflowId.split('/')[1] ?? '');
  return {
    run: speakable(server, info.runId),
    workflowId: info.workflowId,
    runId: info.runId,
    server,
    runbook: text('runbook', info.type),
    status: status(info),
    who: text('who', info.type === 'scheduled' ? 'schedule' : ''),
    startedAt: text('startedAt', info.startTime.toISOString()),
    endedAt: info.closeTime?.toISOString(),
    ...(isTurn(info) ? { waits: patience(info) } : {}),
  };
}

/** They only wait and begin: what they begin is the run. */
const TURNS = ['queued', 'scheduled', 'member'];

type Seen = WorkflowExecutionInfo | WorkflowExecutionDescription;

const isTurn = ({ type }: Seen): boolean => TURNS.includes(type);

function patience({ memo, startTime }: Seen): { until?: string } {
  const seconds = memo?.['patienceSeconds'];
  if (typeof seconds !== 'number') return {};
  return { until: new Date(startTime.getTime() + seconds * 1000).toISOString() };
}

/** A run that ended by itself may have ended badly: its own word counts where it left one. */
function status(info: Seen): RunStatus {
  const bySystem = STATUS[info.status.name] ?? 'failed';
  if (isTurn(info) && bySystem === 'running') return 'waiting';
  const own = info.searchAttributes['ClincherStatus']?.[0];
  if (!RUN_STATUSES.has(own)) return bySystem;
  const isOpen = bySystem === 'running';
  const ownIsOpen = own === 'running' || own === 'waiting';
  return isOpen === ownIsOpen ? (own as RunStatus) : bySystem;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export async function listRuns(client: Client, options: ListOptions): Promise<RunSummary[]> {
  const conditions = [
    options.server === undefined
      ? 'ClincherServer IS NOT NULL'
      : `ClincherServer = ${quoted(options.server)}`,
    ...(options.open ? [`ExecutionStatus = 'Running'`] : []),
    ...(options.since === undefined ? [] : [`StartTime >= ${quoted(options.since)}`]),
  ];
  const found: RunSummary[] = [];
  const pageSize = Math.min(100, options.limit);
  for await (const info of client.workflow.list({ query: conditions.join(' AND '), pageSize })) {
    found.push(summary(info));
    if (found.length >= options.limit) break;
  }
  return found.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Those that wait or have waited; only what waits is open, and what was begun by a schedule. */
export async function listTurns(
  client: Client,
  which: { server?: string; open?: boolean },
): Promise<RunSummary[]> {
  const conditions = [
    `WorkflowType IN (${TURNS.map(quoted).join(', ')})`,
    ...(which.open ? [`ExecutionStatus = 'Running'`] : []),
    `WorkflowId STARTS_WITH ${quoted(which.server === undefined ? PREFIX : `${PREFIX}${which.server}/`)}`,
  ];
  const found: RunSummary[] = [];
  for await (const info of client.workflow.list({ query: conditions.join(' AND ') }))
    found.push(summary(info));
  return found;
}

export async function holderOf(client: Client, server: string): Promise<RunSummary | undefined> {
  try {
    const info = await client.workflow.getHandle(operationId(server)).describe();
    return info.closeTime === undefined ? summary(info) : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
}

/** `prod-3f2a`: the server and the end of Temporal's run id. More of the run id may be given when four are not enough. */
export function parseRun(run: string): { server: string; suffix: string } {
  const match = /^([a-z][a-z0-9-]*)-([0-9a-f]{4,32})$/.exec(run);
  if (!match)
    throw new ClincherError('RUN_NOT_FOUND', `"${run.slice(0, 60)}" is not a run id, such as prod-3f2a.`);
  return { server: match[1]!, suffix: match[2]! };
}

/** What is listed lags by a second or so: a run that was just started is looked for a little longer. */
const LAG_TRIES = 4;
const LAG_MS = 400;

export async function findRun(client: Client, run: string): Promise<RunSummary> {
  const { server, suffix } = parseRun(run);
  const isIt = (one: RunSummary): boolean => one.runId.replaceAll('-', '').endsWith(suffix);
  const latest = await latestOperation(client, server);
  if (latest && isIt(latest)) return latest;
  for (let tries = 0; tries < LAG_TRIES; tries++) {
    const found =
      (await listRuns(client, { server, limit: 1000 })).find(isIt) ??
      (await listTurns(client, { server })).find(isIt);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, LAG_MS));
  }
  throw new ClincherError('RUN_NOT_FOUND', `There is no run ${run}.`);
}

/** Read from the run itself, so it is never late. */
async function latestOperation(client: Client, server: string): Promise<RunSummary | undefined> {
  try {
    return summary(await client.workflow.getHandle(operationId(server)).describe());
  } catch {
    return undefined;
  }
}
