// The end of a failover, or of a partition's run, that nobody followed to its end: whoever sees it first settles what clincher.yaml says of it.
import { type Config, resolveServer } from '../config/load.js';
import type { RunState } from '../model.js';
import { findRunbook } from '../workflows/catalog.js';
import { moveWishes, standbyOf } from './commands/run-failover.js';
import { partitionUndone } from './commands/run-partition.js';
import type { Control } from './control.js';
import type { Io } from './io.js';
import { keepSchedules } from './keep-schedules.js';
import { markSettled, recentRuns } from './recent.js';
import { want } from './wanted.js';

/** Once: a later failover has written something else. */
export async function settleMove(
  io: Io,
  control: Control,
  config: Config | undefined,
  state: RunState,
  followed: string,
): Promise<void> {
  const entry = recentRuns(io.env).find(({ run }) => run === followed);
  if (config === undefined || state.endedAt === undefined || !entry?.isUnsettled) return;
  markSettled(io.env, entry.runId);
  if (state.partition !== undefined) return settlePartition(io, control, config, state);
  const standby = standbyOf(config, state.server);
  const names = [state.server, ...(standby ? [standby.name] : [])];
  const settled = isKept(state) ? config : await takenBack(io, config, state);
  await keepSchedules(io, control, settled, names);
}

async function settlePartition(io: Io, control: Control, config: Config, state: RunState): Promise<void> {
  const edits = isKept(state) ? [] : partitionUndone(state);
  const settled =
    edits.length === 0 ? config : (await want(io, config, new Map([[state.server, edits]]))).config;
  await keepSchedules(io, control, settled, [state.server]);
}

const isKept = ({ moved, status }: RunState): boolean => moved === 'kept' || status === 'done';

async function takenBack(io: Io, config: Config, { server, address, runbook }: RunState): Promise<Config> {
  const book = findRunbook(runbook);
  if (book === undefined || resolveServer(config, server).address !== address) return config;
  const wishes = moveWishes(config, book, [resolveServer(config, server)]);
  return wishes === undefined ? config : (await want(io, config, wishes)).config;
}
