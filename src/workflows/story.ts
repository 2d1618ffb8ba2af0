// What every run has, whatever it does: its record, its gates, failures that ask a person, and an end that frees the host.
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Machine, RunError, RunInput, RunState, Server, Span, StepState } from '../model.js';
import { reads } from './activities.js';
import { Elapsed } from './elapsed.js';
import { countRun } from './figures.js';
import { Gates, type Question } from './gates.js';
import { type GateAnswer, progressQuery, speakable } from './messages.js';
import { isSized } from './sized.js';
import { iso, newState, recount, runError } from './state.js';
import { traceRun } from './traces.js';

/** `replace`: what a hand has written gives way; only asked where that was the failure. */
export type Answer = 'retry' | 'skip' | 'replace';

export type View = (server: Server) => Server;

/** What a run is, whatever it does: its record, its gates, who is told of a failure, and how it ends. */
export class Story {
  readonly state: RunState;
  protected readonly gates: Gates;
  /** Settled once the host is marked as ours. */
  protected claimed: Promise<void> | undefined;
  protected isAborting = false;
  /** Stands before the names of checklists. */
  protected label = '';
  readonly #elapsed = new Elapsed();
  #server: Server;
  /** A person chose to end the run; a failure under `--on-failure abort` is a failure. */
  #byPerson = false;
  /** How the server is looked at just now: as it was before an upgrade, say. What a gate's answer brings is seen the same way. */
  #view: View = (server) => server;
  #asks = true;
  /** What the host has, where its limits are computed of that. */
  #machine: Machine | undefined;

  constructor(
    readonly input: RunInput,
    runbook: string,
  ) {
    this.#server = input.server;
    const id = speakable(input.server.name, workflowInfo().firstExecutionRunId);
    this.state = newState(input, id, runbook, Date.now());
    this.gates = new Gates(this.state, () => this.server);
    setHandler(progressQuery, () => this.state);
  }

  /** Temporal's: unique for ever. */
  get id(): string {
    return workflowInfo().runId;
  }

  get server(): Server {
    const seen = this.#view(this.#server);
    return this.#machine === undefined ? seen : { ...seen, machine: this.#machine };
  }

  /** Does some of the work for the server as this view shows it. */
  async as<T>(view: View, work: () => Promise<T>, label = ''): Promise<T> {
    const before = [this.#view, this.label] as const;
    [this.#view, this.label] = [view, label];
    return work().finally(() => {
      [this.#view, this.label] = before;
    });
  }

  /** As this view shows what is looked at just now, be it as another already. */
  within<T>(view: View, work: () => Promise<T>, label = ''): Promise<T> {
    const outer = this.#view;
    return this.as((server) => view(outer(server)), work, `${this.label}${label}`);
  }

  /** From now on, to the run's end: what frees the host looks at it in this way too. */
  turnTo(view: View): void {
    this.#view = view;
  }

  /** While nobody can be waited for: a failure ends the work at once, whatever `onFailure` says. */
  async unattended<T>(work: () => Promise<T>): Promise<T> {
    this.#asks = false;
    return work().finally(() => {
      this.#asks = true;
    });
  }

  /** Tells the story to its end; whatever the end, the host is freed and the state says how it went. */
  async tell(story: () => Promise<void>): Promise<RunState> {
    try {
      await this.#sized();
      await story();
      this.state.status = this.state.outcome.failed > 0 ? 'failed' : 'done';
    } catch (error) {
      this.state.status = isCancellation(error) || this.#byPerson ? 'aborted' : 'failed';
      this.state.error ??= isCancellation(error)
        ? { code: 'ABORTED', message: 'the run was cancelled' }
        : runError(error);
      throw error;
    } finally {
      this.state.endedAt = iso(Date.now());
      recount(this.state);
      countRun(this.state);
      traceRun(this.state);
      await CancellationScope.nonCancellable(() => this.#leave());
    }
    return this.state;
  }

  async #sized(): Promise<void> {
    if (!isSized(this.#server)) return;
    const { machine, remote } = await this.attempt('size', 'What the host has', () =>
      reads.sizeOf({ server: this.#server }),
    );
    this.waited(remote);
    this.#machine = machine;
  }

  /** Work that is no step: where it fails a person decides, and cannot skip it. */
  async attempt<T>(id: string, title: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if ((await this.failed(id, title, error)) === 'skip') throw error;
      }
    }
  }

  async confirm(question: Omit<Question, 'kind'>): Promise<boolean> {
    return (await this.approval(question)).value === 'yes';
  }

  /** A yes or a no, and who gave it. */
  approval(question: Omit<Question, 'kind'>): Promise<GateAnswer> {
    return this.gates.ask({ onTimeout: 'no', ...question, kind: 'confirm' });
  }

  /** A choice, and who made it. */
  asked(question: Omit<Question, 'kind'> & { options: string[] }): Promise<GateAnswer> {
    return this.gates.ask({ ...question, kind: 'choice' });
  }

  async choice(question: Omit<Question, 'kind'> & { options: string[] }): Promise<string> {
    return (await this.asked(question)).value;
  }

  /** A person said no: the run ends as theirs, and whatever else waits need not be answered. */
  refusal(type: string, message: string): ApplicationFailure {
    this.#byPerson = true;
    this.gates.closeAll('no');
    return this.ended(type, message);
  }

  /** What was found makes the run impossible. */
  refused(type: string, message: string): ApplicationFailure {
    return this.ended(type, message);
  }

  waited(spans: readonly Span[]): void {
    this.#elapsed.add(spans);
    this.state.remoteMs = this.#elapsed.ms;
  }

  /** A failed step is a gate: `retry` or `skip` comes back, `abort` ends the run. */
  protected async failed(id: string, title: string, error: unknown, step?: StepState): Promise<Answer> {
    if (isCancellation(error)) throw error;
    const seen = runError(error);
    if (step)
      Object.assign(step, { error: seen, status: seen.code === 'UNREACHABLE' ? 'unreachable' : 'failed' });
    recount(this.state);
    const answer = await this.#decide(id, title, seen);
    if (answer === 'abort') {
      this.isAborting = true;
      this.#byPerson = this.#asks && this.input.onFailure === 'ask';
      this.state.error ??= seen;
      this.gates.closeAll('abort');
      throw error;
    }
    if (answer === 'skip' && step) step.status = 'skipped';
    recount(this.state);
    return answer;
  }

  async #decide(id: string, title: string, { code, message }: RunError): Promise<Answer | 'abort'> {
    if (!this.#asks) return 'abort';
    if (this.input.onFailure !== 'ask') return this.input.onFailure;
    const answer = await this.gates.ask({
      id: `failed:${id}`,
      kind: 'failed',
      title: `${title} failed: what now?`,
      note: message,
      ...(code === 'HAND_EDITED' ? { options: ['retry', 'skip', 'abort', 'replace'] } : {}),
    });
    if (answer.server) this.#server = answer.server;
    return answer.value as Answer | 'abort';
  }

  protected ended(type: string, message: string): ApplicationFailure {
    return ApplicationFailure.create({ type, message, nonRetryable: true });
  }

  /** Takes our mark off the host; a host that cannot be reached keeps it, and our next run takes it over. */
  async #leave(): Promise<void> {
    if (this.claimed !== undefined)
      await reads.release({ server: this.server, run: this.state.run }).catch(() => {});
    await condition(allHandlersFinished);
  }
}
