// One image gives way to another: what runs now, a trial on a copy, the way back, and how the new one stands.
import { judgeDrill } from '../checks/drill.js';
import * as program from '../commands/backup.js';
import { EXIT } from '../commands/backup-program.js';
import { containersOf } from '../commands/containers.js';
import { DRILL_FOLDER } from '../commands/drill-program.js';
import * as upgrade from '../commands/upgrade.js';
import { ClincherError } from '../errors.js';
import type { Action, Downtime, Fact, ImageName, Server, Span, Standing, Swap } from '../model.js';
import { GATEWAY_PORT, gatewayAddress } from '../stack/proxy-net.js';
import { PROJECT } from '../stack/services.js';
import { plannedSwap, swappable } from '../stack/swap.js';
import { backupsFolder } from '../steps/backup-files.js';
import type { BackupInput, DrillResult, TaskResult } from './api.js';
import type { HoldInput, SwapInput, TrialInput } from './api-upgrade.js';
import { read } from './backups.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, Meter } from './host.js';
import { claim } from './preflight.js';
import { jobBody } from './script.js';
import { taskJob } from './task-job.js';

const WORK_MS = 60 * 60_000;
const LOOK_MS = 60_000;
/** The probe ends by itself where nobody ends it. */
const PROBE_SECONDS = 8 * 24 * 3600;

async function seen<T>(host: Host, fact: Fact<T>, signal: AbortSignal | undefined): Promise<T> {
  const [reading] = await host.read([fact.read], { timeoutMs: LOOK_MS, signal });
  return fact.parse(reading!);
}

export async function planSwap(
  deps: Deps,
  { server, image }: { server: Server; image: string },
  signal?: AbortSignal,
): Promise<{ swap: Swap; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const name = swappable(server).find((each) => each === image);
  const there = await seen(host, containersOf(PROJECT), signal);
  const swap = name && plannedSwap(server, name, there, `${DRILL_FOLDER}${server.stack.directory}`);
  if (swap) return { swap, remote: meter.spans };
  throw name ? notRunning(server, name) : notSwappable(server, image);
}

const notRunning = (server: Server, image: ImageName): ClincherError =>
  new ClincherError(
    'NOT_RUNNING',
    `${image} does not run on ${server.name} from an image with a digest, so there is nothing to go back to`,
  );

const notSwappable = (server: Server, image: string): ClincherError =>
  new ClincherError(
    'USAGE',
    `${server.name} runs no image "${image}"; there are ${swappable(server).join(', ')}.`,
  );

/** What was restored stays beside the running stack, for `tryImage` to start. */
export async function restoreTrial(deps: Deps, input: BackupInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const { id } = await read(deps, input, program.restore, beat, meter, { stays: true });
  return { changes: [{ what: `backup ${id} is restored beside the running stack` }], remote: meter.spans };
}

export async function tryImage(
  deps: Deps,
  input: TrialInput,
  beat: Beat,
): Promise<DrillResult & { bootMs: number }> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  const job = {
    actions: [program.boot(input.id, input.service)],
    after: program.tidy,
    timeoutMs: WORK_MS,
    codes: { [EXIT.refused]: 'TRIAL_FAILED' },
    otherwise: 'TRIAL_FAILED',
  } as const;
  const drill = program.drilled(await taskJob(deps, host, input, job, beat));
  const took = `${(drill.bootMs / 1000).toFixed(1)} s`;
  const what = `${input.version} started on a copy of this server, without a network, in ${took}; nothing of it is left`;
  const checks = drill.answer ? judgeDrill(drill, input.server) : [];
  return { checks, changes: [{ what }], remote: meter.spans, bootMs: drill.bootMs };
}

export async function endTrial(deps: Deps, { server }: { server: Server }): Promise<void> {
  const host = await deps.hosts.open(server, new Meter());
  await host.script(jobBody([{ command: program.tidy }]), { timeoutMs: 10 * 60_000 });
}

const keptOf = ({ server, swap }: SwapInput): upgrade.Kept => ({
  stack: server.stack.directory,
  keep: upgrade.keepFolder(backupsFolder(server)),
  container: swap.container,
  folders: swap.folders,
});

/** Of Temporal: unique for ever, where the speakable one is not. */
const runOf = ({ key }: SwapInput): string => key.split('.')[0] ?? '';

async function swapJob(
  deps: Deps,
  input: SwapInput,
  actions: Action[],
  beat: Beat,
  meter: Meter,
): Promise<string> {
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  const codes = { [EXIT.full]: 'DISK_FULL' } as const;
  return taskJob(deps, host, input, { actions, timeoutMs: WORK_MS, codes, otherwise: 'STEP_FAILED' }, beat);
}

/** Stops the service, keeps what it wrote as it was at that moment, and starts the new one where it may. From now on somebody asks the gateway ten times a second. */
export async function holdState(deps: Deps, input: HoldInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const run = runOf(input);
  const gateway = gatewayAddress(input.server);
  const actions = [
    upgrade.watchGateway(run, gateway, GATEWAY_PORT, PROBE_SECONDS),
    upgrade.hold(keptOf(input), run, input.starts ? input.swap.service : ''),
  ];
  const { copyMs, startMs } = upgrade.held(await swapJob(deps, input, actions, beat, meter));
  const started = input.starts ? `; ${input.swap.to} is started (${startMs} ms)` : '';
  const what = `${input.swap.service} has stopped; what it wrote is kept as it is now (${copyMs} ms)${started}`;
  return { changes: [{ what }], remote: meter.spans };
}

export async function restoreState(deps: Deps, input: SwapInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const log = await swapJob(deps, input, [upgrade.putBack(keptOf(input), runOf(input))], beat, meter);
  const changes = log.split('\n').filter((line) => line.includes(' is as it was;'));
  return { changes: changes.map((what) => ({ what })), remote: meter.spans };
}

/** The new one is good: what was kept goes, and the image of before stays, under a name that no clean-up takes. */
export async function settleSwap(deps: Deps, input: SwapInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const { swap, server } = input;
  const was = swap.before[swap.image]!;
  const image = `${was.repository}@${was.digest}`;
  await swapJob(deps, input, [upgrade.settle(keptOf(input).keep, image, swap.service)], beat, meter);
  return {
    changes: [{ what: `${swap.image} ${swap.from} stays on ${server.name} as the last good one` }],
    remote: meter.spans,
  };
}

export async function standingOf(
  deps: Deps,
  { server, swap, key }: SwapInput,
  signal?: AbortSignal,
): Promise<{ standing: Standing; downtime: Downtime; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const facts = [upgrade.standing(swap.container), upgrade.downtime(key.split('.')[0] ?? '')] as const;
  const [now, gaps] = await host.read(
    facts.map((fact) => fact.read),
    { timeoutMs: LOOK_MS, signal },
  );
  return { standing: facts[0].parse(now!), downtime: facts[1].parse(gaps!), remote: meter.spans };
}

export async function endProbe(deps: Deps, input: SwapInput): Promise<void> {
  const host = await deps.hosts.open(input.server, new Meter());
  await host.script(jobBody([upgrade.endWatch(runOf(input))]));
}
