// Where the stack of an error that should not be is kept, so that the terminal need not show it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateDir } from '../temporal/paths.js';

/** The path; nothing when it cannot be written, which must not hide the error itself. */
export function keepStack(env: NodeJS.ProcessEnv, stack: string): string | undefined {
  try {
    const folder = join(stateDir(env), 'debug');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}.log`);
    writeFileSync(path, `${stack}\n`, { mode: 0o600 });
    return path;
  } catch {
    return undefined;
  }
}
