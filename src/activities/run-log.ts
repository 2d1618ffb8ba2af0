// What each step's commands said, one file a step and attempt, in the state folder: logs never go through a history.
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunLog } from './deps.js';

/** `<state>/runs/<run>/<step>.log`, for their owner alone. */
export function fileRunLog(stateFolder: string): RunLog {
  return {
    async append(run, step, text) {
      const folder = join(stateFolder, 'runs', run);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await appendFile(join(folder, `${step}.log`), text, { mode: 0o600 });
    },
  };
}
