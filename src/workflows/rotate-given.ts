// rotate-key of what others have made: a person gives the new value; it is taken up and proved, or the old one is put back.
import { CancellationScope } from '@temporalio/workflow';
import type { GivenSecret, RunState } from '../model.js';
import { local, spends } from './activities.js';
import { newSecretQuestion, whereItEnds } from './questions.js';
import type { Proved, Run } from './run.js';
import { addNote } from './state.js';

export const rotateGiven = (run: Run, given: GivenSecret): Promise<RunState> =>
  run.tell(async () => {
    const rotation = new Rotation(run, given);
    // What differs already is put right first: what fails then is not the rotation's doing.
    await rotation.prepare();
    await rotation.ask();
    await local.takeNew(rotation.input);
    try {
      await rotation.takeUp();
      await rotation.prove('rotation.prove', 'The new one is in use, and is good', true);
    } catch (error) {
      await CancellationScope.nonCancellable(() => rotation.undo());
      throw error;
    }
    await CancellationScope.nonCancellable(() => local.endGiven({ ...rotation.input, keep: 'new' }));
    addNote(run.state, 'revoke', whereItEnds(given.ref));
  });

class Rotation {
  private proved: Proved | undefined;

  constructor(
    private readonly run: Run,
    private readonly given: GivenSecret,
  ) {}

  get input() {
    return { server: this.run.server, ref: this.given.ref };
  }

  /** What is reached from outside is started only after a proof, here as everywhere. */
  async prepare(): Promise<void> {
    await this.takeUp();
    if (!this.given.isExposing) return;
    this.proved = await this.run.prove();
    await this.takeUp();
  }

  async ask(): Promise<void> {
    const next = `${this.given.ref}_next`;
    const { isThere } = await local.findNew(this.input);
    if (isThere) return addNote(this.run.state, 'given', `${next} was in the vault, and is taken`);
    await this.run.newSecret(next, newSecretQuestion(this.given.ref));
  }

  /** Files with the value in them, then whoever reads it at its start is made anew: a restart would not read .env again. */
  async takeUp(): Promise<void> {
    for (const checklist of ['stack', 'services']) await this.run.converge(checklist);
    if (this.proved !== undefined) await this.run.expose(this.proved);
  }

  prove(id: string, title: string, isAsked: boolean): Promise<void> {
    return this.run.task('rotation', id, title, async () =>
      spends.proveGiven.executeWithOptions({ summary: title }, [{ ...this.input, isAsked }]),
    );
  }

  /**
   * The vault first: whatever comes of the rest, a later run knows what to make of the server. The old one is not asked
   * with: it may have ended when the new one was made, and it is what there is.
   */
  async undo(): Promise<void> {
    await local.endGiven({ ...this.input, keep: 'old' });
    await this.run.putBack(() => this.takeUp());
    await this.prove('rotation.back', 'The old one is in use again', false);
  }
}
