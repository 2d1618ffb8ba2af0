// Files to and from a host as one archive: each arrives whole at its place, or what was there stays.
import type { Command } from '../model.js';
import { leashed } from './leash.js';
import { sh } from './shell.js';

/** A link that is named is followed; those inside are copied as links. */
const PACK = `p=$(readlink -f -- "$1") && [ -e "$p" ] || { echo "$1: there is no such file" >&2; exit 2; }
cd -- "$(dirname -- "$p")" && exec tar -cf - -- "$(basename -- "$p")"`;

export const pack = (path: string): Command => leashed('sh', '-c', PACK, 'sh', path);

/** Into a folder beside the place, so that moving it there is one act. Prints that folder. */
const UNPACK = `to=$1; case $to in ""|"~") to=$HOME ;; "~/"*) to=$HOME/\${to#"~/"} ;; esac
if [ -d "$to" ]; then to=\${to%/}/$2; fi
[ ! -d "$to" ] || { echo "$to: a folder is there already" >&2; exit 3; }
beside=$(cd -- "$(dirname -- "$to")" && pwd) || exit 2
d=$(mktemp -d -- "$beside/.clincher-cp.XXXXXX") || exit 2
tar --no-same-owner -xf - -C "$d" && [ "$(ls -A "$d")" = "$2" ] || { rm -rf -- "$d"; exit 4; }
printf '%s\\n%s\\n' "$d" "$beside/$(basename -- "$to")"`;

export const unpack = (path: string, name: string): Command => sh(UNPACK, path, name);

/** What `unpack` has printed, and the name in it. */
export const settle = (folder: string, name: string, to: string): Command =>
  sh('mv -T -- "$1/$2" "$3" && rmdir -- "$1"', folder, name, to);

export const discard = (folder: string): Command => sh('rm -rf -- "$1"', folder);
