// Which backup a server goes on from: the newest that is whole and agreed to; what cannot be used is told, and the one before asked for.
import { ApplicationFailure } from '@temporalio/workflow';
import { acts, reads, slowReads } from './activities.js';
import type { Run } from './run.js';
import { addNote, passOver, runError } from './state.js';
import { taskInput } from './task-input.js';

/** `before`: why younger ones cannot be used. */
export type Agreement = (id: string, before: readonly string[]) => Promise<boolean>;

/** The newest first; one that cannot be used is told, and the one before it is asked for. */
export async function restored(run: Run, wanted: string | undefined, isAgreed: Agreement): Promise<string> {
  const before: string[] = [];
  for (const id of await candidates(run, wanted)) {
    if (!(await isAgreed(id, before)))
      throw run.refusal('DECLINED', 'nobody wanted to recover from any of the backups; nothing was restored');
    try {
      await fromBackup(run, id);
      return id;
    } catch (error) {
      const { code, message } = runError(error);
      if (code !== 'BACKUP_INVALID') throw error;
      passOver(run.state, (step) => step.endsWith(`-${id}`));
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

/** Newest first: those of the far end, and those that are here already, as on a standby. */
export async function known({ server }: Run): Promise<string[]> {
  const { backups, offsite } = server.backup.offsite
    ? await slowReads.listCopies({ server })
    : { ...(await reads.listBackups({ server })), offsite: undefined };
  const whole = [
    ...backups.flatMap(({ id, manifest }) => (manifest ? [id] : [])),
    ...(offsite?.copies ?? []).flatMap(({ id, isWhole }) => (isWhole ? [id] : [])),
  ];
  return [...new Set(whole)].sort().reverse();
}

export async function candidates(run: Run, wanted: string | undefined): Promise<string[]> {
  const ids = await run.attempt('backups', 'Which backups there are', () => known(run));
  return wanted === undefined ? ids : ids.filter((id) => id === wanted);
}

/** 20261128T030000Z */
export const madeAt = (id: string): number =>
  Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

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
