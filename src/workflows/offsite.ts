// Copies of backups elsewhere, as part of the runs that make or read one: what fails there ends badly, and spoils nothing.
import { acts } from './activities.js';
import type { Run } from './run.js';
import { addProof } from './state.js';
import { taskInput } from './task-input.js';

/** Nothing where no far end is configured, as in every run of before. */
export async function copyOffsite(run: Run, { all = false } = {}): Promise<void> {
  if (run.server.backup.offsite === undefined) return;
  await run.task('elsewhere', 'backup.copy', 'Backups are copied elsewhere', async (key) => {
    const asked = { ...taskInput(run, 'backup.copy', key), all };
    const done = await acts.copyOffsite.executeWithOptions({ summary: 'copies elsewhere' }, [asked]);
    const proof = { checks: done.checks, outside: '', remoteMs: 0, remote: done.remote, roundTrips: 0 };
    run.state.proof = proof;
    addProof(run.state, proof);
    const told = new Map(done.backups.map((each) => [each.id, each]));
    run.state.backups = run.state.backups?.map((each) => told.get(each.id) ?? each);
    return done;
  });
}
