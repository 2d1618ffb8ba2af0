// restore-drill: the newest backup is restored beside the running stack, booted without a network, and asked what it knows.
import type { RunState } from '../model.js';
import { acts } from './activities.js';
import { Run } from './run.js';
import { addProof } from './state.js';
import { taskInput } from './task-input.js';
import type { BackupChoice } from './verify-backup.js';

export async function restoreDrill({ backup: id, ...input }: BackupChoice): Promise<RunState> {
  const run = new Run(input, 'restore-drill');
  return run.tell(() =>
    run.task('archive', 'backup.drill', 'A backup is restored beside the running stack', async (key) => {
      const asked = { ...taskInput(run, 'backup.drill', key), id };
      const done = await acts.drillBackup.executeWithOptions({ summary: 'restore drill' }, [asked]);
      const proof = { checks: done.checks, outside: '', remoteMs: 0, remote: done.remote, roundTrips: 0 };
      run.state.proof = proof;
      addProof(run.state, proof);
      return done;
    }),
  );
}
