// Runbooks that are told something new: it is written into clincher.yaml, looked at, run, and taken out again where it was not kept.
import { type Config, resolveServer } from '../../config/load.js';
import type { KeySwap, RunState, Server } from '../../model.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { Control, StartInput } from '../control.js';
import type { Io } from '../io.js';
import { keepSchedules } from '../keep-schedules.js';
import { type Edit, type Wanted, want } from '../wanted.js';
import { type KeyOptions, keySwaps, keyWishes } from './run-rotate-ssh.js';
import { type UpgradeOptions, versionWishes } from './run-upgrade.js';

/** What was asked for besides the runbook's name. */
export interface Wish {
  edits: Map<string, Edit[]>;
  keys: Map<string, KeySwap>;
}

export async function wishOf(
  io: Io,
  book: Runbook,
  servers: readonly Server[],
  options: UpgradeOptions & KeyOptions,
): Promise<Wish> {
  const keys = await keySwaps(io, book, options, servers);
  const { to } = options;
  if (to !== undefined) return { keys, edits: versionWishes(servers, { ...options, to }) };
  return { keys, edits: keyWishes(keys, options.dryRun ?? false) };
}

export interface Chosen {
  config: Config;
  isWritten: boolean;
  servers: Server[];
  /** By server: what its run is started with besides. */
  more(server: string): Partial<StartInput>;
  undo(server: string): Promise<void>;
}

/** What was written for a run that never began is taken out again. */
export async function wanting(
  io: Io,
  config: Config,
  servers: readonly Server[],
  { edits, keys }: Wish,
  isPlan: boolean,
  work: (chosen: Chosen) => Promise<number>,
): Promise<number> {
  const { config: written, undo } = edits.size > 0 ? await want(io, config, edits) : unchanged(config);
  const now = servers.map(({ name }) => lookedAt(resolveServer(written, name), keys.get(name)));
  const more = (name: string) => (keys.has(name) ? { keys: keys.get(name)! } : {});
  const undoAll = async (): Promise<void> => {
    for (const { name } of servers) await undo(name);
  };
  try {
    const code = await work({ config: written, isWritten: edits.size > 0, servers: now, more, undo });
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
  { config, isWritten, undo }: Chosen,
  ended: readonly RunState[],
  spared: readonly Server[],
): Promise<void> {
  if (!isWritten) return;
  const undone = [...ended.filter(wasNotKept).map(({ server }) => server), ...spared.map(({ name }) => name)];
  for (const name of undone) await undo(name);
  const kept = ended.filter(({ server, endedAt }) => endedAt !== undefined && !undone.includes(server));
  if (kept.length > 0)
    await keepSchedules(
      io,
      control,
      config,
      kept.map(({ server }) => server),
    );
}

/** The run is over, and what the server has is not what was written. */
const wasNotKept = ({ status, upgrade, sshKey }: RunState): boolean =>
  (status === 'failed' || status === 'aborted') &&
  sshKey !== 'new' &&
  (upgrade === undefined || ['begun', 'rolled-back'].includes(upgrade.outcome));
