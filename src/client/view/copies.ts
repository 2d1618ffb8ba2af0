// The copies of a server's backups elsewhere, newest first: which are whole, when their hash was compared, which are only there.
import type { Backup, OffsiteCopy, OffsiteSeen } from '../../model.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { bytes, safe } from './text.js';
import { ago } from './time.js';

export interface Copies extends OffsiteSeen {
  server: string;
  /** What the server itself keeps. */
  backups: readonly Backup[];
}

export function copiesView({ server, where, copies, backups }: Copies, view: View, at: number): string[] {
  const missing = backups.filter(({ id }) => !copies.some((each) => each.id === id && each.isWhole));
  const alone = copies.filter(({ isHere, isWhole }) => isWhole && !isHere);
  return [
    `${server}  ${copies.length} ${copies.length === 1 ? 'copy' : 'copies'} at ${safe(where)}`,
    ...(copies.length === 0
      ? []
      : table(
          [
            ['  ID', 'MADE', 'SIZE', 'HERE', 'COMPARED'],
            ...copies.map((each) => row(each, view, at)).reverse(),
          ],
          view,
        )),
    ...(missing.length > 0
      ? [
          `Not there: ${missing.map(({ id }) => safe(id)).join(', ')}. Copy now: clincher run backup -s ${server}`,
        ]
      : []),
    ...(alone.length > 0
      ? [
          `To have one back that is only there, on the server: sudo clincher-backup fetch ${safe(alone.at(-1)!.id)}`,
        ]
      : []),
  ];
}

/** An id is the moment at which its backup was begun. */
const made = (id: string): string =>
  id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');

function row(
  { id, bytes: size, isWhole, isHere, comparedAt }: OffsiteCopy,
  view: View,
  at: number,
): string[] {
  return [
    `  ${safe(id)}`,
    ago(made(id), at),
    size === undefined ? '' : bytes(size),
    isHere ? 'yes' : paint(view, 'yellow', 'only there'),
    isWhole ? comparison(isHere, comparedAt, at) : paint(view, 'red', 'not whole: no copy'),
  ];
}

/** By reading it back; a server that no longer has the backup has nothing to compare with until it is fetched. */
function comparison(isHere: boolean, comparedAt: string | undefined, at: number): string {
  if (comparedAt !== undefined) return ago(comparedAt, at);
  return isHere ? 'not yet' : 'when it is fetched';
}
