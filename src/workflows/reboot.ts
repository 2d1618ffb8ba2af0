// reboot: where something asks for it, drained, and proved afterwards; the host counts as back in another boot alone.
import { CancellationScope } from '@temporalio/workflow';
import type { CheckResult, RunInput, RunState } from '../model.js';
import { acts, reads } from './activities.js';
import { runsServices } from './catalog.js';
import { Run } from './run.js';
import { addNote, forgive } from './state.js';
import { taskInput } from './task-input.js';

export interface RebootChoice extends RunInput {
  /** Also where nothing asks for it. */
  anyway?: boolean | undefined;
}

/** Servers of their own metal take minutes to count their memory. */
const BACK_WITHIN_MS = 15 * 60_000;

export const reboot = ({ anyway = false, ...input }: RebootChoice): Promise<RunState> => {
  const run = new Run(input, 'reboot');
  return run.tell(async () => {
    const { boot, reasons, remote } = await run.attempt('boot', 'What runs', () =>
      reads.seeBoot({ server: run.server }),
    );
    run.waited(remote);
    const why = reasons.join('; ') || 'nothing asks for it';
    addNote(
      run.state,
      'why',
      reasons.length > 0 || anyway ? `rebooted because: ${why}` : `no reboot: ${why}`,
    );
    if (reasons.length === 0 && !anyway) return;
    await run.ready();
    // What does not hold already is not the reboot's doing.
    const known = await run.accepted(() => run.check('verify.*'));
    await new Reboot(run, boot.bootId).done();
    await run.accepted(() => heldStill(run, known), { id: 'after', title: 'Proof after the reboot' });
    forgive(run.state, known);
  });
};

const heldStill = async (run: Run, known: readonly string[]): Promise<CheckResult[]> =>
  (await run.check('verify.*')).filter(({ id }) => !known.includes(id));

class Reboot {
  /** When the first container was told to stop, by the host's clock. */
  private fromMs: number | undefined;

  constructor(
    private readonly run: Run,
    private readonly bootId: string,
  ) {}

  async done(): Promise<void> {
    try {
      await this.drained();
      await this.rebooted();
    } catch (error) {
      await CancellationScope.nonCancellable(() => this.run.putBack(() => this.putUp())).catch(() => {});
      throw error;
    }
    await this.up();
  }

  /** As far as the host can be reached: nobody is waited for. */
  private putUp(): Promise<void> {
    return this.run.unattended(async () => {
      await reads.seeBoot({ server: this.run.server });
      await this.up();
    });
  }

  private drained(): Promise<void> {
    return this.task('reboot.drain', 'Everything stops, each in its own time', async (asked) => {
      const done = await acts.drainHost(asked);
      this.fromMs = done.fromMs;
      return done;
    });
  }

  private rebooted(): Promise<void> {
    return this.task('reboot.host', 'The host goes, and is back in another boot', (asked) =>
      acts.rebootHost({ ...asked, untilMs: Date.now() + BACK_WITHIN_MS }),
    );
  }

  /** Docker has started what it was told to; what is missing all the same is started now. */
  private async up(): Promise<void> {
    const { run } = this;
    if (runsServices(run.server)) for (const list of ['services', 'proxy']) await run.converge(list);
    await this.task('reboot.settle', 'What a person stops stays stopped again', (asked) =>
      acts.settleReboot({ ...asked, fromMs: this.fromMs }),
    );
  }

  private task(
    id: string,
    title: string,
    work: (asked: ReturnType<typeof taskInput> & { bootId: string }) => ReturnType<typeof acts.rebootHost>,
  ): Promise<void> {
    const asked = (key: string) => work({ ...taskInput(this.run, id, key), bootId: this.bootId });
    return this.run.task('reboot', id, title, asked, { asks: true });
  }
}
