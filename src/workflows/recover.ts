// recover: a server that is lost, made anew on a bare one from its configuration, the vault and a backup; proved as a first one is.
import type { RunInput, RunState } from '../model.js';
import { span } from './alert-notice.js';
import { hardenedHost, stack } from './provision.js';
import { candidates, madeAt, restored } from './restoring.js';
import { Run } from './run.js';
import { addNote } from './state.js';
import type { BackupChoice } from './verify-backup.js';

export const recover = ({ backup, ...input }: BackupChoice): Promise<RunState> => {
  // Files of the old server's are there before clincher has written any of them: they give way to the configuration.
  const asked: RunInput = { ...input, replaceEdited: true };
  const run = new Run(asked, 'recover');
  return run.tell(async () => {
    const began = Date.now();
    await hardenedHost(run);
    // Without the timer: a server without a state must not make a backup of nothing, which would be the newest.
    await run.converge('backup', 'backup.tools,backup.program,backup.offsite');
    const id = await restored(run, await candidates(run, backup), (id, before) => isAgreed(run, id, before));
    await stack(run);
    addNote(run.state, 'recovered', told(run, id, began));
  });
};

/** As far as this run was asked; what stays a person's is said. */
const told = ({ server, state }: Run, id: string, began: number): string =>
  `recovered from ${id} in ${span(Date.now() - began)}, questions included; next: clincher run soak -s ${server.name}, clincher schedule sync -s ${server.name}, and watch run ${state.run} for devices that want to be paired`;

const isAgreed = (run: Run, id: string, before: readonly string[]): Promise<boolean> =>
  run.confirm({
    id: `recover-${id.toLowerCase()}`,
    title: `Recover ${run.server.name} from the backup of ${new Date(madeAt(id)).toISOString().slice(0, 16)}Z?`,
    instructions: [
      ...before,
      `It is ${span(Date.now() - madeAt(id))} old: whatever came after it is lost`,
      'The old server has to be gone for good: powered off at its provider, or its bot’s token revoked. Two gateways that poll one bot take each other’s messages',
      `This one, ${run.server.address}, goes on in its place`,
    ],
  });
