// Children of a supervisor that was killed: they live on, and would hold the ports and the database.
import { end, type Identity, isAlive } from './identity.js';
import type { Say } from './server-source.js';
import { type ChildState, readState } from './state.js';

const GRACE_MS = 5_000;

/** Only what the state file names by pid and start time is ended: never a stranger with a reused pid. */
export async function endOrphans(say: Say): Promise<boolean> {
  const orphans = orphansOf(Object.values(readState()?.children ?? {}), isAlive);
  if (orphans.length === 0) return false;
  say(`ending what an earlier supervisor left: ${orphans.map(({ pid }) => pid).join(', ')}`);
  await Promise.all(orphans.map((orphan) => end(orphan, GRACE_MS)));
  return true;
}

export function orphansOf(children: ChildState[], lives: (child: Identity) => boolean): Identity[] {
  return children
    .flatMap(({ pid, start }) => (pid === undefined || start === undefined ? [] : [{ pid, start }]))
    .filter(lives);
}
