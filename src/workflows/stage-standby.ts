// stage-standby: a server that could take its primary's place within minutes: hardened, images and files there, nothing running, copies arriving.
import type { RunInput, RunState } from '../model.js';
import { acts } from './activities.js';
import { notProved } from './not-proved.js';
import { hardenedHost } from './provision.js';
import { secretQuestion } from './questions.js';
import { Run } from './run.js';
import { taskInput } from './task-input.js';

export const stageStandby = (input: RunInput): Promise<RunState> => {
  const run = new Run(input, 'stage-standby');
  return run.tell(async () => {
    await run.ready();
    // A server whose place was taken has a state, which must not start again when Docker does.
    await run.task(
      'stage',
      'stage.retire',
      'What it had when it was fenced, if it was, is put aside',
      (key) => acts.retireState(taskInput(run, 'stage.retire', key)),
    );
    await hardenedHost(run);
    await run.missingSecrets(secretQuestion);
    await run.internalSecrets();
    await run.converge('stack');
    await run.converge('backup');
    await run.task(
      'copies',
      'stage.pull',
      'The newest backup is brought here, and opened with the key of the vault',
      (key) => acts.pullCopies(taskInput(run, 'stage.pull', key)),
    );
    const wrong = await run.check('kept.*');
    if (wrong.length > 0) throw notProved(run.state.server, wrong);
  });
};
