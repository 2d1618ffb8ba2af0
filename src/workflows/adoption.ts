// adoption: a server goes on under this control plane; the one that had it is refused from now on, should it return.
import type { RunInput, RunState } from '../model.js';
import { acts, reads } from './activities.js';
import { Run } from './run.js';
import { addNote } from './state.js';
import { taskInput } from './task-input.js';

export async function adoption(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'adoption');
  return run.tell(async () => {
    const { owner, isOurs, remote } = await run.attempt('owner', 'Whose it is', () =>
      reads.seeOwner({ server: run.server }),
    );
    run.waited(remote);
    if (isOurs) return addNote(run.state, 'owner', 'it is this control plane’s already');
    await run.task('adopt', 'adopt.server', 'The server is this control plane’s', (key) =>
      acts.adopt.executeWithOptions({ summary: 'adopt' }, [
        { ...taskInput(run, 'adopt.server', key), seen: owner },
      ]),
    );
  });
}
