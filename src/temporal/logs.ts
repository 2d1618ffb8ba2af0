// Logs of the control plane: one file a process, one older copy, never larger than a cap.
import { copyFileSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { inState, makeFolder } from './paths.js';

export const LOG_NAMES = ['supervisor', 'server', 'ui', 'worker'] as const;
export type LogName = (typeof LOG_NAMES)[number];

export const logFile = (name: LogName) => inState('logs', `${name}.log`);

/** A descriptor to append to; whoever opened it closes it. */
export function openLog(name: LogName): number {
  makeFolder(inState('logs'));
  return openSync(logFile(name), 'a', 0o600);
}

const CAP_BYTES = 10 * 1024 * 1024;

/** Copy and cut: the writers hold their files open for appending, so a rename would not reach them. */
export function rotate(path: string, capBytes = CAP_BYTES): boolean {
  if (sizeOf(path) <= capBytes) return false;
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
  return true;
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

export function tail(name: LogName, lines: number): string[] {
  try {
    return readFileSync(logFile(name), 'utf8').trimEnd().split('\n').slice(-lines);
  } catch {
    return [];
  }
}
