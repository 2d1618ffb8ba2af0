// What a run's commands said: files of the worker in the state folder, one a step, growing while the step runs.
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface LogFile {
  step: string;
  path: string;
}

export const logFolder = (stateFolder: string, run: string): string => join(stateFolder, 'runs', run);

/** In the order in which they were begun. A step that was tried again may have several. */
export function logFiles(folder: string, step: string | undefined): LogFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => ({ step: name.replace(/(\.\d+)?\.log$/, ''), path: join(folder, name) }))
    .filter((file) => step === undefined || file.step === step)
    .toSorted((a, b) => statSync(a.path).birthtimeMs - statSync(b.path).birthtimeMs);
}

const CHUNK = 256 * 1024;

/** Reads each file from where it was left; nothing twice, nothing missed. */
export class LogReader {
  readonly #offsets = new Map<string, number>();

  /** Whole lines that are new since the last call; with `isLast` also a line that has no end yet. */
  read({ path }: LogFile, isLast: boolean): string {
    const from = this.#offsets.get(path) ?? 0;
    const size = statSync(path).size;
    if (size <= from) return '';
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(CHUNK, size - from));
      const count = readSync(file, buffer, 0, buffer.length, from);
      const end = buffer.lastIndexOf(10, count - 1) + 1;
      const taken = end > 0 ? end : isLast || count === CHUNK ? count : 0;
      this.#offsets.set(path, from + taken);
      return buffer.toString('utf8', 0, taken);
    } finally {
      closeSync(file);
    }
  }
}
