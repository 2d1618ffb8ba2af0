// Which build this is: a command of a new build must not leave its runs to a worker of an old one.
import { statSync } from 'node:fs';
import { entryWords } from './paths.js';

/** From source it is always the same: whoever edits it restarts the worker when it suits them. */
export function buildId(): string {
  const file = entryWords('worker').at(-1) ?? '';
  if (file.endsWith('.ts')) return 'source';
  try {
    const { mtimeMs, size } = statSync(file);
    return `${Math.round(mtimeMs)}-${size}`;
  } catch {
    return 'missing';
  }
}
