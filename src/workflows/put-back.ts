// A failover that does not come to its end: what was begun on the standby is stopped, and the old server goes on.
import { CancellationScope } from '@temporalio/workflow';
import type { Server } from '../model.js';
import { acts, reads } from './activities.js';
import { forgetReturn, onOld } from './fencing.js';
import type { Run } from './run.js';
import { addNote, runError } from './state.js';

/** First the new one is stopped, for certain: until then the old one stays as it is. */
export const putBack = (run: Run, old: Server, cause: unknown, isTouched: boolean): Promise<void> =>
  CancellationScope.nonCancellable(() =>
    run.putBack(async () => {
      addNote(run.state, 'put-back', `${runError(cause).message}: the old server goes on`);
      if (isTouched) await stopped(run, old);
      await forgetReturn(old);
      await goesOn(run, old);
      run.state.moved = 'back';
    }),
  );

const stopped = (run: Run, old: Server): Promise<void> =>
  run.task('put back', 'back.stop', 'What was begun on the standby is stopped', (key) =>
    acts.fenceHost({ ...onOld(run, run.server, 'back.stop', key), to: old.address }),
  );

async function goesOn(run: Run, old: Server): Promise<void> {
  if (await reads.canReach({ server: old }))
    return run.task('put back', 'back.go', 'The old server goes on', (key) =>
      acts.unfenceHost(onOld(run, old, 'back.go', key)),
    );
  addNote(run.state, 'not-back', `${old.name} at ${old.address} cannot be reached: it is as it was`);
}
