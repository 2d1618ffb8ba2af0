// How full a host is: file systems, memory, swap. One reading each, from the kernel.
import type { Fact } from '../model.js';
import { sh } from './shell.js';

export interface FileSystem {
  mount: string;
  /** As df(1) counts: of what those may use who are not root. */
  usedPercent: number;
  freeBytes: number;
  /** Undefined: it makes inodes as they are needed (btrfs). */
  inodesPercent?: number | undefined;
}

/** Those that the stack, Docker and the system write to, each once. */
export const fileSystems = (directory: string): Fact<FileSystem[]> => ({
  read: sh(
    'for p in / /var /var/lib/docker "$1"; do [ -d "$p" ] && df -B1 --output=used,avail,itotal,iused,target -- "$p" | tail -n 1; done | sort -u',
    directory,
  ),
  parse({ stdout }) {
    const found = stdout.split('\n').filter(Boolean).map(fileSystem);
    if (found.length === 0) throw new Error('df names no file system');
    return found;
  },
});

function fileSystem(line: string): FileSystem {
  const [used = '', free = '', inodes = '', inodesUsed = '', ...mount] = line.trim().split(/\s+/);
  const [taken, left] = [Number(used), Number(free)];
  if (!(taken + left > 0)) throw new Error(`df says "${line.trim()}"`);
  return {
    mount: mount.join(' '),
    usedPercent: (100 * taken) / (taken + left),
    freeBytes: left,
    ...(Number(inodes) > 0 ? { inodesPercent: (100 * Number(inodesUsed)) / Number(inodes) } : {}),
  };
}

export interface MemoryNow {
  totalBytes: number;
  usedPercent: number;
  /** Undefined: there is no swap. */
  swapPercent?: number | undefined;
}

/** What is available counts the page cache as free (proc(5)); `free`'s "used" does not, and differs by version. */
export const memoryNow: Fact<MemoryNow> = {
  read: ['cat', '/proc/meminfo'],
  parse({ stdout }) {
    const bytes = (name: string): number => {
      const found = new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(stdout)?.[1];
      if (found === undefined) throw new Error(`/proc/meminfo has no ${name}`);
      return Number(found) * 1024;
    };
    const [total, swap] = [bytes('MemTotal'), bytes('SwapTotal')];
    return {
      totalBytes: total,
      usedPercent: 100 * (1 - bytes('MemAvailable') / total),
      ...(swap > 0 ? { swapPercent: 100 * (1 - bytes('SwapFree') / swap) } : {}),
    };
  },
};
