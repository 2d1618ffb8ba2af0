// prune.leftovers: copies that were kept for a way back, once a verified backup or time has overtaken them.
import { backups } from '../commands/backup.js';
import { type Leftover, leftovers, removeLeftover, sized } from '../commands/prune.js';
import type { Backup } from '../model.js';
import { backupsFolder } from './backup-files.js';
import { change, defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

/** Long enough to look for a message that came in while a version ran that was then rolled back. */
const FAILED_DAYS = 7;
const DAY = 24 * 3600;

/** Seconds since 1970. What was never read to its end proves nothing. */
function lastVerified(all: readonly Backup[]): number | undefined {
  const times = all.flatMap(({ manifest, verified }) =>
    manifest && verified ? [Date.parse(manifest.made) / 1000] : [],
  );
  return times.length > 0 ? Math.max(...times) : undefined;
}

const isOver = ({ kind, at }: Leftover, now: number, verified: number | undefined): boolean =>
  kind === 'failed' ? now - at > FAILED_DAYS * DAY : verified !== undefined && at < verified;

const KINDS: Record<Leftover['kind'], string> = {
  failed: 'what a version wrote that was rolled back',
  state: 'the state before a migration',
};

export const pruneLeftovers = defineStep({
  id: 'prune.leftovers',
  title: 'No copy for a way back is kept that a verified backup, or a week, has overtaken',
  why: 'They hold conversations in clear, and grow with each upgrade.',
  source: 'ADR 8; guide Step 11',
  after: [],
  wanted: runsStack,
  facts: (want) => ({ left: leftovers(backupsFolder(want)), backups }),
  plan({ left: { now, all }, backups: known }) {
    const verified = lastVerified(known);
    return all
      .filter((each) => isOver(each, now, verified))
      .map((each) =>
        change(`remove ${each.path} (${KINDS[each.kind]}, ${sized(each.bytes)})`, removeLeftover(each)),
      );
  },
  notes({ left: { now, all }, backups: known }) {
    const verified = lastVerified(known);
    return all
      .filter((each) => !isOver(each, now, verified))
      .map(
        ({ kind, path, bytes }) =>
          `kept: ${path} (${sized(bytes)}), ${kind === 'failed' ? `until it is ${FAILED_DAYS} days old` : 'until a newer backup is verified'}`,
      );
  },
});
