// Fences the old server, lets it go on, or puts aside what it has: so that two gateways never hold one bot.
import { fence, NOTHING_TO_RETIRE, retire, unfence } from '../commands/fence.js';
import { ClincherError } from '../errors.js';
import type { Action, Server } from '../model.js';
import { parseReference } from '../secrets/reference.js';
import { runSource } from '../secrets/run-source.js';
import { telegramRoot } from '../stack/doors.js';
import { PROJECT } from '../stack/env.js';
import type { TaskInput, TaskResult } from './api.js';
import type { FenceInput } from './api-failover.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { claim } from './preflight.js';
import { taskJob } from './task-job.js';

const WORK_MS = 5 * 60_000;

/** As a standby, which it is to be: a primary that is fenced already, by itself at its boot, is nobody’s to work on. */
async function onOld(deps: Deps, asked: TaskInput, action: Action, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const input: TaskInput = { ...asked, server: { ...asked.server, role: 'standby' } };
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  const job = { actions: [action], timeoutMs: WORK_MS, otherwise: 'NOT_FENCED' } as const;
  const log = await taskJob(deps, host, input, job, beat);
  return { changes: [{ what: log.trim().split('\n').at(-1) ?? '' }], remote: meter.spans };
}

export const fenceHost = (deps: Deps, input: FenceInput, beat: Beat): Promise<TaskResult> =>
  onOld(deps, input, fence(PROJECT, fenced(deps, input)), beat);

const fenced = (deps: Deps, { run, to }: FenceInput) => ({
  run,
  at: new Date(deps.now()).toISOString(),
  to,
});

export const unfenceHost = (deps: Deps, input: TaskInput, beat: Beat): Promise<TaskResult> =>
  onOld(deps, input, unfence(PROJECT), beat);

export async function retireState(deps: Deps, input: TaskInput, beat: Beat): Promise<TaskResult> {
  const done = await onOld(deps, input, retire(PROJECT, input.server.stack.directory), beat);
  return { ...done, changes: done.changes.filter(({ what }) => !what.includes(NOTHING_TO_RETIRE)) };
}

export async function canReach(
  deps: Deps,
  { server }: { server: Server },
  { signal }: Beat,
): Promise<boolean> {
  if (await deps.hosts.isSilent(server)) return false;
  try {
    const host = await deps.hosts.open(server, new Meter());
    await host.read([['true']], { timeoutMs: 10_000, signal });
    return true;
  } catch (error) {
    // Another key than the pinned one is another machine: nobody logs in there, and nobody is fenced by it.
    if (error instanceof ClincherError && error.code !== 'INTERNAL') return false;
    throw error;
  }
}

export async function fenceByCommand(_: Deps, { server }: { server: Server }): Promise<void> {
  const { fence_command: command = '', fence_timeout_seconds: seconds } = server.failover;
  const reference = parseReference(`exec:${command}`);
  if ('problem' in reference || reference.kind !== 'exec')
    throw new ClincherError('NOT_FENCED', 'failover.fence_command is no program and its words');
  const env = {
    ...process.env,
    CLINCHER_FENCE_SERVER: server.name,
    CLINCHER_FENCE_ADDRESS: server.address,
  };
  const { failure, stderr } = await runSource(reference.words, env, '/', seconds * 1000);
  if (failure === undefined) return;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  throw new ClincherError('NOT_FENCED', `failover.fence_command ${failure}${last === '' ? '' : `: ${last}`}`);
}

const EVERY_MS = 5_000;

/** Asked every few seconds for as long as it takes: the sooner it is stopped, the less it takes from the one that goes on. */
export async function fenceWhenBack(deps: Deps, input: FenceInput, beat: Beat): Promise<TaskResult> {
  for (;;) {
    beat.say(`waiting for ${input.server.name} at ${input.server.address} to come back, to stop it\n`);
    if (await canReach(deps, input, beat)) {
      const done = await fenceHost(deps, input, beat).catch((error: unknown) => giveUp(error, beat));
      if (done !== undefined) return done;
    }
    await deps.sleep(EVERY_MS, beat.signal);
  }
}

/** It may be half booted; a cancellation is none of its failures. */
function giveUp(error: unknown, beat: Beat): undefined {
  if (beat.cancelled()) throw error;
  return undefined;
}

const ASK_MS = 15_000;

/** The address holds the token, so nothing of it is told. */
export async function isTokenRefused(
  { secrets }: Deps,
  { server }: { server: Server },
): Promise<{ isRefused: boolean; sealTo: string }> {
  const { telegram } = server.channels;
  const token = await secrets.reveal(telegram.token, server);
  const answer = await fetch(`${telegramRoot(server.channels)}/bot${token}/getMe`, {
    redirect: 'error',
    signal: AbortSignal.timeout(ASK_MS),
  }).catch(() => {
    throw new ClincherError('CHANNEL_FAILED', 'Telegram cannot be asked whether it refuses the bot’s token');
  });
  await answer.body?.cancel();
  return { isRefused: answer.status === 401, sealTo: await secrets.recipient() };
}
