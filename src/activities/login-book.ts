// When this machine last logged in where: `ufw limit` counts all of its programs together, so they write it down for each other.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LoginBook {
  /** Times of logins at this address, milliseconds since 1970, the oldest first. */
  read(address: string): number[];
  write(address: string, times: readonly number[]): void;
}

/** Of one process alone. */
export function memoryBook(): LoginBook {
  const times = new Map<string, number[]>();
  return {
    read: (address) => times.get(address) ?? [],
    write: (address, all) => void times.set(address, [...all]),
  };
}

/** A book that cannot be kept is no reason not to log in: at worst the firewall asks for half a minute of patience. */
export function fileBook(folder: string): LoginBook {
  const path = (address: string): string => join(folder, address.replace(/[^\w.-]/g, '_'));
  return {
    read: (address) => {
      try {
        return readFileSync(path(address), 'utf8').split('\n').filter(Boolean).map(Number);
      } catch {
        return [];
      }
    },
    write: (address, all) => {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(path(address), `${all.join('\n')}\n`, { mode: 0o600 });
      } catch {}
    },
  };
}
