// Kernel parameters, as /proc/sys shows them (proc(5), sysctl(8)).
import type { Command, Fact } from '../model.js';
import { sh } from './shell.js';

/** `net.ipv4.conf.eth0.rp_filter`; where a part has a dot of its own, slashes divide: `net/ipv4/conf/eth0.5/rp_filter`. */
const pathOf = (key: string): string => `/proc/sys/${key.includes('/') ? key : key.replaceAll('.', '/')}`;

const keyOf = (path: string): string => {
  const key = path.replace('/proc/sys/', '');
  return key.includes('.') ? key : key.replaceAll('/', '.');
};

/** Live values by key, in one process; a key that this kernel does not have is absent. `*` in a key stands for any. */
export function values(keys: readonly string[]): Fact<Map<string, string>> {
  return {
    read: sh('grep -sH "" -- $*; true', ...keys.map(pathOf)),
    parse: ({ stdout }) => new Map(stdout.split('\n').filter(Boolean).map(parseLine)),
  };
}

function parseLine(line: string): [string, string] {
  const at = line.indexOf(':');
  const value = line.slice(at + 1).replace(/\s+/g, ' ');
  return [keyOf(line.slice(0, at)), value.trim()];
}

/** Straight into /proc/sys: sysctl(8) is a package that a bare host may not have yet. */
export const set = (key: string, value: string): Command =>
  sh('printf "%s\\n" "$2" >"$1"', pathOf(key), value);
