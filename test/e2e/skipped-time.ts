// A worker of our own on a server that skips time: the real activities against real hosts, while hours of waiting take no time.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { Deps } from '../../src/activities/deps.js';
import { PooledHosts } from '../../src/activities/hosts.js';
import { createActivities } from '../../src/activities/index.js';
import { planeName } from '../../src/activities/plane.js';
import { fileRunLog } from '../../src/activities/run-log.js';
import type { RunState } from '../../src/model.js';
import { pinStore } from '../../src/pins/library.js';
import { Keeper } from '../../src/secrets/keeper.js';
import { stateDir } from '../../src/temporal/paths.js';
import { ensureTestServer } from '../../src/temporal/test-server.js';
import {
  operationId,
  RUNBOOK_ATTRIBUTE,
  SERVER_ATTRIBUTE,
  STATUS_ATTRIBUTE,
} from '../../src/workflows/messages.js';
import type { Stage } from './stage.js';

const QUEUE = 'skipped';
const KEYWORD = 2;

/** The marks that it leaves are those of the stage's own control plane, since it is the same one to a host. */
function depsOf(stage: Stage, hosts: PooledHosts, keeper: Keeper): Deps {
  const folder = stateDir({ ...process.env, ...stage.env });
  return {
    ...{ hosts, secrets: keeper, log: fileRunLog(folder), plane: planeName(folder) },
    pins: pinStore({ folder: `${folder}/pins`, env: process.env }),
    now: Date.now,
    sleep: async (ms, signal) => void (await sleep(ms, undefined, signal ? { signal } : {})),
  };
}

/** Runs a workflow to its end; `hours` by the run's own clock. */
export async function inSkippedTime(
  stage: Stage,
  type: string,
  input: object,
): Promise<{ state: RunState; hours: number }> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const path = await ensureTestServer((line) => stage.say(line));
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  const keeper = new Keeper({ identity: stage.env['CLINCHER_IDENTITY']!, env: process.env });
  const hosts = new PooledHosts(keeper);
  try {
    const names = [SERVER_ATTRIBUTE, RUNBOOK_ATTRIBUTE, STATUS_ATTRIBUTE].map(({ name }) => [name, KEYWORD]);
    await env.connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: Object.fromEntries(names),
    });
    const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const activities = createActivities(depsOf(stage, hosts, keeper));
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: QUEUE,
      workflowBundle,
      activities,
    });
    const state = await worker.runUntil(
      () =>
        env.client.workflow.execute(type, {
          taskQueue: QUEUE,
          workflowId: `${operationId('skipped')}/${type}`,
          args: [input],
        }) as Promise<RunState>,
    );
    // Not by the server's clock: once nothing runs it skips to the next time-out, which is years away.
    const hours = (Date.parse(state.endedAt ?? '') - Date.parse(state.startedAt)) / 3600_000;
    return { state, hours };
  } finally {
    hosts.close();
    await env.teardown();
  }
}
