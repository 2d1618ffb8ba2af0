// verify-backup: the newest backup is read to its end with the key from the vault, and copies elsewhere are read back. What was never read is a hope.
import type { RunInput, RunState } from '../model.js';
import { acts } from './activities.js';
import { copyOffsite } from './offsite.js';
import { Run } from './run.js';
import { taskInput } from './task-input.js';

export interface BackupChoice extends RunInput {
  /** Absent: the newest. */
  backup?: string | undefined;
}

export async function verifyBackup({ backup: id, ...input }: BackupChoice): Promise<RunState> {
  const run = new Run(input, 'verify-backup');
  return run.tell(async () => {
    await run.task('archive', 'backup.check', 'A backup is read to its end', async (key) => {
      const asked = { ...taskInput(run, 'backup.check', key), id };
      const done = await acts.checkBackup.executeWithOptions({ summary: 'verify a backup' }, [asked]);
      run.state.backups = [done.backup];
      return done;
    });
    await copyOffsite(run, { all: true });
  });
}
