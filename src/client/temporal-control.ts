// The engine as Temporal's client shows it. Importing this costs half a second: only the worker and external Temporals do.
import { randomUUID } from 'node:crypto';
import type { Client, Connection } from '@temporalio/client';
import { ClincherError } from '../errors.js';
import { hasOwnWorker } from '../temporal/control-plane.js';
import {
  answerUpdate,
  doneSignal,
  operationId,
  readOnlyId,
  speakable,
  TASK_QUEUE,
  workflowType,
} from '../workflows/messages.js';
import { type Control, exactly, type RunSummary, type StartedRun, type StartInput } from './control.js';
import { coded, codedAnswer } from './temporal-errors.js';
import { startFleet } from './temporal-fleet.js';
import { firstInput, historyCounts, liveTails, pollers } from './temporal-look.js';
import { findRun, holderOf, listRuns } from './temporal-runs.js';
import { actOnSchedule, listSchedules, syncSchedules } from './temporal-schedules.js';
import { endedState, queryState, recorded } from './temporal-state.js';
import { queueRun, turnNow, waitingRuns } from './temporal-turns.js';
import { lastWatches } from './temporal-watch.js';
import { since } from './view/time.js';

export interface TemporalLink {
  client: Client;
  connection: Connection;
  namespace: string;
  address: string;
  taskQueue?: string | undefined;
  workerBuild?: string | undefined;
  close(): Promise<void>;
}

const CALL_MS = 10_000;
/** A secret's answer is checked by the worker, over the network, before it is taken. */
const ANSWER_MS = 45_000;
/** A few calls for each of hundreds of servers. */
const SYNC_MS = 10 * 60_000;

export function temporalControl(link: TemporalLink): Control {
  const { client, connection, namespace } = link;
  const taskQueue = link.taskQueue ?? process.env['CLINCHER_TASK_QUEUE'] ?? TASK_QUEUE;
  const known = new Map<string, RunSummary>();
  let version: string | undefined;

  const call = async <T>(work: () => Promise<T>, run?: string, ms = CALL_MS): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ms, work);
    } catch (error) {
      throw coded(error, run);
    }
  };
  const resolve = async (run: string): Promise<RunSummary> => {
    const found = known.get(run) ?? (await call(() => findRun(client, run), run));
    known.set(run, found);
    return found.waits ? call(() => turnNow(client, found), run) : found;
  };
  const handle = async (run: string) => {
    const found = await resolve(run);
    return client.workflow.getHandle(found.workflowId, found.runId);
  };

  return {
    start: (runbook, input, { readOnly }) =>
      call(async () => {
        const started = await start(link, taskQueue, runbook, input, readOnly);
        const now = new Date().toISOString();
        const server = input.server.name;
        known.set(started.run, {
          ...started,
          server,
          runbook,
          status: 'running',
          who: input.who,
          startedAt: now,
        });
        return started;
      }),
    queue: (runbook, input, { patienceSeconds }) =>
      call(async () => {
        const turn = { server: input.server.name, runbook, patienceSeconds, readOnly: false, input };
        const waiting = await queueRun(client, taskQueue, turn);
        known.set(waiting.run, waiting);
        return waiting;
      }),
    startFleet: (input) =>
      call(async () => {
        const begun = await startFleet(client, taskQueue, input);
        known.set(begun.run, begun);
        return begun;
      }),
    waiting: () => call(() => waitingRuns(client)),
    state: async (run) => {
      const found = await resolve(run);
      return found.waits ? recorded(found) : queryState(client, found);
    },
    ended: async (run, withinMs) => endedState(client, await resolve(run), withinMs),
    input: async (run) => call(async () => firstInput(client, namespace, await resolve(run)), run),
    answer: async (run, answer, updateId) => {
      const target = await handle(run);
      try {
        return await client.withDeadline(Date.now() + ANSWER_MS, () =>
          target.executeUpdate(answerUpdate, { args: [answer], updateId }),
        );
      } catch (error) {
        throw codedAnswer(error, run, updateId);
      }
    },
    signalDone: async (run, gate) => {
      const target = await handle(run);
      await call(() => target.signal(doneSignal, gate), run);
    },
    cancel: async (run) => {
      const target = await handle(run);
      await call(() => target.cancel(), run);
    },
    terminate: async (run, reason) => {
      const target = await handle(run);
      await call(() => target.terminate(reason), run);
    },
    holder: (server) => call(() => holderOf(client, server)),
    list: (options) =>
      call(async () => {
        const found = await listRuns(client, options);
        // Whoever goes through a list of hundreds must not have each looked for in a list of hundreds.
        for (const run of found) known.set(exactly(run), run);
        return found;
      }),
    find: async (run) => {
      // What is remembered of a run grows old: its status is asked anew, as that of one that waits always is.
      if (!known.get(run)?.waits) known.delete(run);
      return resolve(run);
    },
    tail: async (run) => {
      const found = await resolve(run);
      return call(() => liveTails(client, found), run);
    },
    history: async (run) => {
      const found = await resolve(run);
      return call(() => historyCounts(client, found), run);
    },
    syncSchedules: (plans, scope) =>
      call(() => syncSchedules(client, taskQueue, plans, scope), undefined, SYNC_MS),
    schedules: (owner) => call(() => listSchedules(client, owner)),
    watches: (servers) => call(() => lastWatches(client, servers)),
    actOnSchedule: (id, act, note) => call(() => actOnSchedule(client, id, act, note)),
    worker: () =>
      call(async () => ({
        ...(await pollers(connection, namespace, taskQueue)),
        isComing: hasOwnWorker(link.address),
      })),
    ping: () =>
      call(async () => {
        // Every command of this machine asks it first; what a server is does not change while we are connected.
        version ??= (await connection.workflowService.getSystemInfo({})).serverVersion ?? 'unknown';
        const { address, workerBuild } = link;
        return { address, namespace, server: version, workerBuild };
      }),
    close: () => link.close(),
  };
}

async function start(
  link: TemporalLink,
  taskQueue: string,
  runbook: string,
  input: StartInput,
  readOnly: boolean,
): Promise<StartedRun> {
  const server = input.server.name;
  const workflowId = readOnly ? readOnlyId(server, runbook, randomUUID().slice(0, 8)) : operationId(server);
  try {
    const handle = await link.client.workflow.start(workflowType(runbook), {
      workflowId,
      taskQueue,
      args: [input],
      memo: { server, runbook, who: input.who, startedAt: new Date().toISOString() },
      searchAttributes: { ClincherServer: [server], ClincherRunbook: [runbook], ClincherStatus: ['running'] },
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `${runbook} · ${server}`,
    });
    const runId = handle.firstExecutionRunId;
    return { run: speakable(server, runId), workflowId, runId };
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')
      throw await lockedBy(link.client, server, error);
    throw error;
  }
}

/** "prod is busy: provision, run prod-3f2a, waiting on gate telegram-token since 14:02" */
async function lockedBy(client: Client, server: string, cause: unknown): Promise<ClincherError> {
  const holder = await holderOf(client, server).catch(() => undefined);
  if (!holder) return new ClincherError('LOCKED', `${server} was busy a moment ago; try again.`, { cause });
  const state = await queryState(client, holder).catch(() => undefined);
  const gate = state?.gates[0];
  const doing = gate ? `waiting on gate ${gate.id} since ${since(gate.openedAt, Date.now())}` : 'running';
  return new ClincherError(
    'LOCKED',
    `${server} is busy: ${holder.runbook}, run ${holder.run}, ${doing}; started by ${holder.who || 'somebody'}`,
    { remedy: [`clincher follow ${holder.run}`, `clincher lock status -s ${server}`], cause },
  );
}
