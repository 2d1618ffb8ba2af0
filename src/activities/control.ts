// Moves everything to a control plane on a server: carried once, proved, and only then in charge.
import { readFile } from 'node:fs/promises';
import * as plane from '../commands/control-plane.js';
import { write } from '../commands/files.js';
import { owner } from '../commands/owner.js';
import { ClincherError } from '../errors.js';
import type { Action, CheckResult, PlaneSeen, Server, Span } from '../model.js';
import { sideBySide } from '../side-by-side.js';
import { CONTROL_FOLDER, CONTROL_HOME, CONTROL_PROJECT, CONTROL_USER } from '../stack/control.js';
import { RECIPIENTS } from '../steps/control-backup.js';
import type { TaskResult } from './api.js';
import type { MoveInput, SeeControlInput } from './api-control.js';
import type { Beat } from './beat.js';
import { judgedPorts, judgedRun } from './control-verdicts.js';
import type { ControlSchedules, Deps } from './deps.js';
import { type Host, Meter } from './host.js';
import { taskJob } from './task-job.js';

const CARRY_MS = 2 * 60_000;
/** Of every server in its turn. */
const ADOPT_MS = 60 * 60_000;
const PROBE_MS = 20 * 60_000;

const schedulesOf = ({ schedules }: Deps): ControlSchedules => {
  if (schedules === undefined) throw new Error('this worker was not told of its own schedules');
  return schedules;
};

/** The same at every attempt, and told apart from a pause that a person has made. */
const noteOf = ({ server }: MoveInput): string => `moved to ${server.name}`;

export async function seeControl(
  deps: Deps,
  { server, servers }: SeeControlInput,
  signal?: AbortSignal,
): Promise<PlaneSeen & { remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const fact = plane.planeName(CONTROL_FOLDER);
  const [reading] = await host.read([fact.read], { signal });
  const name = fact.parse(reading!);
  if (name === null) return { owned: [], remote: meter.spans };
  const owners = await sideBySide(servers, (each) => ownerOf(deps, each, meter, signal));
  const owned = servers.filter((_, i) => owners[i] === name).map((each) => each.name);
  return { plane: name, owned, remote: meter.spans };
}

async function ownerOf(deps: Deps, server: Server, meter: Meter, signal?: AbortSignal) {
  const host = await deps.hosts.open(server, meter);
  const [reading] = await host.read([owner.read], { signal });
  return owner.parse(reading!)?.plane;
}

export async function pauseSchedules(deps: Deps, input: MoveInput): Promise<TaskResult> {
  const schedules = schedulesOf(deps);
  const open = await schedules.openRuns(input.run);
  if (open.length > 0)
    throw new ClincherError(
      'LOCKED',
      `runs are open here that nobody there would go on with: ${open.join(', ')}`,
      {
        remedy: ['clincher runs --open', 'let them end, or end them: clincher abort <run>'],
      },
    );
  const paused = await schedules.pause(input.move.owner, noteOf(input));
  return { changes: paused.map((id) => ({ what: `${id} is paused` })), remote: [] };
}

export async function resumeSchedules(
  deps: Deps,
  input: MoveInput,
  signal?: AbortSignal,
): Promise<TaskResult> {
  const { move, server } = input;
  const seen = await seeControl(deps, { server, servers: move.servers }, signal);
  const ours = move.servers.map(({ name }) => name).filter((name) => !seen.owned.includes(name));
  const resumed = await schedulesOf(deps).resume(move.owner, ours, noteOf(input));
  return { changes: resumed.map((id) => ({ what: `${id} goes on` })), remote: seen.remote };
}

export async function carryOver(deps: Deps, input: MoveInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  const actions = await carried(deps, host, input, beat.signal);
  await taskJob(deps, host, input, { actions, timeoutMs: CARRY_MS, otherwise: 'STEP_FAILED' }, beat);
  const { keys, lock } = input.move;
  const said = [
    'clincher.yaml',
    ...(lock === '' ? [] : ['clincher.lock.yaml']),
    'the vault',
    `${keys.length} keys`,
  ];
  return { changes: [{ what: `carried: ${said.join(', ')}` }], remote: meter.spans };
}

/** The vault is closed for the key that was made there, and for nobody else: it is opened here, and never on the way. */
async function carried(
  deps: Deps,
  host: Host,
  { server, move }: MoveInput,
  signal: AbortSignal,
): Promise<Action[]> {
  const fact = plane.publicIdentity(CONTROL_HOME);
  const [reading] = await host.read([fact.read], { signal });
  const vault = await deps.secrets.handOver(server, [fact.parse(reading!)]);
  const keys = await Promise.all(
    move.keys.map(async ({ from, to }) => theirs(to, await readFile(from, 'utf8'))),
  );
  return [
    ...keys,
    ...(move.lock === '' ? [] : [theirs(`${CONTROL_HOME}/clincher.lock.yaml`, move.lock)]),
    theirs(`${CONTROL_HOME}/clincher.vault.age`, vault),
    theirs(`${CONTROL_HOME}/clincher.yaml`, move.config),
    write({ path: RECIPIENTS, content: `${move.recipients.join('\n')}\n`, mode: '0644' }),
  ];
}

const theirs = (path: string, content: string): Action =>
  write({ path, content, mode: '0600', owner: CONTROL_USER, group: CONTROL_USER });

export async function proveControl(
  deps: Deps,
  input: MoveInput,
  beat: Beat,
): Promise<{ checks: CheckResult[]; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  const facts = [plane.listeners, plane.published(CONTROL_PROJECT)] as const;
  const [listening, shown] = await host.read(
    facts.map(({ read }) => read),
    { signal: beat.signal },
  );
  const ports = judgedPorts(facts[0].parse(listening!), facts[1].parse(shown!));
  const run = await probingRun(deps, host, input, beat);
  return { checks: [ports, run], remote: meter.spans };
}

/** A run only comes to its end where a worker takes it up, and gets in. */
async function probingRun(deps: Deps, host: Host, input: MoveInput, beat: Beat): Promise<CheckResult> {
  const words = ['plan', '-s', 'all', '--only', 'base.user', '--quiet'];
  const job = {
    actions: [plane.cli(CONTROL_FOLDER, ...words)],
    timeoutMs: PROBE_MS,
    otherwise: 'NOT_PROVED',
  } as const;
  try {
    await taskJob(deps, host, input, job, beat);
    return judgedRun(input.move.servers, undefined);
  } catch (error) {
    if (error instanceof ClincherError && error.code === 'NOT_PROVED')
      return judgedRun(input.move.servers, error.evidence);
    throw error;
  }
}

export async function adoptThere(deps: Deps, input: MoveInput, beat: Beat): Promise<TaskResult> {
  const { server, move } = input;
  const before = await seeControl(deps, { server, servers: move.servers }, beat.signal);
  const lacking = move.servers.map(({ name }) => name).filter((name) => !before.owned.includes(name));
  if (lacking.length === 0) return { changes: [], remote: before.remote };
  const host = await deps.hosts.open(server, new Meter());
  await taskJob(deps, host, input, adoptions(input, lacking), beat);
  const after = await seeControl(deps, { server, servers: move.servers }, beat.signal);
  const left = lacking.filter((name) => !after.owned.includes(name));
  if (left.length > 0) throw new ClincherError('NOT_MOVED', `not adopted: ${left.join(', ')}`);
  return {
    changes: lacking.map((name) => ({ what: `${name} is run from ${server.name}` })),
    remote: after.remote,
  };
}

/** The server itself comes last: once it is theirs, no job of ours begins on it any more. */
function adoptions({ server, run }: MoveInput, lacking: readonly string[]) {
  const groups = [
    lacking.filter((name) => name !== server.name),
    lacking.filter((name) => name === server.name),
  ];
  const actions = groups
    .filter((names) => names.length > 0)
    .map((names) =>
      plane.cli(
        CONTROL_FOLDER,
        ...['adopt', ...names.flatMap((name) => ['-s', name])],
        ...['--reason', `moved by ${run}`, '--yes'],
      ),
    );
  return { actions, timeoutMs: ADOPT_MS, otherwise: 'NOT_MOVED' } as const;
}
