// The backups of a server, newest first: how old, how large, of which version, and whether one was ever read.
import type { Backup } from '../../model.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { bytes, safe } from './text.js';
import { ago, duration } from './time.js';

interface Of {
  server: string;
  /** Whether there is a far end for copies. */
  hasOffsite: boolean;
}

export function backupsView(
  { server, hasOffsite }: Of,
  all: readonly Backup[],
  view: View,
  at: number,
): string[] {
  if (all.length === 0) return [`${server}  no backups`, `Make one: clincher run backup -s ${server}`];
  const newest = all.at(-1);
  return [
    `${server}  ${all.length} ${all.length === 1 ? 'backup' : 'backups'}`,
    ...table(
      [
        ['  ID', 'MADE', 'BY', 'SIZE', 'PAUSE', 'OPENCLAW', 'VERIFIED', ...(hasOffsite ? ['OFFSITE'] : [])],
        ...all
          .map((each) => [...row(each, view, at), ...(hasOffsite ? [offsiteOf(each, view, at)] : [])])
          .reverse(),
      ],
      view,
    ),
    ...(newest?.verified ? [] : [`Read the newest to its end: clincher run verify-backup -s ${server}`]),
  ];
}

function row({ id, bytes: size, manifest, verified }: Backup, view: View, at: number): string[] {
  if (manifest === undefined || size === undefined)
    return [`  ${safe(id)}`, '', '', '', '', '', paint(view, 'red', 'not whole: no backup')];
  const { made, key, pauseMs, images } = manifest;
  const image = images.find(({ service }) => service === 'openclaw')?.image ?? '';
  return [
    `  ${safe(id)}`,
    ago(made, at),
    key.startsWith('timer-') ? 'timer' : 'run',
    bytes(size),
    duration(pauseMs),
    safe(/:([^:@/]+)(?:@|$)/.exec(image)?.[1] ?? '?'),
    verified ? ago(verified.at, at) : 'never',
  ];
}

/** When the copy was last read back. */
function offsiteOf({ offsite }: Backup, view: View, at: number): string {
  if (offsite === undefined) return paint(view, 'yellow', 'no');
  return offsite.differed === undefined
    ? ago(offsite.at, at)
    : paint(view, 'red', `${ago(offsite.at, at)}, sent anew`);
}
