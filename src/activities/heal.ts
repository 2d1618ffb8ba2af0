// Heals what Docker does not: a service that runs and is unhealthy is restarted; one without a container is made anew.
import { runsGateway } from '../checks/define.js';
import { find } from '../checks/services.js';
import { isStarted, startChannel as starting } from '../commands/channels.js';
import * as compose from '../commands/compose.js';
import { type DockerNow, dockerNow } from '../commands/docker-api.js';
import { healed, notHealed, restart } from '../commands/heal.js';
import { ClincherError } from '../errors.js';
import type { Span } from '../model.js';
import type { Service } from '../stack/service.js';
import { serviceDefinitions, startBudgetSeconds } from '../stack/services.js';
import type { TaskResult } from './api.js';
import type { ChannelInput, HealInput, HealResult, Unwell, UnwellInput } from './api-watch.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { lastLines, Meter } from './host.js';
import { claim } from './preflight.js';
import { taskJob } from './task-job.js';

const LOOK_MS = 60_000;
/** OpenClaw's own command line takes seconds, and a minute on a small host that is busy. */
const CHANNEL_MS = 150_000;

export async function seeUnwell(
  deps: Deps,
  { server }: UnwellInput,
  signal?: AbortSignal,
): Promise<{ unwell: Unwell[]; remote: Span[] }> {
  if (!runsGateway(server)) return { unwell: [], remote: [] };
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const [reading] = await host.read([dockerNow.read], { timeoutMs: LOOK_MS, signal });
  const docker = dockerNow.parse(reading!);
  const unwell = serviceDefinitions(server).flatMap((each) => trouble(docker, each) ?? []);
  return { unwell, remote: meter.spans };
}

function trouble(docker: DockerNow, each: Service): Unwell | undefined {
  const { service, container } = each;
  const now = find(docker, each);
  if (now === undefined) return { service, container, how: 'has no container', isMissing: true };
  if (now.status !== 'running') return { service, container, how: `is ${now.status}` };
  return ['healthy', 'starting'].includes(now.health)
    ? undefined
    : { service, container, how: `is ${now.health}` };
}

export async function healService(deps: Deps, input: HealInput, beat: Beat): Promise<HealResult> {
  const { server, service, anew } = input;
  const { directory } = server.stack;
  const seconds = startBudgetSeconds(server);
  const { container = '' } = serviceDefinitions(server).find((each) => each.service === service) ?? {};
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  const action = anew ? compose.recreate(directory, [service], seconds) : restart(container, seconds);
  const log = await taskJob(
    deps,
    host,
    input,
    { actions: [action], timeoutMs: (seconds + 120) * 1000, otherwise: 'NOT_HEALED' },
    beat,
  );
  return { ...said(input, log), remote: meter.spans };
}

export async function startChannel(deps: Deps, input: ChannelInput, beat: Beat): Promise<TaskResult> {
  const { server, channel } = input;
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  const job = { actions: [starting(channel)], timeoutMs: CHANNEL_MS, otherwise: 'NOT_HEALED' } as const;
  const log = await taskJob(deps, host, input, job, beat);
  if (!isStarted(log))
    throw new ClincherError('NOT_HEALED', `the gateway of ${server.name} did not start ${channel}`, {
      evidence: lastLines(log),
    });
  return { changes: [{ what: `the gateway was told to start ${channel}, and did` }], remote: meter.spans };
}

function said(
  { service, anew }: HealInput,
  log: string,
): Pick<HealResult, 'healed'> & Pick<TaskResult, 'changes'> {
  if (anew) return { healed: true, changes: [{ what: `${service} was made anew, and is healthy` }] };
  const after = healed(log);
  return after === undefined
    ? {
        healed: false,
        changes: [{ what: `${service} was restarted, and is still not well: ${notHealed(log)}` }],
      }
    : { healed: true, changes: [{ what: `${service} was restarted, and is healthy ${after}` }] };
}
