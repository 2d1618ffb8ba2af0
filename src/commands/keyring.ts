// Signing keys of package repositories: fetched, compared with a pinned fingerprint, and only then trusted (gpg(1)).
import type { Action, Fact } from '../model.js';
import { action, sh } from './shell.js';

/** Fingerprints of the primary keys in a keyring; empty when there is no such file or gpg is missing. */
export function fingerprints(path: string): Fact<string[]> {
  return {
    read: sh('[ -e "$1" ] || exit 0; gpg --batch --quiet --show-keys --with-colons "$1"', path),
    parse: ({ stdout }) => primary(stdout),
    absent: [],
  };
}

/** A `fpr` line belongs to the `pub` or `sub` line above it. */
function primary(colons: string): string[] {
  const lines = colons.split('\n').map((line) => line.split(':'));
  return lines.flatMap((fields, i) => (fields[0] === 'pub' ? [lines[i + 1]?.[9] ?? ''] : []));
}

/** A repository whose key was swapped would otherwise sign whatever its thief likes. */
export const fetch = (url: string, fingerprint: string, path: string): Action =>
  action(
    ...sh(
      `set -e; d=$(dirname -- "$3"); mkdir -p -m 755 -- "$d"; t=$(mktemp -- "$d/.clincher.XXXXXX"); trap 'rm -f -- "$t"' EXIT
curl -fsSL --retry 3 --retry-connrefused --max-time 60 -o "$t" -- "$1"
found=$(gpg --batch --quiet --show-keys --with-colons "$t" | awk -F: '$1=="pub"{p=1} $1=="fpr"&&p{print $10;p=0}')
[ "$found" = "$2" ] || { echo "the key at $1 is not the pinned one: $2 was expected, found: $(echo $found)" >&2; exit 1; }
chmod 644 "$t"; mv -f -- "$t" "$3"`,
      url,
      fingerprint,
      path,
    ),
  );
