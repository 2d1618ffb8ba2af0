// The way to the engine: the local worker's socket when it answers, else Temporal itself, started first if it is ours.

import type { Config } from '../config/load.js';
import { ClincherError } from '../errors.js';
import { buildId } from '../temporal/build-id.js';
import { runtimeDir } from '../temporal/paths.js';
import { profileSource } from '../temporal/profile.js';
import { livingState, uiUrlOf } from '../temporal/state.js';
import type { Control, ControlInfo, StartedRun } from './control.js';
import { socketControl, socketPath } from './control-socket.js';
import type { OpenOptions, Session } from './deps.js';
import type { Io } from './io.js';

export async function openSession(
  io: Io,
  { config, start = true, connectMs = 5_000 }: OpenOptions,
): Promise<Session> {
  applyConfig(config, io.env);
  const quick = await localSession(io.env);
  if (quick) return quick;
  const say = (line: string): void => io.err(`${line}\n`);
  const { ensureUp, status } = await import('../temporal/control-plane.js');
  const isConfigured = profileSource(io.env) !== undefined;
  if (!start && !isConfigured && (await status()).phase !== 'up')
    throw new ClincherError('TEMPORAL_UNREACHABLE', 'The control plane is not up.', {
      remedy: ['clincher up'],
    });
  const plane = await ensureUp({ say });
  const ui = plane.uiUrl;
  if (plane.kind === 'embedded') {
    const local = await whenServed(io.env);
    if (local) return local;
  }
  return {
    control: await temporalSession(config, connectMs),
    uiUrl: ui,
    webUrl: (run) => webUrl(ui, plane.namespace, run),
  };
}

/** The configuration's own words win over the environment; the worker that we start inherits them. */
export function applyConfig(config: Config | undefined, env: NodeJS.ProcessEnv): void {
  const { address, namespace, profile, task_queue, metrics, telemetry, page, page_url } =
    config?.control_plane ?? {};
  if (address) env['TEMPORAL_ADDRESS'] = address;
  if (namespace) env['TEMPORAL_NAMESPACE'] = namespace;
  if (profile) env['TEMPORAL_PROFILE'] = profile;
  if (metrics) env['CLINCHER_METRICS'] ??= metrics;
  if (telemetry) env['CLINCHER_TELEMETRY'] ??= telemetry;
  if (page) env['CLINCHER_PAGE'] ??= page;
  if (page_url) env['CLINCHER_PAGE_URL'] ??= page_url;
  if (task_queue) env['CLINCHER_TASK_QUEUE'] ??= task_queue;
}

const SERVED_WITHIN_MS = 8_000;

/** A control plane that was just started has a worker some seconds later; one of another build is not waited for. */
async function whenServed(env: NodeJS.ProcessEnv): Promise<Session | undefined> {
  const until = Date.now() + SERVED_WITHIN_MS;
  while (Date.now() < until && livingState()?.build === buildId()) {
    const session = await localSession(env);
    if (session) return session;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

/** A worker that serves its socket, runs our build and is connected to the Temporal that is meant. */
async function localSession(env: NodeJS.ProcessEnv): Promise<Session | undefined> {
  try {
    const control = await socketControl(socketPath(runtimeDir(env)));
    const info = await answered(control);
    if (info === undefined || !isMeant(info, env)) {
      await control.close();
      return undefined;
    }
    const ports = livingState()?.ports;
    const ui = profileSource(env) === undefined && ports ? uiUrlOf(ports) : undefined;
    return { control, uiUrl: ui, webUrl: (run) => webUrl(ui, info.namespace, run) };
  } catch {
    return undefined;
  }
}

const ANSWERS_WITHIN_MS = 3_000;

/** A worker that stands still takes connections, and answers nothing: then Temporal itself is asked. */
async function answered(control: Control): Promise<ControlInfo | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ANSWERS_WITHIN_MS, undefined);
  });
  const info = control.ping();
  info.catch(() => {});
  return Promise.race([info, late]).finally(() => clearTimeout(timer));
}

function isMeant(info: ControlInfo, env: NodeJS.ProcessEnv): boolean {
  if (info.workerBuild !== undefined && info.workerBuild !== buildId()) return false;
  if (profileSource(env) === undefined) return livingState() !== undefined;
  const namespace = env['TEMPORAL_NAMESPACE'] ?? 'default';
  return info.address === env['TEMPORAL_ADDRESS'] && info.namespace === namespace;
}

async function temporalSession(config: Config | undefined, deadlineMs: number): Promise<Control> {
  const [{ connect }, { temporalControl }] = await Promise.all([
    import('../temporal/connection.js'),
    import('./temporal-control.js'),
  ]);
  const link = await connect({ deadlineMs });
  return temporalControl({ ...link, taskQueue: config?.control_plane.task_queue });
}

function webUrl(ui: string | undefined, namespace: string, run: StartedRun): string | undefined {
  if (!ui) return undefined;
  return `${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(run.workflowId)}/${run.runId}/history`;
}
