// How much would be lost today, and whether what is kept was ever read: judged by the host's own clock.
import { type Kept, kept } from '../commands/backup.js';
import type { Server } from '../model.js';
import { defineCheck, runsGateway, unless } from './define.js';

export const HOUR = 3600;
/** A day, and as long as a large one may take. */
const NEWEST_SECONDS = 26 * HOUR;
/** verify-backup is weekly (guide, Step 13.10). */
const VERIFIED_SECONDS = 8 * 24 * HOUR;

export const hours = (seconds: number): string =>
  seconds < 48 * HOUR ? `${Math.floor(seconds / HOUR)} h` : `${Math.floor(seconds / (24 * HOUR))} days`;

export const at = (iso: string): number => Date.parse(iso) / 1000;

/** Nothing is late that could not have been made yet. */
function late({ now, since, backups }: Kept): string[] {
  const whole = backups.filter(({ manifest, bytes }) => manifest !== undefined && manifest.bytes === bytes);
  const newest = whole.at(-1)?.manifest?.made;
  const age = now - (newest === undefined ? since : at(newest));
  if (age <= NEWEST_SECONDS) return [];
  return [
    newest === undefined
      ? `no backup, though the timer runs since ${hours(age)}`
      : `the newest backup is ${hours(age)} old`,
  ];
}

function unread({ now, since, backups }: Kept): string[] {
  const read = backups.flatMap(({ verified }) => (verified ? [at(verified.at)] : []));
  const age = now - Math.max(since, ...read);
  if (age <= VERIFIED_SECONDS || backups.length === 0) return [];
  return [
    read.length === 0
      ? `no backup was ever read, for ${hours(age)}`
      : `none was read to its end for ${hours(age)}`,
  ];
}

const halves = ({ backups }: Kept): string[] =>
  backups
    .filter(({ manifest, bytes }) => manifest === undefined || manifest.bytes !== bytes)
    .map(({ id }) => `${id} is not whole`);

export const backupAge = defineCheck({
  id: 'kept.backups',
  title: 'A day’s work at most would be lost, and what is kept was read to its end',
  why: 'The backup that stopped a month ago, and the one that cannot be read, are found on the day they are needed.',
  source: 'guide Steps 11 and 13.10 (RPO of 24 hours)',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && server.backup.enabled,
  facts: () => ({ kept }),
  judge: ({ kept: seen }, { name }: Server) =>
    unless(
      [...late(seen), ...unread(seen), ...halves(seen)],
      seen.backups.length === 0 ? 'none yet; the first is made tonight' : `${seen.backups.length} backups`,
      `clincher run backup -s ${name}`,
      `clincher run verify-backup -s ${name}`,
      'on the server: systemctl status clincher-backup.service',
    ),
});
