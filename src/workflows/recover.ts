// recover: a server that is lost, made anew on a bare one from its configuration, the vault and a backup; proved as a first one is.
import { ApplicationFailure } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { acts, reads, slowReads } from './activities.js';
import { span } from './alert-notice.js';
import { TAILSCALE } from './by-hand.js';
import { stack } from './provision.js';
import { Run } from './run.js';
import { addNote, recount, runError } from './state.js';
import { taskInput } from './task-input.js';
import type { BackupChoice } from './verify-backup.js';

export const recover = ({ backup, ...input }: BackupChoice): Promise<RunState> => {
  // Files of the old server's are there before clincher has written any of them: they give way to the configuration.
  const asked: RunInput = { ...input, replaceEdited: true };
  const run = new Run(asked, 'recover');
  return run.tell(async () => {
    const began = Date.now();
    for (const checklist of ['base', 'harden.host']) await run.converge(checklist);
    if (run.server.tailscale.enabled) {
      await run.manual('tailscale-up', TAILSCALE);
      await run.converge('harden.tailnet');
    }
    // Without the timer: a server without a state must not make a backup of nothing, which would be the newest.
    await run.converge('backup', 'backup.tools,backup.program,backup.offsite');
    const id = await restored(run, backup);
    await stack(run);
    addNote(run.state, 'recovered', told(run, id, began));
  });
};

/** As far as this run was asked; what stays a person's is said. */
const told = ({ server, state }: Run, id: string, began: number): string =>
  `recovered from ${id} in ${span(Date.now() - began)}, questions included; next: clincher run soak -s ${server.name}, clincher schedule sync -s ${server.name}, and watch run ${state.run} for devices that want to be paired`;

/** The newest first; one that cannot be used is told, and the one before it is asked for. */
async function restored(run: Run, wanted: string | undefined): Promise<string> {
  const before: string[] = [];
  for (const id of await candidates(run, wanted)) {
    if (!(await isAgreed(run, id, before)))
      throw run.refusal('DECLINED', 'nobody wanted to recover from any of the backups; nothing was restored');
    try {
      await fromBackup(run, id);
      return id;
    } catch (error) {
      const { code, message } = runError(error);
      if (code !== 'BACKUP_INVALID') throw error;
      passOver(run, id);
      before.push(`${id} cannot be used: ${message}`);
      addNote(run.state, `not-${id}`, `${id} cannot be used: ${message}`);
    }
  }
  throw ApplicationFailure.create({
    type: 'BACKUP_NOT_FOUND',
    message: before.at(-1) ?? 'there is no whole backup, here or at the far end',
    details: [{ evidence: before, remedy: [`clincher backups ls -s ${run.server.name} --offsite`] }],
    nonRetryable: true,
  });
}

/** Another one takes its place: what failed is told, and does not make the run a failed one. */
function passOver({ state }: Run, id: string): void {
  const steps = state.groups.flatMap((group) => group.steps);
  for (const step of steps)
    if (step.id.endsWith(`-${id}`) && step.status === 'failed') step.status = 'skipped';
  recount(state);
}

/** Newest first: those of the far end, and those that are here already, as on a standby. */
async function candidates(run: Run, wanted: string | undefined): Promise<string[]> {
  const ids = await run.attempt('backups', 'Which backups there are', async () => {
    const { server } = run;
    const { backups, offsite } = server.backup.offsite
      ? await slowReads.listCopies({ server })
      : { ...(await reads.listBackups({ server })), offsite: undefined };
    const whole = [
      ...backups.flatMap(({ id, manifest }) => (manifest ? [id] : [])),
      ...(offsite?.copies ?? []).flatMap(({ id, isWhole }) => (isWhole ? [id] : [])),
    ];
    return [...new Set(whole)].sort().reverse();
  });
  return wanted === undefined ? ids : ids.filter((id) => id === wanted);
}

/** 20261128T030000Z */
const madeAt = (id: string): number =>
  Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

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

async function fromBackup(run: Run, id: string): Promise<void> {
  await run.task('recover', `recover.fetch-${id}`, `Backup ${id} is brought here`, (key) =>
    acts.fetchBackup({ ...taskInput(run, `recover.fetch-${id}`, key), id }),
  );
  await run.task(
    'recover',
    `recover.state-${id}`,
    `Backup ${id} is read to its end and takes its place`,
    (key) => acts.recoverState({ ...taskInput(run, `recover.state-${id}`, key), id }),
  );
}
