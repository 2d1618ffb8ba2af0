// Which backup a server goes on from: the newest that is whole and agreed to; what cannot be used is told, and the one before asked for.
import { ApplicationFailure } from '@temporalio/workflow';
import type { BackupsResult } from '../activities/api.js';
import type { OffsiteSeen } from '../model.js';
import { acts, reads, slowReads } from './activities.js';
import type { Run } from './run.js';
import { addNote, passOver, runError } from './state.js';
import { taskInput } from './task-input.js';

/** `before`: why younger ones cannot be used. */
export type Agreement = (id: string, before: readonly string[]) => Promise<boolean>;

/** The newest of `among` first; one that cannot be used is told, and the one before it is asked for. */
export async function restored(run: Run, among: readonly Known[], isAgreed: Agreement): Promise<string> {
  const before: string[] = [];
  for (const each of among) {
    const { id } = each;
    if (!(await isAgreed(id, before)))
      throw run.refusal('DECLINED', 'nobody wanted to recover from any of the backups; nothing was restored');
    try {
      await fromBackup(run, each);
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

export interface Known {
  id: string;
  /** On the server already, as on a standby: nothing has to be fetched. */
  isHere: boolean;
}

/** Newest first: those of the far end, and those that are here already. */
export async function known(run: Run): Promise<Known[]> {
  const { backups, offsite } = run.server.backup.offsite ? await everywhere(run) : await here(run);
  const ours = new Set(backups.flatMap(({ id, manifest }) => (manifest ? [id] : [])));
  const theirs = (offsite?.copies ?? []).flatMap(({ id, isWhole }) => (isWhole ? [id] : []));
  const all = [...new Set([...ours, ...theirs])].sort().reverse();
  return all.map((id) => ({ id, isHere: ours.has(id) }));
}

type Found = BackupsResult & { offsite?: OffsiteSeen };

const here = ({ server }: Run): Promise<Found> => reads.listBackups({ server });

/** rclone has tried again by itself, for a minute. */
const AT_ONCE = { retry: { maximumAttempts: 4, nonRetryableErrorTypes: ['OFFSITE_UNREACHABLE'] } };

/** A far end that does not answer keeps nobody from what is here: a standby has the newest that it saw. */
async function everywhere(run: Run): Promise<Found> {
  try {
    return await slowReads.listCopies.executeWithOptions(AT_ONCE, [{ server: run.server }]);
  } catch (error) {
    const { code, message } = runError(error);
    if (code !== 'OFFSITE_UNREACHABLE') throw error;
    const found = await here(run);
    if (!found.backups.some(({ manifest }) => manifest)) throw error;
    addNote(run.state, 'far-end', `${message}: only what is here is known`);
    return found;
  }
}

export async function candidates(run: Run, wanted: string | undefined): Promise<Known[]> {
  const all = await run.attempt('backups', 'Which backups there are', () => known(run));
  return wanted === undefined ? all : all.filter(({ id }) => id === wanted);
}

/** 20261128T030000Z */
export const madeAt = (id: string): number =>
  Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

async function fromBackup(run: Run, { id, isHere }: Known): Promise<void> {
  if (!isHere)
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
