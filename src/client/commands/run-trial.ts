// What `run` does otherwise for runbooks that ask models: they change nothing and cost money, so a bound is told instead of a plan.
import { ClincherError } from '../../errors.js';
import type { Server } from '../../model.js';
import type { Runbook } from '../../workflows/catalog.js';
import { matchesGlob } from '../glob.js';
import type { RunOptions } from '../input.js';
import type { Io } from '../io.js';

export const asksModels = ({ mutating, danger }: Runbook): boolean => !mutating && danger === 'ask';

const checks = () => import('../../checks/trials.js');

/** `--only` names checks of theirs; and a server without a gateway has nobody to ask. */
export async function checkTrials(
  book: Runbook,
  servers: readonly Server[],
  { only, from }: RunOptions,
): Promise<void> {
  if (from !== undefined) throw new ClincherError('USAGE', `${book.name} has no steps to begin from.`);
  if (only === undefined) return;
  const { idsOf } = await checks();
  const ids = servers.flatMap((server) => idsOf(book.name, server));
  if (ids.some((id) => matchesGlob(id, only))) return;
  throw new ClincherError(
    'USAGE',
    `Nothing of ${book.name} matches --only ${only}; there are ${ids.join(', ')}.`,
  );
}

/** A line a server: how much may be asked. */
export async function bounds(book: Runbook, servers: readonly Server[]): Promise<string[]> {
  const { redteamBound, smokeBound } = await checks();
  const bound = book.name === 'smoke' ? smokeBound : redteamBound;
  return servers.map((server) => `${server.name}: ${bound(server)}`);
}

export async function tellBounds(io: Io, book: Runbook, servers: readonly Server[]): Promise<number> {
  for (const line of await bounds(book, servers)) io.out(`${line}\n`);
  return 0;
}
