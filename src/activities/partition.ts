// A partition's bot is its own, or nothing begins; and what there is of one is taken away. Tokens are compared here and shown nowhere.
import { removePartition as removal } from '../commands/partition.js';
import { ClincherError } from '../errors.js';
import type { Bot, SecretRef, Server } from '../model.js';
import { projectOf } from '../stack/env.js';
import { botsBesides, holderOf, views } from '../stack/partitions.js';
import type { TaskInput, TaskResult } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { claim } from './preflight.js';
import { taskJob } from './task-job.js';

const WORK_MS = 5 * 60_000;

type Known = Pick<Deps, 'secrets'>;

export async function ownBot({ secrets }: Known, { server }: { server: Server }): Promise<void> {
  const { enabled, token } = server.channels.telegram;
  if (!enabled) return;
  const other = await heldBy({ secrets }, await secrets.reveal(token, server), botsBesides(server), server);
  if (other === undefined) return;
  throw new ClincherError('BOT_IN_USE', `the bot of ${holderOf(server)} is held by ${other} already`);
}

/** Who of them has this bot: one bot has one number, which its tokens begin with, whichever of them is the one of now. */
async function heldBy(
  { secrets }: Known,
  token: string,
  bots: readonly Bot[],
  server: Server,
): Promise<string | undefined> {
  for (const { holder, token: ref } of bots) {
    if ((await secrets.missing([ref], server)).length > 0) continue;
    if (numberOf(await secrets.reveal(ref, server)) === numberOf(token)) return holder;
  }
  return undefined;
}

const numberOf = (token: string): string => token.split(':')[0] ?? token;

/** Of an answer to a gate: a sentence where it is the bot of somebody else; undefined where it is none, or nobody's. */
export async function foreignBot(
  deps: Known,
  { ref, server }: { ref: SecretRef; server: Server },
  value: string,
): Promise<string | undefined> {
  const view = views(server).find(({ channels: { telegram } }) => telegram.enabled && telegram.token === ref);
  const other = view && (await heldBy(deps, value, botsBesides(view), server));
  return other === undefined ? undefined : `This is the bot of ${other}: make another one with @BotFather.`;
}

export async function removePartition(deps: Deps, input: TaskInput, beat: Beat): Promise<TaskResult> {
  const { server } = input;
  const { partition, directory } = server.stack;
  if (partition === undefined) throw new ClincherError('INTERNAL', `${server.name} itself is no partition`);
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  const actions = [removal(projectOf(server), directory, partition)];
  const log = await taskJob(
    deps,
    host,
    input,
    { actions, timeoutMs: WORK_MS, otherwise: 'PARTITION_LEFT' },
    beat,
  );
  return { changes: [{ what: log.trim().split('\n').at(-1) ?? '' }], remote: meter.spans };
}
