// dr-drill: a recovery from end to end on a standby, silent, proved and timed; then the standby is as it was. The live server notices nothing.
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { CheckResult, DrillRecord, RunState, Server } from '../model.js';
import { acts, slowReads } from './activities.js';
import { notProved, wrongOf } from './not-proved.js';
import { Phases } from './phases.js';
import { candidates, madeAt } from './restoring.js';
import { Run } from './run.js';
import { addProof, iso, runError } from './state.js';
import { taskInput } from './task-input.js';
import type { BackupChoice } from './verify-backup.js';

/** A gateway that was only just started. */
const PATIENCE_MS = 60_000;
const GROUP = 'recovery';

export const drDrill = ({ backup, ...input }: BackupChoice): Promise<RunState> => {
  // The files of the backup give way to the configuration, as in a recovery.
  const run = new Run({ ...input, replaceEdited: true }, 'dr-drill');
  return run.tell(() => new DrDrill(run, backup).tell());
};

/** It answers for nobody: no channel, no proxy, no way out but to model providers; and as the server that runs. */
export const recovered = (server: Server): Server => {
  const { telegram, discord, slack, webhook } = server.channels;
  const off = { enabled: false } as const;
  return {
    ...server,
    role: 'primary',
    channels: {
      telegram: { ...telegram, ...off },
      discord: { ...discord, ...off },
      slack: { ...slack, ...off },
      webhook: { ...webhook, ...off },
    },
    proxy: { ...server.proxy, kind: 'none', oidc: { ...server.proxy.oidc, ...off } },
    stack: { ...server.stack, egress: { ...server.stack.egress, extra_domains: [] } },
  };
};

class DrDrill {
  readonly #began = Date.now();
  readonly #phases: Phases;
  readonly #checks: CheckResult[] = [];
  #id = '';
  #rtoMs: number | undefined;
  #version: string | undefined;

  constructor(
    private readonly run: Run,
    private readonly wanted: string | undefined,
  ) {
    this.#phases = new Phases(run.state);
  }

  /** Whatever becomes of it, the standby is made what it was, and remembers how it went. */
  async tell(): Promise<void> {
    let failure: unknown;
    try {
      await this.run.unattended(() => this.#recovery());
    } catch (error) {
      failure = error;
    }
    await CancellationScope.nonCancellable(() => this.run.putBack(() => this.#vacated()));
    await CancellationScope.nonCancellable(() => this.#noted(failure));
    if (failure !== undefined) throw failure;
  }

  /** Each part is one of a recovery; together they are the time that it takes. */
  async #recovery(): Promise<void> {
    const { run } = this;
    await run.ready();
    this.#id = await this.#phases.of('looked for', () => this.#newest());
    await this.#phases.of('fetched', () =>
      this.#task('dr.fetch', `Backup ${this.#id} is brought here`, (input) => acts.fetchBackup(input)),
    );
    await this.#phases.of('restored', () =>
      this.#task('dr.restore', `Backup ${this.#id} takes its place`, (input) => acts.occupyStandby(input)),
    );
    await run.as(recovered, () => this.#started());
    this.#rtoMs = wrongOf(this.#checks).length === 0 ? Date.now() - this.#began : undefined;
  }

  async #newest(): Promise<string> {
    await this.run.converge('backup', 'backup.tools,backup.program,backup.offsite');
    const [newest] = await candidates(this.run, this.wanted);
    if (newest === undefined)
      throw this.run.refused('BACKUP_NOT_FOUND', 'there is no whole backup, here or at the far end');
    return newest.id;
  }

  async #started(): Promise<void> {
    const { run } = this;
    await this.#phases.of('files', () => run.converge('stack', '*'));
    await this.#phases.of('settings', () => run.converge('harden.openclaw', '*'));
    const began = Date.now();
    await this.#phases.of('started', () => run.converge('services', '*'));
    const bootMs = Date.now() - began;
    await this.#phases.of('proved', () => this.#proved(bootMs));
  }

  async #proved(bootMs: number): Promise<void> {
    const { run } = this;
    const proof = await slowReads.prove({ server: run.server, only: 'verify.*', patienceMs: PATIENCE_MS });
    this.#add(proof.checks);
    const asked = { server: run.server, whole: run.input.server, id: this.#id, bootMs };
    const { checks, version } = await slowReads.askRecovered(asked);
    this.#version = version;
    this.#add(checks);
  }

  /** The live server's own state is not looked at: the drill has no way to it. */
  async #vacated(): Promise<void> {
    const { run } = this;
    await run.unattended(() =>
      run.task(GROUP, 'dr.vacate', 'The standby is as it was before', (key) =>
        acts.vacateStandby(taskInput(run, 'dr.vacate', key)),
      ),
    );
  }

  async #noted(failure: unknown): Promise<void> {
    const { server, state } = this.run;
    const { checks, drills } = await acts.noteRecovery({ server, record: this.#record(failure) });
    this.#add(checks);
    state.drills = drills;
    const wrong = wrongOf(this.#checks);
    if (failure === undefined && wrong.length > 0) throw notProved(state.server, wrong);
  }

  #record(failure: unknown): DrillRecord {
    const { run } = this;
    const phases = (run.state.phases ?? []).map(({ name, ms }) => ({ name, ms }));
    const rtoMs = this.#rtoMs;
    const recovery = {
      ...(this.#id === '' ? {} : { rpoMs: this.#began - madeAt(this.#id) }),
      ...(rtoMs === undefined ? {} : { rtoMs }),
      phases,
    };
    return {
      ...{ at: iso(this.#began), run: run.state.run, backup: this.#id || 'none', version: this.#version },
      recovery,
      failed: [
        ...(failure === undefined ? [] : [isCancellation(failure) ? 'ABORTED' : runError(failure).code]),
        ...wrongOf(this.#checks).map(({ id }) => id),
      ],
    };
  }

  #add(checks: readonly CheckResult[]): void {
    this.#checks.push(...checks);
    const proof = { checks: [...this.#checks], outside: '', remoteMs: 0, remote: [], roundTrips: 0 };
    this.run.state.proof = proof;
    addProof(this.run.state, proof);
  }

  #task(
    id: string,
    title: string,
    work: (input: ReturnType<typeof taskInput> & { id: string }) => ReturnType<typeof acts.occupyStandby>,
  ): Promise<void> {
    return this.run.task(GROUP, id, title, (key) => work({ ...taskInput(this.run, id, key), id: this.#id }));
  }
}
