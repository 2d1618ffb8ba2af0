// backup: the server's state as it is now, encrypted, beside the others that it keeps.
import type { RunInput, RunState } from '../model.js';
import { acts } from './activities.js';
import { copyOffsite } from './offsite.js';
import { Run } from './run.js';
import { taskInput } from './task-input.js';

export async function backup(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'backup');
  return run.tell(async () => {
    await run.internalSecrets();
    await run.converge('backup');
    await backUp(run);
    await copyOffsite(run);
  });
}

/** For every runbook that needs a way back. */
export async function backUp(run: Run): Promise<void> {
  await run.task('archive', 'backup.make', 'Everything that a new server would need', async (key) => {
    const done = await acts.makeBackup.executeWithOptions({ summary: 'backup' }, [
      taskInput(run, 'backup.make', key),
    ]);
    run.state.backups = [done.backup];
    return done;
  });
}
