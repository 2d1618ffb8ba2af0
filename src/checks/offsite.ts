// Are there copies elsewhere that are young, whole and as they were sent: judged by what the far end says now.
import { type Kept, kept, type There, there } from '../commands/backup.js';
import { isCopied, isWholeThere } from '../commands/offsite-copies.js';
import type { ClincherError } from '../errors.js';
import type { CheckResult, Server } from '../model.js';
import { at, HOUR, hours } from './backups.js';
import { defineCheck, fail, pass, runsGateway, unless } from './define.js';

/** Two more than a backup may be old: it has to get there. */
const NEWEST_SECONDS = 28 * HOUR;
/** Each is read back weekly, and one that is away for a day is no loss. */
const READ_SECONDS = 9 * 24 * HOUR;
/** For so long a copy that was another is told. */
const TOLD_SECONDS = 7 * 24 * HOUR;

/** An id is a time: 20261127T030000Z. */
const idTime = (id: string): number =>
  at(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

function late({ backups }: Kept, far: There): string[] {
  const whole = backups.filter((each) => isCopied(each) && isWholeThere(each, far)).at(-1)?.id;
  const age = far.now - (whole === undefined ? far.since : idTime(whole));
  if (age <= NEWEST_SECONDS) return [];
  return [
    whole === undefined
      ? `no copy, though they are made since ${hours(age)}`
      : `the newest copy is ${hours(age)} old`,
  ];
}

const gone = ({ backups }: Kept, far: There): string[] =>
  backups
    .filter((each) => isCopied(each) && !isWholeThere(each, far))
    .map(({ id }) => `the copy of ${id} is gone or cut short`);

const differed = ({ backups }: Kept, { now }: There): string[] =>
  backups.flatMap(({ id, offsite }) =>
    offsite?.differed !== undefined && now - at(offsite.differed) < TOLD_SECONDS
      ? [`the copy of ${id} was not there as it had been sent, seen ${offsite.differed}; it was sent anew`]
      : [],
  );

const unread = ({ backups }: Kept, { now }: There): string[] =>
  backups.flatMap(({ id, offsite }) =>
    offsite !== undefined && now - at(offsite.at) > READ_SECONDS
      ? [`the copy of ${id} was not read back for ${hours(now - at(offsite.at))}`]
      : [],
  );

export const offsiteAge = defineCheck({
  id: 'kept.offsite',
  title: 'There are copies elsewhere: young, whole, and as they were sent',
  why: 'A backup on the disk that it is a backup of goes with that disk, and whoever holds the server can remove it.',
  source: 'guide Step 11 (offsite); RPO of 24 hours',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && server.backup.enabled && server.backup.offsite !== undefined,
  facts: () => ({ kept, there }),
  judge: ({ kept: seen, there: far }, { name }: Server) =>
    unless(
      [late, gone, differed, unread].flatMap((judge) => judge(seen, far)),
      `${seen.backups.filter((each) => isWholeThere(each, far)).length} of ${seen.backups.length} backups are there`,
      `clincher run backup -s ${name}`,
      'on the server: systemctl status clincher-offsite.service',
      'where somebody changed what is there: new keys at the far end, then clincher secrets set',
    ),
});

/** Of a run that has just copied: its failure is told, and takes nothing from the backup. */
export function judgeCopies(done: string | ClincherError, { name }: Server): CheckResult[] {
  const about = {
    id: 'offsite.copied',
    title: 'Every backup has a copy elsewhere, read back',
    why: offsiteAge.why,
    source: offsiteAge.source,
    vantage: 'host' as const,
  };
  if (typeof done === 'string') return [{ ...about, ...pass(done.trim().split('\n').at(-1) ?? '') }];
  return [
    {
      ...about,
      ...fail(
        [done.message, ...done.evidence.slice(0, -1)],
        ...done.remedy.map((line) => line.replace('{server}', name)),
      ),
    },
  ];
}
