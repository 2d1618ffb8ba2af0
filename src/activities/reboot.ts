// A reboot: everything stops in its own time, the host goes, and counts as back in another boot alone, whatever is lost on the way.
import * as host from '../commands/reboot.js';
import * as probe from '../commands/upgrade.js';
import { ClincherError } from '../errors.js';
import type { Action, BootSeen, Command, Server, Span } from '../model.js';
import { GATEWAY_PORT, gatewayAddress } from '../stack/proxy-net.js';
import { backupLock } from '../steps/backup-files.js';
import type { AwaitedBoot, RebootInput, SettledReboot, TaskResult } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, Meter } from './host.js';
import { claim } from './preflight.js';
import { jobBody } from './script.js';
import { taskJob } from './task-job.js';

/** A backup may have to end first, and then the gateway its conversations. */
const WORK_MS = 30 * 60_000;
const LOOK_MS = 60_000;
const EVERY_MS = 2_000;
/** How long the probe asks, where nobody ends it. */
const PROBE_SECONDS = 3600;
/** A host that goes down or comes up: closed ports, broken connections, and pam_nologin(8), which turns a login away. */
const AWAY: readonly string[] = ['UNREACHABLE', 'HOST_LOST', 'AUTH_REFUSED', 'DEADLINE'];

export async function seeBoot(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<{ boot: BootSeen; reasons: string[]; remote: Span[] }> {
  const meter = new Meter();
  const boot = await look(await deps.hosts.open(server, meter), signal);
  return { boot, reasons: host.reasonsToReboot(boot), remote: meter.spans };
}

async function look(on: Host, signal: AbortSignal | undefined): Promise<BootSeen> {
  const [reading] = await on.read([host.bootSeen.read], { timeoutMs: LOOK_MS, signal });
  return host.bootSeen.parse(reading!);
}

const GATEWAY = 'openclaw';

const hasGateway = ({ role, stack }: Server): boolean => role === 'primary' && stack.enabled;

const job = (deps: Deps, on: Host, input: RebootInput, action: Action, beat: Beat): Promise<string> =>
  taskJob(
    deps,
    on,
    input,
    {
      actions: [action],
      timeoutMs: WORK_MS,
      codes: { [host.EXIT_BUSY]: 'LOCKED' },
      otherwise: 'STEP_FAILED',
    },
    beat,
  );

export async function drainHost(
  deps: Deps,
  input: RebootInput,
  beat: Beat,
): Promise<TaskResult & { fromMs?: number | undefined }> {
  const meter = new Meter();
  const on = await deps.hosts.open(input.server, meter);
  await claim(deps, on, input);
  const action = host.drain(input.bootId, backupLock(input.server), GATEWAY);
  const done = host.drained(await job(deps, on, input, action, beat));
  const said =
    done && `the gateway stopped in ${seconds(done.gatewayMs)}, everything in ${seconds(done.allMs)}`;
  return { changes: said ? [{ what: said }] : [], remote: meter.spans, fromMs: done?.fromMs };
}

/** Each turn asks the world where it stands, so that it does not matter which attempt this is. */
export async function rebootHost(deps: Deps, input: AwaitedBoot, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  for (let last = ''; ; ) {
    try {
      const on = await deps.hosts.open(input.server, meter);
      const boot = await look(on, beat.signal);
      if (boot.bootId !== input.bootId) return back(on, input, boot, meter, beat);
      last = 'it still runs in the boot of before';
      await job(deps, on, input, host.reboot(input.bootId, backupLock(input.server)), beat);
    } catch (error) {
      if (beat.signal.aborted || !(error instanceof ClincherError) || !AWAY.includes(error.code)) throw error;
      last = error.message;
      deps.hosts.drop(input.server);
    }
    beat.say(`waiting for the host in another boot: ${last}\n`);
    if (deps.now() > input.untilMs) throw notBack(input, last);
    await deps.sleep(EVERY_MS, beat.signal);
  }
}

/** From now on somebody asks the gateway: when it first answers is what people want to know. */
async function back(
  on: Host,
  input: AwaitedBoot,
  boot: BootSeen,
  meter: Meter,
  beat: Beat,
): Promise<TaskResult> {
  const { server } = input;
  if (hasGateway(server)) {
    const ask = probe.watchGateway(runOf(input), gatewayAddress(server), GATEWAY_PORT, PROBE_SECONDS);
    await on.script(jobBody([ask]), { timeoutMs: LOOK_MS, signal: beat.signal });
  }
  const [reading] = await on.read([host.booted.read], { timeoutMs: 3 * 60_000, signal: beat.signal });
  const { state, failed } = host.booted.parse(reading!);
  const away = boot.left?.bootId === input.bootId ? ` after ${seconds(boot.nowMs - boot.left.atMs)}` : '';
  const units = failed.length > 0 ? `; units that failed: ${failed.join(', ')}` : '';
  const what = `${server.name} is back${away}, with kernel ${boot.kernel}; systemd says ${state}${units}`;
  return { changes: [{ what }], remote: meter.spans };
}

const runOf = ({ key }: RebootInput): string => key.split('.')[0] ?? '';

/** What only a person sees, at the one place that shows a host without a network. */
const notBack = ({ server: { name, address }, run }: RebootInput, last: string): ClincherError =>
  new ClincherError('NOT_BACK', `${name} (${address}) is not back, in another boot, from its reboot`, {
    evidence: [last],
    remedy: [
      'open the console at the provider: does it wait in the boot loader, for a file system check, for a network?',
      `power it on, or reset it, there: its containers start by themselves; then clincher retry ${run}`,
      `clincher doctor -s ${name}`,
    ],
  });

export async function settleReboot(deps: Deps, input: SettledReboot, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const on = await deps.hosts.open(input.server, meter);
  await job(deps, on, input, host.settle, beat);
  const asked = probe.firstAnswer(runOf(input));
  const [reading] = await on.read([asked.read as Command], { timeoutMs: LOOK_MS, signal: beat.signal });
  const first = reading?.exitCode === 0 ? asked.parse(reading) : null;
  await on.script(jobBody([probe.endWatch(runOf(input))]));
  return {
    changes: first && input.fromMs ? [{ what: silence(input.fromMs, first) }] : [],
    remote: meter.spans,
  };
}

const silence = (fromMs: number, { atMs, atMost }: probe.FirstAnswer): string =>
  `the gateway did not answer for ${atMost ? 'at most ' : ''}${seconds(atMs - fromMs)}, from its stop until it was ready`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
