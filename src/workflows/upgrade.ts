// upgrade: one image gives way to another, tried first on a copy; whatever fails, everything is as it was, by itself.
import { ApplicationFailure, CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { SwapInput } from '../activities/api-upgrade.js';
import type { CheckResult, RunInput, RunState, Standing, Swap, UpgradeState } from '../model.js';
import { acts, reads, spends } from './activities.js';
import { backUp } from './backup.js';
import { sinceHeld } from './downtime.js';
import { notProved } from './not-proved.js';
import { partitionsOf } from './partitions.js';
import { Run } from './run.js';
import { addNote, forgive, runError } from './state.js';
import { taskInput } from './task-input.js';
import { asRunning, asTrial, startingWithin } from './views.js';

export interface UpgradeChoice extends RunInput {
  /** A key of `stack.images`. */
  image?: string | undefined;
}

/** Often at first, when most that dies does so; seldom later, or a history of a day would be too long for Temporal. */
const pauseMs = (elapsedMs: number): number => Math.min(Math.max(10_000, elapsedMs / 30), 300_000);

export const upgrade = ({ image = 'openclaw', ...input }: UpgradeChoice): Promise<RunState> => {
  const run = new Run(input, 'upgrade');
  return run.tell(async () => {
    const swap = await planned(run, image);
    if (isDone(swap)) return addNote(run.state, 'upgrade', `${image} is ${swap.to} already`);
    const upgrading = new Upgrade(run, swap);
    await upgrading.prepare();
    try {
      await run.unattended(() => upgrading.swapped());
    } catch (error) {
      await CancellationScope.nonCancellable(() => upgrading.rolledBack(error));
    }
    await CancellationScope.nonCancellable(() => upgrading.settled());
  });
};

async function planned(run: Run, image: string): Promise<Swap> {
  const { swap, remote } = await run.attempt('images', 'What runs', () =>
    reads.planSwap({ server: run.server, image }),
  );
  run.waited(remote);
  const { from, to } = swap;
  run.state.upgrade = { image: swap.image, from, to, outcome: 'begun' };
  for (const name of swap.others)
    addNote(
      run.state,
      'others',
      `${name} runs in another version than clincher.yaml names, and stays as it is`,
    );
  tellPartitions(run, to);
  return swap;
}

/** Each has a state of its own, of which no copy was tried. */
function tellPartitions(run: Run, to: string): void {
  for (const name of partitionsOf(run.server))
    addNote(
      run.state,
      'partitions',
      `${name} stays as it is: \`clincher run partition --add ${name}\` brings it to ${to}, after a backup`,
    );
}

const isDone = ({ before, after, image }: Swap): boolean => before[image]?.digest === after[image]?.digest;

class Upgrade {
  /** What did not hold before, and a person has accepted. */
  private known: string[] = [];
  private bootMs = 0;
  /** The copy's configuration or state had to be made another for the new version. */
  private migrates = false;

  constructor(
    private readonly run: Run,
    private readonly swap: Swap,
  ) {}

  private get before() {
    return asRunning(this.swap.before);
  }

  private get after() {
    return startingWithin(asRunning(this.swap.after), this.bootMs);
  }

  /** Nothing of it changes what runs, unless that differed from the configuration. */
  async prepare(): Promise<void> {
    const { run } = this;
    await run.internalSecrets();
    await run.as(this.before, async () => {
      for (const list of ['stack', 'harden.openclaw', 'services', 'proxy', 'backup'])
        await run.converge(list);
      this.known = await run.accepted(() => this.wrong());
    });
    await run.as(this.after, () => run.converge('stack', 'stack.images'), 'pull: ');
    await run.as(this.before, () => backUp(run));
    await this.tried();
  }

  /** The new version takes up a restored copy, as it will take up the real thing, and has to answer. */
  private async tried(): Promise<void> {
    const { run, swap } = this;
    const id = run.state.backups?.[0]?.id;
    const restored = async (key: string) => acts.restoreTrial({ ...taskInput(run, 'upgrade.copy', key), id });
    try {
      await run.task('trial', 'upgrade.copy', 'A copy of this server is restored beside it', restored);
      await run.unattended(() =>
        run.as(
          asTrial(this.after, swap.rehearsal),
          async () => {
            await run.converge('stack');
            this.migrates = await run.converge('harden.openclaw');
          },
          'trial: ',
        ),
      );
      await run.as(this.after, () => this.booted(id ?? ''));
    } catch (error) {
      throw isCancellation(error)
        ? error
        : this.ended(
            'begun',
            'TRIAL_FAILED',
            `${swap.image} ${swap.to} does not run on a copy of ${run.state.server}: ${runError(error).message}`,
            error,
          );
    } finally {
      await CancellationScope.nonCancellable(() => acts.endTrial({ server: run.server }));
    }
  }

  private booted(id: string): Promise<void> {
    const { run, swap } = this;
    return run.task('trial', 'upgrade.trial', `${swap.image} ${swap.to} starts on the copy`, async (key) => {
      const { service, to: version } = swap;
      const done = await acts.tryImage({ ...taskInput(run, 'upgrade.trial', key), id, service, version });
      this.bootMs = done.bootMs;
      const wrong = run.judged({ ...done, outside: '', remoteMs: 0, roundTrips: 0 });
      if (wrong.length > 0) throw notProved(run.state.server, wrong);
      return done;
    });
  }

  /** From here on it is one or the other: whatever fails, the way back is gone. */
  async swapped(): Promise<void> {
    const { run } = this;
    await run.as(this.after, async () => {
      await run.converge('stack');
      await this.held();
      // What the copy did not need is only looked at, and that can wait until somebody answers again.
      const lists = this.migrates ? ['harden.openclaw', 'services'] : ['services', 'harden.openclaw'];
      for (const list of [...lists, 'proxy']) await run.converge(list);
      const began = await this.standing();
      await this.proved();
      await this.watched(began);
    });
  }

  private held(): Promise<void> {
    const starts = !this.migrates;
    const title = `The old one stops, what it wrote is kept${starts ? ', and the new one starts' : ''}`;
    return this.task('upgrade.hold', title, (input) => acts.holdState({ ...input, starts }));
  }

  /** Those that held before have to hold now. */
  private async proved(): Promise<void> {
    const wrong = (await this.wrong()).filter(({ id }) => !this.known.includes(id));
    forgive(this.run.state, this.known);
    if (wrong.length > 0) throw notProved(this.run.state.server, wrong);
  }

  /** What the host proves, and one message to the agent, through LiteLLM. */
  private async wrong(): Promise<CheckResult[]> {
    const { run } = this;
    const wrong = await run.check('verify.*');
    return [...wrong, ...run.judged(await spends.smoke({ server: run.server, only: 'smoke.agent' }))];
  }

  private async watched(began: Standing): Promise<void> {
    const { watch_minutes: minutes } = this.run.server.upgrade;
    const from = Date.now();
    const until = from + minutes * 60_000;
    while (Date.now() < until) {
      await sleep(Math.min(pauseMs(Date.now() - from), until - Date.now()));
      mustStand(began, await this.standing(), this.swap);
    }
  }

  private async standing(): Promise<Standing> {
    const seen = await acts.standingOf(this.input('upgrade.watch'));
    this.run.waited(seen.remote);
    this.run.state.upgrade = { ...this.run.state.upgrade!, ...sinceHeld(seen.downtime) };
    return seen.standing;
  }

  async rolledBack(reason: unknown): Promise<never> {
    const { run, swap } = this;
    try {
      await run.putBack(() => this.restored());
    } catch (error) {
      throw this.ended(
        'stuck',
        'ROLLBACK_FAILED',
        `${swap.image} ${swap.to} failed on ${run.state.server}, and ${swap.from} is not back`,
        error,
      );
    }
    const why = isCancellation(reason) ? 'the run was cancelled' : runError(reason).message;
    const said = this.ended(
      'rolled-back',
      'ROLLED_BACK',
      `${swap.image} ${swap.to} was rolled back on ${run.state.server}: ${why}`,
      reason,
    );
    throw isCancellation(reason) ? reason : said;
  }

  private async restored(): Promise<void> {
    const { run } = this;
    await this.task('upgrade.restore', 'What was kept is put back', acts.restoreState, true);
    await run.as(
      this.before,
      async () => {
        for (const list of ['stack', 'harden.openclaw', 'services', 'proxy']) await run.converge(list);
        await this.proved();
      },
      'back: ',
    );
    await this.measured();
  }

  private ended(outcome: UpgradeState['outcome'], type: string, message: string, cause: unknown) {
    const { evidence = [] } = runError(cause);
    this.run.state.upgrade = { ...this.run.state.upgrade!, outcome };
    const failure = ApplicationFailure.create({ type, message, nonRetryable: true, details: [{ evidence }] });
    this.run.state.error = runError(failure);
    return failure;
  }

  /** It counts as good before what was kept goes: whatever becomes of that, the new version is the one that runs. */
  async settled(): Promise<void> {
    await this.measured();
    this.run.state.upgrade = { ...this.run.state.upgrade!, outcome: 'done' };
    await this.task('upgrade.settle', `${this.swap.to} counts as good`, acts.settleSwap);
  }

  private async measured(): Promise<void> {
    await this.standing();
    await acts.endProbe(this.input('upgrade.watch'));
  }

  private task(
    id: string,
    title: string,
    work: (input: SwapInput) => ReturnType<typeof acts.holdState>,
    asks = false,
  ): Promise<void> {
    const asked = (key: string) => work({ ...taskInput(this.run, id, key), swap: this.swap });
    return this.run.task('upgrade', id, title, asked, { asks });
  }

  private input(task: string): SwapInput {
    return { ...taskInput(this.run, task, `${this.run.id}.${task}.0`), swap: this.swap };
  }
}

/** Docker starts again what has died: that it runs says nothing, that it has run all the time does. */
function mustStand(began: Standing, now: Standing, { image, to }: Swap): void {
  const isSame = now.startedAt === began.startedAt && now.imageId === began.imageId;
  if (isSame && now.state === 'running' && now.health !== 'unhealthy') return;
  const seen = isSame
    ? `${now.state}, health ${now.health || 'not asked'}`
    : 'it has ended and was started again';
  throw ApplicationFailure.create({
    type: 'NOT_HEALTHY',
    message: `${image} ${to} did not stay up: ${seen} (${now.restarts} restarts)`,
    nonRetryable: true,
  });
}
