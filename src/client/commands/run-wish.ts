// Runbooks that are told something new: it is written into clincher.yaml, looked at, run, and taken out again where it was not kept.
import { type Config, resolveServer } from '../../config/load.js';
import type { KeySwap, RunState, Server } from '../../model.js';
import type { Runbook } from '../../workflows/catalog.js';
import { readConfigText } from '../config-edit.js';
import type { Control, StartInput } from '../control.js';
import type { Io } from '../io.js';
import { keepSchedules } from '../keep-schedules.js';
import { type Edit, type Wanted, want } from '../wanted.js';
import { controlMove } from './run-control-plane.js';
import { moveInput, moveWishes, standbyOf } from './run-failover.js';
import { isUndone, type PartitionOptions, partitionInput, partitionWishes } from './run-partition.js';
import { type KeyOptions, keySwaps, keyWishes } from './run-rotate-ssh.js';
import { type UpgradeOptions, versionWishes } from './run-upgrade.js';

/** What was asked for besides the runbook's name. */
export interface Wish {
  edits: Map<string, Edit[]>;
  keys: Map<string, KeySwap>;
  /** By server: what a run that moves it is told of where it was. */
  move(server: string): Partial<StartInput>;
  /** Other servers whose entries it changes. */
  others: string[];
}

export async function wishOf(
  io: Io,
  config: Config,
  book: Runbook,
  servers: readonly Server[],
  options: UpgradeOptions & KeyOptions & PartitionOptions,
): Promise<Wish> {
  const keys = await keySwaps(io, book, options, servers);
  const { to } = options;
  const moves = moveWishes(config, book, servers);
  const others = moves ? servers.flatMap(({ name }) => standbyOf(config, name)?.name ?? []) : [];
  const handover = await controlMove(config, book);
  const move = (name: string) => ({
    ...moveInput(config, book, name),
    ...(handover === undefined ? {} : { move: handover() }),
  });
  const wish = { keys, others, move };
  if (moves !== undefined) return { ...wish, edits: moves };
  const partitions = partitionWishes(book, options, servers);
  if (partitions !== undefined) {
    const text = await readConfigText(config.path);
    return { ...wish, edits: partitions, move: (name) => partitionInput(config, text, book, options, name) };
  }
  if (to !== undefined) return { ...wish, edits: versionWishes(servers, { ...options, to }) };
  return { ...wish, edits: keyWishes(keys, options.dryRun ?? false) };
}

export interface Chosen {
  config: Config;
  isWritten: boolean;
  servers: Server[];
  others: string[];
  /** By server: what its run is started with besides. */
  more(server: string): Partial<StartInput>;
  undo(server: string): Promise<void>;
}

/** What was written for a run that never began is taken out again. */
export async function wanting(
  io: Io,
  config: Config,
  servers: readonly Server[],
  { edits, keys, move, others }: Wish,
  isPlan: boolean,
  work: (chosen: Chosen) => Promise<number>,
): Promise<number> {
  const { config: written, undo } = edits.size > 0 ? await want(io, config, edits) : unchanged(config);
  const now = servers.map(({ name }) => lookedAt(resolveServer(written, name), keys.get(name)));
  const more = (name: string) => ({ ...move(name), ...(keys.has(name) ? { keys: keys.get(name)! } : {}) });
  const undoAll = async (): Promise<void> => {
    for (const { name } of servers) await undo(name);
  };
  try {
    const code = await work({ config: written, isWritten: edits.size > 0, servers: now, others, more, undo });
    if (isPlan) await undoAll();
    return code;
  } catch (error) {
    await undoAll();
    throw error;
  }
}

const unchanged = (config: Config): Wanted => ({ config, undo: async () => {} });

/** Until the new key is in, the way there is the old one. */
const lookedAt = (server: Server, keys: KeySwap | undefined): Server =>
  keys === undefined ? server : { ...server, ssh: { ...server.ssh, identity_file: keys.from.identity_file } };

/** What was not kept is taken out of the file; where it was, what starts by itself is told. */
export async function settleWishes(
  io: Io,
  control: Control,
  { config, isWritten, others, undo }: Chosen,
  ended: readonly RunState[],
  spared: readonly Server[],
): Promise<void> {
  if (!isWritten) return;
  const undone = [...ended.filter(wasNotKept).map(({ server }) => server), ...spared.map(({ name }) => name)];
  for (const name of undone) await undo(name);
  const kept = ended.filter(({ server, endedAt }) => endedAt !== undefined && !undone.includes(server));
  if (kept.length > 0)
    await keepSchedules(io, control, config, [...kept.map(({ server }) => server), ...others]);
}

/** The run is over, and what the server has is not what was written. */
const wasNotKept = ({ status, upgrade, sshKey, moved, partition }: RunState): boolean =>
  (status === 'failed' || status === 'aborted') &&
  moved !== 'kept' &&
  (partition === undefined || isUndone(partition)) &&
  sshKey !== 'new' &&
  (upgrade === undefined || ['begun', 'rolled-back'].includes(upgrade.outcome));
