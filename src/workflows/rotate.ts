// rotate-token, rotate-key: a new value beside the old one, taken up, proved; then one of the two goes, whichever is not in use.
import { CancellationScope } from '@temporalio/workflow';
import type { GivenSecret, RunInput, RunState } from '../model.js';
import { local, reads } from './activities.js';
import { rotateGiven } from './rotate-given.js';
import { Run } from './run.js';
import { taskInput } from './task-input.js';

export interface RotationChoice extends RunInput {
  /** Of rotate-key: one that clincher itself makes. */
  secret?: 'litellm_master_key' | 'redis_password' | undefined;
  /** Or one that others have made. */
  given?: GivenSecret | undefined;
}

type Name = 'gateway_token' | NonNullable<RotationChoice['secret']>;

export const rotateToken = (input: RunInput): Promise<RunState> =>
  rotation(new Run(input, 'rotate-token'), 'gateway_token');

export function rotateKey({ secret, given, ...input }: RotationChoice): Promise<RunState> {
  const run = new Run(input, 'rotate-key');
  return given === undefined ? rotation(run, secret ?? 'litellm_master_key') : rotateGiven(run, given);
}

const rotation = (run: Run, name: Name): Promise<RunState> =>
  run.tell(async () => {
    // What differs already is put right first: what fails then is not the rotation's doing.
    await takeUp(run);
    await local.beginRotation({ server: run.server, name });
    try {
      await takeUp(run);
      await prove(run, name);
    } catch (error) {
      await CancellationScope.nonCancellable(() => undo(run, name));
      throw error;
    }
    await CancellationScope.nonCancellable(() =>
      local.endRotation({ server: run.server, name, keep: 'new' }),
    );
  });

/** Files with the value in them, then whoever reads it at its start is made anew: a restart would not read .env again. */
async function takeUp(run: Run): Promise<void> {
  for (const checklist of ['stack', 'services']) await run.converge(checklist);
}

const prove = (run: Run, name: Name): Promise<void> =>
  run.task('rotation', 'rotation.prove', 'The new one is taken, the old one refused', async (key) =>
    reads.proveRotation.executeWithOptions({ summary: `prove the new ${name}` }, [
      { ...taskInput(run, 'rotation.prove', key), name },
    ]),
  );

/** The vault first: whatever comes of the rest, a later run knows what to make of the server. */
async function undo(run: Run, name: Name): Promise<void> {
  await local.endRotation({ server: run.server, name, keep: 'old' });
  await run.putBack(() => takeUp(run));
}
