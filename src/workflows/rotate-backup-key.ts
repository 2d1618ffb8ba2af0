// rotate-backup-key: a new key of the backups; the old one stays until every backup on the server opens with the new one.
import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { acts, local, reads } from './activities.js';
import { backUp } from './backup.js';
import { Run } from './run.js';
import { runError } from './state.js';
import { taskInput } from './task-input.js';

const NAME = 'backup_key';

export const rotateBackupKey = (input: RunInput): Promise<RunState> => {
  const run = new Run(input, 'rotate-backup-key');
  return run.tell(async () => {
    await run.internalSecrets();
    // What differs already is put right first; where an earlier rotation was cut off, this one goes on with its keys.
    await run.converge('backup');
    await local.beginRotation({ server: run.server, name: NAME });
    const rewraps = new Rewraps(run);
    const wrong = await rewraps.all().catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return [runError(error).message];
    });
    if (wrong.length > 0) throw rewraps.kept(wrong);
    await CancellationScope.nonCancellable(() =>
      local.endRotation({ server: run.server, name: NAME, keep: 'new' }),
    );
  });
};

/** Nothing is undone: whatever fails, both keys stay, and the next run goes on with what is left. */
class Rewraps {
  /** Of those that open with the new key, by their ids. */
  private readonly done = new Set<string>();
  private readonly failed = new Map<string, string>();

  constructor(private readonly run: Run) {}

  /** What went wrong, for each that does not open with the new key. */
  async all(): Promise<string[]> {
    await this.run.converge('backup');
    await backUp(this.run);
    await this.checked(this.run.state.backups?.[0]?.id ?? '');
    for (let left = await this.left(); left.length > 0; left = await this.left())
      for (const id of left) await this.one(id);
    return this.stillFailed();
  }

  /** The first proof: what is made from now on opens with the new key. */
  private checked(id: string): Promise<void> {
    return this.run.task('archive', 'backup.check', 'It opens with the new key, to its end', async (key) => {
      const input = { ...taskInput(this.run, 'backup.check', key), id, newKeyOnly: true };
      const done = await acts.checkBackup.executeWithOptions({ summary: 'verify a backup' }, [input]);
      this.done.add(id);
      return done;
    });
  }

  /** One that is damaged is no reason to leave the others. */
  private async one(id: string): Promise<void> {
    try {
      await this.run.task(
        'rewrap',
        `backup.rewrap.${id}`,
        `Backup ${id} opens with the new key`,
        async (key) =>
          acts.rewrapBackup.executeWithOptions({ summary: `rewrap ${id}` }, [
            { ...taskInput(this.run, 'backup.rewrap', key), id },
          ]),
      );
      this.done.add(id);
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.failed.set(id, runError(error).message);
    }
  }

  /** Asked again until none is new: the server makes backups by itself. */
  private async left(): Promise<string[]> {
    return (await this.ids()).filter((id) => !this.done.has(id) && !this.failed.has(id));
  }

  private async ids(): Promise<string[]> {
    const { backups, remote } = await reads.listBackups({ server: this.run.server });
    this.run.waited(remote);
    this.run.state.backups = backups;
    return backups.map(({ id }) => id);
  }

  /** One that grew too old meanwhile was removed, and needs no key. */
  private async stillFailed(): Promise<string[]> {
    const ids = await this.ids();
    return [...this.failed].filter(([id]) => ids.includes(id)).map(([id, why]) => `${id}: ${why}`);
  }

  kept(evidence: string[]): ApplicationFailure {
    const old = `secret://${this.run.state.server}/${NAME}_before`;
    const now = this.done.size === 0 ? 'none' : [...this.done].sort().join(', ');
    const message = `${this.run.state.server}: with the new key open ${now}; for whatever else is there, ${old} stays in the vault`;
    const remedy = [
      `clincher run rotate-backup-key -s ${this.run.state.server} (goes on where this one ended)`,
      `clincher backups ls -s ${this.run.state.server}`,
    ];
    const failure = ApplicationFailure.create({
      ...{ type: 'BACKUP_KEY_KEPT', message, nonRetryable: true, details: [{ evidence, remedy }] },
    });
    this.run.state.error = runError(failure);
    return failure;
  }
}
