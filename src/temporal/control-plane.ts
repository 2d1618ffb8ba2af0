// Temporal as the commands see it: `ensureUp` on first need, `down`, `status`. Nothing heavy is loaded while it is up.
import { buildId } from './build-id.js';
import { gone, type Identity, isAlive, signal } from './identity.js';
import { codecIsOff } from './keys.js';
import { startAndWait } from './launch.js';
import { endOrphans } from './orphans.js';
import { configuredProfile, profileSource } from './profile.js';
import type { Say } from './server-source.js';
import {
  addressOf,
  type ChildName,
  type ChildState,
  codecUrlOf,
  livingState,
  NAMESPACE,
  readState,
  type SupervisorState,
  uiUrlOf,
} from './state.js';

export interface ControlPlane {
  kind: 'embedded' | 'external';
  address: string;
  namespace: string;
  /** Embedded only: an external Temporal has its own. */
  uiUrl?: string;
  codecUrl?: string;
  /** Which server this is and where it came from, for people. */
  source: string;
  pids: Partial<Record<ChildName | 'supervisor', number>>;
}

export interface ControlPlaneStatus extends Partial<ControlPlane> {
  phase: SupervisorState['phase'] | 'external' | 'down';
  startedAt?: string;
  children?: Partial<Record<ChildName, ChildState>>;
  error?: string;
}

const STOP_WITHIN_MS = 60_000;
const PATIENCE_MS = 10_000;

/** Starts the embedded server, web UI and worker unless they run or another Temporal is configured. */
export async function ensureUp({ say }: { say: Say }): Promise<ControlPlane> {
  if (profileSource() !== undefined) {
    const external = await externalPlane();
    if (external) return external;
  }
  const living = livingState();
  if (living?.phase === 'up') return sameBuild(living, say);
  if (living?.phase === 'stopping') await gone(living.supervisor, STOP_WITHIN_MS);
  return plane(await startAndWait(say));
}

export async function status(): Promise<ControlPlaneStatus> {
  const external = profileSource() === undefined ? undefined : await externalPlane();
  if (external) return { phase: 'external', ...external };
  const living = livingState();
  if (living) return { ...(living.ports && plane(living)), ...facts(living), phase: living.phase };
  const last = readState();
  return last?.phase === 'failed' ? { phase: 'failed', ...facts(last) } : { phase: 'down' };
}

/** Whether the Temporal at this address is ours and a worker process of it lives, at work or not yet. */
export function hasOwnWorker(address: string): boolean {
  const { ports, children } = livingState() ?? {};
  return ports !== undefined && addressOf(ports) === address && isAlive(children?.worker as Identity);
}

/** Ends the worker, the web UI and the server, in this order. Answers false when nothing of ours ran. */
export async function down({ say }: { say: Say }): Promise<boolean> {
  const living = livingState();
  if (!living) return endOrphans(say);
  signal(living.supervisor, 'SIGTERM');
  say('stopping the worker, the web UI and Temporal; histories are kept');
  const { worker } = living.children;
  if (await gone(living.supervisor, PATIENCE_MS)) return true;
  say(`the worker (pid ${worker?.pid ?? '?'}) is given time to hand its work back …`);
  if (await gone(living.supervisor, STOP_WITHIN_MS)) return true;
  signal(living.supervisor, 'SIGKILL');
  await gone(living.supervisor, PATIENCE_MS);
  return endOrphans(say);
}

async function externalPlane(): Promise<ControlPlane | undefined> {
  const profile = await configuredProfile();
  if (!profile) return undefined;
  const { address, namespace, source } = profile;
  return { kind: 'external', address, namespace, source, pids: {} };
}

/** A worker of another build would run the new command's runs with old code. */
function sameBuild(state: SupervisorState, say: Say): ControlPlane {
  const build = buildId();
  if (state.build !== build && build !== 'missing') {
    say('the worker is of another build; it is replaced as soon as it has handed its work back');
    signal(state.supervisor, 'SIGHUP');
  }
  return plane(state);
}

function plane(state: SupervisorState): ControlPlane {
  const ports = state.ports!;
  const pids: ControlPlane['pids'] = { supervisor: state.supervisor.pid };
  for (const [name, child] of Object.entries(state.children)) {
    if (child.pid !== undefined) pids[name as ChildName] = child.pid;
  }
  return {
    kind: 'embedded',
    address: addressOf(ports),
    namespace: NAMESPACE,
    uiUrl: uiUrlOf(ports),
    ...(codecIsOff() ? {} : { codecUrl: codecUrlOf(ports) }),
    source: sourceLine(state),
    pids,
  };
}

const sourceLine = ({ source }: SupervisorState): string =>
  !source
    ? 'unknown'
    : `server ${source.version}, ${source.kind === 'cli' ? source.path : 'official Go modules'}`;

const facts = ({ startedAt, children, error }: SupervisorState) => ({
  startedAt,
  children,
  ...(error === undefined ? {} : { error }),
});
