// Makes one step so: re-read, plan, apply, re-read, and then nothing may be left to do.
import { unhealthy } from '../commands/compose.js';
import { ClincherError } from '../errors.js';
import type { AnyStep, Change, ChangeView, Diff, Server } from '../model.js';
import type { ConvergeInput, ConvergeResult } from './api.js';
import type { Beat } from './beat.js';
import { stepById } from './checklists.js';
import type { Deps } from './deps.js';
import { viewOf } from './evaluate.js';
import { arm } from './guard.js';
import { type Host, lastLines, Meter } from './host.js';
import { commit, type Proof, rollBack } from './proof.js';
import { type JobResult, jobBody, jobState } from './script.js';
import { filled } from './secret-tokens.js';
import { type Look, look } from './survey.js';

const JOB_TIMEOUT_MS = 10 * 60_000;

export async function converge(deps: Deps, input: ConvergeInput, beat: Beat): Promise<ConvergeResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  const result = await new Convergence({ deps, input, beat, meter }, stepById(input.step), host).run();
  return { ...result, remote: meter.spans };
}

type Done = Omit<ConvergeResult, 'remote'>;

class Convergence {
  private readonly deps: Deps;
  private readonly input: ConvergeInput;
  private readonly beat: Beat;

  constructor(
    private readonly proof: Proof,
    private readonly step: AnyStep,
    private readonly host: Host,
  ) {
    this.deps = proof.deps;
    this.input = proof.input;
    this.beat = proof.beat;
  }

  private get server(): Server {
    return this.input.server;
  }

  /** A former attempt may have begun the job: then its result is found, never made twice. */
  async run(): Promise<Done> {
    const { state, begun } = await this.#former();
    if (state === 'reverted') throw this.#reverted();
    if (begun) return this.#settle(await this.#apply([]), begun);
    const seen = await this.#look();
    const { changes, status } = this.#verdict(seen);
    if (status === 'unknown') throw this.#unknown(seen);
    if (status !== 'drift') return this.#done('ok', seen, []);
    this.#mindEdits(changes);
    return this.#settle(await this.#apply(changes), changes.map(viewOf));
  }

  async #former(): Promise<{ state: string; begun: ChangeView[] | null }> {
    const { stdout } = await this.host.script(jobState(this.input.key), { signal: this.beat.signal });
    const end = stdout.indexOf('\n');
    const state = stdout.slice(0, end);
    const begun =
      state === 'none' || state === 'reverted' ? null : (JSON.parse(stdout.slice(end + 1)) as ChangeView[]);
    return { state, begun };
  }

  #look(): Promise<Look> {
    return look(this.host, this.server, [this.step], this.deps, { signal: this.beat.signal });
  }

  /** What a hand has written is replaced only when a person said so. */
  #mindEdits(changes: readonly Change[]): void {
    const edited = changes.filter(({ overwrites }) => overwrites);
    if (edited.length === 0 || this.input.replaceEdited) return;
    const evidence = edited.flatMap(({ what, diff }) => [what, ...(diff ? differingLines(diff) : [])]);
    throw new ClincherError(
      'HAND_EDITED',
      `${this.step.id} on ${this.server.name}: edited by hand since clincher wrote it`,
      { evidence: evidence.slice(0, 8) },
    );
  }

  #verdict(seen: Look) {
    return seen.verdicts.get(this.step.id)!;
  }

  async #apply(changes: readonly Change[]): Promise<JobResult> {
    const { key, run, who } = this.input;
    const guard = this.step.guard ? `${arm(key, this.step.guard, this.server)}\n` : '';
    const actions = await Promise.all(changes.map((each) => filled(this.deps.secrets, this.server, each)));
    const body = guard + jobBody(actions.flat());
    const audit = changes.map(({ what }) => `${run} ${who} ${this.step.id} ${what}`);
    const spec = {
      key,
      body,
      audit,
      changes: JSON.stringify(changes.map(viewOf)),
      timeoutMs: this.step.timeoutMs ?? JOB_TIMEOUT_MS,
    };
    try {
      return await this.host.job(spec, { signal: this.beat.signal, onOutput: this.beat.say });
    } catch (error) {
      if (this.beat.cancelled()) await this.#undo();
      throw error;
    }
  }

  /** A person cancelled: end what runs there, and put a guarded change back. */
  async #undo(): Promise<void> {
    await this.host.stop(this.input.key);
    if (this.step.guard) await rollBack(this.host, this.input.key);
  }

  async #settle(job: JobResult, changes: ChangeView[]): Promise<Done> {
    await this.deps.log.append(this.input.run, this.step.id, this.deps.secrets.redact(job.log));
    if (job.exitCode !== 0) {
      if (this.step.guard) await rollBack(this.host, this.input.key);
      throw this.#failed(job);
    }
    const host = this.step.guard ? await commit(this.proof, this.step.guard, this.host) : this.host;
    const seen = await look(host, this.server, [this.step], this.deps, { signal: this.beat.signal });
    const rest = this.#verdict(seen);
    if (rest.status === 'unknown') throw this.#unknown(seen);
    if (rest.status === 'drift') throw this.#lied(rest.changes, job);
    return this.#done('changed', seen, changes, job);
  }

  #done(outcome: Done['outcome'], seen: Look, changes: ChangeView[], job?: JobResult): Done {
    const tail = job ? lastLines(this.deps.secrets.redact(job.log), 3) : [];
    return { outcome, changes, notes: this.#verdict(seen).notes, tail };
  }

  #failed(job: JobResult): ClincherError {
    const evidence = lastLines(this.deps.secrets.redact(job.log));
    const where = `${this.step.id} on ${this.server.name}`;
    const sick = unhealthy(job.log);
    if (sick.length > 0)
      return new ClincherError('NOT_HEALTHY', `${where}: ${sick.join(', ')} not healthy`, { evidence });
    const isLocked = /(Could not get lock|Unable to (acquire|lock)).*|is held by/.test(job.log);
    return new ClincherError(isLocked ? 'APT_LOCKED' : 'STEP_FAILED', `${where}: exit ${job.exitCode}`, {
      evidence,
    });
  }

  /** The commands said yes and the host says no. */
  #lied(rest: readonly Change[], job: JobResult): ClincherError {
    const evidence = [
      ...rest.map(({ what }) => `still to do: ${what}`).slice(0, 4),
      ...lastLines(this.deps.secrets.redact(job.log), 4),
    ];
    return new ClincherError(
      'STEP_DID_NOT_CONVERGE',
      `${this.step.id} on ${this.server.name} differs after it was applied`,
      { evidence },
    );
  }

  #unknown(seen: Look): ClincherError {
    return new ClincherError(
      'FACT_UNKNOWN',
      `${this.step.id} on ${this.server.name}: ${this.#verdict(seen).reason}`,
    );
  }

  #reverted(): ClincherError {
    return new ClincherError(
      'LOCKOUT_REVERTED',
      `${this.step.id} on ${this.server.name} was not proved in time and is put back`,
    );
  }
}

/** Lines that stand on one side alone, as a diff shows them. */
function differingLines({ before, after }: Diff): string[] {
  const [old, next] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !next.includes(line)).map((line) => `- ${line}`),
    ...next.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ].slice(0, 6);
}
