// Kernel parameters, as /proc/sys shows them (proc(5), sysctl(8)).
import type { Command, Fact } from '../model.js';
import { sh } from './shell.js';

/** Live values by key; a key that this kernel does not have is absent from the map. */
export function values(keys: readonly string[]): Fact<Map<string, string>> {
  return {
    read: sh(
      'for k in "$@"; do f=/proc/sys/$(echo "$k" | tr . /); [ -r "$f" ] && echo "$k=$(cat "$f")"; done; true',
      ...keys,
    ),
    parse: ({ stdout }) => new Map(stdout.split('\n').filter(Boolean).map(parseLine)),
  };
}

function parseLine(line: string): [string, string] {
  const at = line.indexOf('=');
  return [
    line.slice(0, at),
    line
      .slice(at + 1)
      .replace(/\s+/g, ' ')
      .trim(),
  ];
}

/** Straight into /proc/sys: sysctl(8) is a package that a bare host may not have yet. */
export const set = (key: string, value: string): Command =>
  sh('printf "%s\\n" "$2" >"/proc/sys/$(echo "$1" | tr . /)"', key, value);
