// The state of a run: from the worker by query, from its result once it has ended, and, where neither can be had, from Temporal's own record.
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Begun, RunError, RunState } from '../model.js';
import { progressQuery, speakable } from '../workflows/messages.js';
import type { RunSummary, StartedRun } from './control.js';
import { coded, isDeadline, isNoWorker, isStuck, noWorker, stuck } from './temporal-errors.js';
import { isBegun } from './temporal-turns.js';
import { isCode } from './view/error.js';

const QUERY_MS = 5_000;

const handleOf = (client: Client, run: StartedRun) =>
  client.workflow.getHandle(run.workflowId, run.runId, { followRuns: false });

export async function queryState(client: Client, run: StartedRun): Promise<RunState> {
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, () => handleOf(client, run).query(progressQuery));
  } catch (error) {
    if (isStuck(error)) throw stuck(error);
    throw isNoWorker(error) ? noWorker(error) : coded(error, run.run);
  }
}

/** Waits at Temporal, not by asking again and again; costs the run nothing. */
export async function endedState(
  client: Client,
  run: RunSummary,
  withinMs: number,
): Promise<RunState | undefined> {
  const until = Date.now() + withinMs;
  try {
    const result = await client.withDeadline(until, () => handleOf(client, run).result());
    if (isBegun(result)) return await endedState(client, became(run, result), until - Date.now());
    return isState(result) ? result : await lastState(client, run, undefined);
  } catch (error) {
    if (isDeadline(error)) return undefined;
    if (!(error instanceof WorkflowFailedError)) throw coded(error, run.run);
    return badEnd(client, run, error);
  }
}

/** Whoever waited has become a run, and that one's end is meant. */
const became = ({ waits: _, ...run }: RunSummary, begun: Begun): RunSummary => ({
  ...run,
  ...begun,
  run: speakable(run.server, begun.runId),
});

async function badEnd(client: Client, run: RunSummary, error: WorkflowFailedError): Promise<RunState> {
  const carried = rootFailure(error)?.details?.find(isState);
  return carried ?? (await lastState(client, run, endError(error)));
}

/** A closed run answers queries as long as a worker can replay it. */
async function lastState(client: Client, run: RunSummary, error: RunError | undefined): Promise<RunState> {
  const status = error === undefined ? 'done' : error.code === 'ABORTED' ? 'aborted' : 'failed';
  const seen = run.waits ? recorded(run) : await queryState(client, run).catch(() => recorded(run));
  const state = { ...seen, error: seen.error ?? error };
  if (state.status !== 'running' && state.status !== 'waiting') return state;
  return { ...state, status, gates: [], endedAt: state.endedAt ?? new Date().toISOString() };
}

function rootFailure(error: unknown): ApplicationFailure | undefined {
  let found: ApplicationFailure | undefined;
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof ApplicationFailure) found = at;
  return found;
}

function endError(error: WorkflowFailedError): RunError {
  const root = rootFailure(error);
  if (root) {
    const [{ evidence, remedy } = {}] = (root.details ?? []) as Partial<RunError>[];
    const code = isCode(root.type ?? '') ? root.type! : 'STEP_FAILED';
    return { code, message: root.message, evidence, remedy };
  }
  return { code: 'ABORTED', message: error.cause?.message ?? error.message };
}

const isState = (value: unknown): value is RunState =>
  typeof value === 'object' && value !== null && 'groups' in value && 'outcome' in value && 'server' in value;

/** All that is known without a worker: that it ran, and when. */
export const recorded = (run: RunSummary): RunState => ({
  run: run.run,
  server: run.server,
  runbook: run.runbook,
  address: '',
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  status: run.status,
  groups: [],
  gates: [],
  outcome: { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0 },
  who: run.who,
  remoteMs: 0,
  surveys: [],
});
