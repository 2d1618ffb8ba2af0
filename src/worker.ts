// The worker process: wiring only. Runs workflows and activities, and serves the control socket beside them.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, type LogEntry, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Deps } from './activities/deps.js';
import { PooledHosts } from './activities/hosts.js';
import { createActivities } from './activities/index.js';
import { fileBook } from './activities/login-book.js';
import { planeName } from './activities/plane.js';
import { fileRunLog } from './activities/run-log.js';
import type { Control } from './client/control.js';
import { type ServedControl, serveControl, socketPath } from './client/control-socket.js';
import { temporalControl } from './client/temporal-control.js';
import { controlSchedules } from './control-schedules.js';
import { Links } from './page/links.js';
import { type Place, pagePlace } from './page/place.js';
import { servePage } from './page/serve.js';
import { pinStore } from './pins/library.js';
import { Keeper } from './secrets/keeper.js';
import { buildId } from './temporal/build-id.js';
import { connect } from './temporal/connection.js';
import { dataConverter } from './temporal/data-converter.js';
import { healthPort, serveHealth } from './temporal/health.js';
import { connectNative } from './temporal/native-connection.js';
import { inState, projectRoot, runtimeDir, stateDir } from './temporal/paths.js';
import { countGates, metricsOf } from './worker-figures.js';
import { runSinks, runTraces } from './worker-traces.js';
import { TASK_QUEUE } from './workflows/messages.js';

const keeper = new Keeper({
  identity:
    process.env['CLINCHER_IDENTITY'] ||
    join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'clincher', 'identity.txt'),
  env: process.env,
});

/** One JSON line an entry; secrets that were revealed in this process are taken out of it. */
function write(entry: object): void {
  const line = JSON.stringify(entry, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  process.stderr.write(`${keeper.redact(line)}\n`);
}

const log = ({ level, message, meta, timestampNanos }: LogEntry): void =>
  write({ at: new Date(Number(timestampNanos / 1_000_000n)).toISOString(), level, message, ...meta });

/** What is wrong with its address ends no worker: runs go on without a page. */
function ownPage(): { place: Place; links: Links } | undefined {
  try {
    const place = pagePlace(process.env);
    return place && { place, links: new Links(inState('page-links.json'), place.url) };
  } catch (error) {
    process.emitWarning(`no page of gates: ${(error as Error).message}`);
    return undefined;
  }
}

function deps(hosts: PooledHosts, control: Control, links: Links | undefined): Deps {
  return {
    hosts,
    secrets: keeper,
    log: fileRunLog(stateDir()),
    pins: pinStore({ folder: inState('pins'), env: process.env }),
    plane: planeName(inState()),
    schedules: controlSchedules(control),
    page: links,
    now: Date.now,
    sleep: async (ms, signal) => void (await sleep(ms, undefined, signal ? { signal } : {})),
  };
}

/** Built: the bundle that was made with this very worker version. From source: bundled at start. */
function workflows(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'bundlerOptions'> {
  const codePath = join(projectRoot(), 'dist', 'workflow-bundle.js');
  const isBuilt = !import.meta.url.endsWith('.ts') && existsSync(codePath);
  return isBuilt
    ? { workflowBundle: { codePath } }
    : { workflowsPath: fileURLToPath(new URL('./workflows/index.ts', import.meta.url)) };
}

/** One of several workers on a machine serves it; commands ask Temporal itself where none does. */
async function served(control: Control): Promise<ServedControl | undefined> {
  try {
    return await serveControl(control, socketPath(runtimeDir()));
  } catch (error) {
    process.emitWarning(`no control socket: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function main(): Promise<void> {
  Runtime.install({
    logger: new DefaultLogger('INFO', log),
    telemetryOptions: {
      logging: { filter: 'WARN', forward: {} },
      ...metricsOf(process.env),
    },
  });
  const { connection, namespace, address } = await connectNative();
  const link = await connect();
  const control = temporalControl({ ...link, address, workerBuild: buildId() });
  const hosts = new PooledHosts(keeper, planeName(inState()), { book: fileBook(inState('logins')) });
  const own = ownPage();
  const traces = await runTraces(process.env['CLINCHER_TELEMETRY']);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: process.env['CLINCHER_TASK_QUEUE'] ?? TASK_QUEUE,
    ...workflows(),
    activities: createActivities(deps(hosts, control, own?.links)),
    dataConverter: dataConverter(),
    sinks: runSinks(traces),
    // How late a cancel may reach a running activity.
    maxHeartbeatThrottleInterval: '2s',
    maxConcurrentActivityTaskExecutions: 40,
    maxCachedWorkflows: 200,
    // One thread is plenty for stories that mostly wait; each has a heap of its own.
    workflowThreadPoolSize: 1,
    // After a worker was killed, its runs wait this long for it before another worker takes them.
    stickyQueueScheduleToStartTimeout: '1s',
    // The default of 0 would end running steps as failed at every restart of the worker.
    shutdownGraceTime: '10s',
    shutdownForceTime: '18s',
  });
  const isCounted = process.env['CLINCHER_METRICS'] || process.env['CLINCHER_TELEMETRY'];
  const counting = isCounted ? countGates(control) : undefined;
  const socket = await served(control);
  const page =
    own &&
    (await servePage({
      ...{ ...own, control },
      say: (message, about) => write({ at: new Date().toISOString(), level: 'INFO', message, ...about }),
    }));
  const port = healthPort();
  const health =
    port === undefined ? undefined : await serveHealth(port, () => worker.getState() === 'RUNNING');
  try {
    await worker.run();
  } finally {
    health?.close();
    page?.close();
    clearInterval(counting);
    await traces?.close();
    await socket?.close();
    hosts.close();
    await link.close();
    await connection.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${keeper.redact(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
  );
  process.exitCode = 1;
});
