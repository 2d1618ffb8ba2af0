// The machinery of every mutating runbook: survey, converge what drifted, ask at gates, free the host at the end.
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ConvergeResult } from '../activities/api.js';
import type {
  CheckResult,
  RunError,
  RunInput,
  RunState,
  Server,
  Span,
  StepPlan,
  StepState,
  Survey,
} from '../model.js';
import { acts, local, reads, slowReads, waits } from './activities.js';
import { Elapsed } from './elapsed.js';
import { Gates, type Question } from './gates.js';
import { type GateAnswer, progressQuery, speakable } from './messages.js';
import { notProved } from './not-proved.js';
import { settled } from './settled.js';
import { addProof, addSurvey, addTask, iso, newState, recount, runError } from './state.js';

/** Codes after which the host may still be at work on the step: the next attempt must find that work, not begin anew. */
const STILL_RUNNING = ['UNREACHABLE', 'HOST_LOST', 'DEADLINE', 'AUTH_REFUSED', 'INTERNAL'];

declare const proved: unique symbol;
/** Only `Run.prove` makes one: what was not verified cannot be exposed, since it would not compile. */
export interface Proved {
  readonly [proved]: true;
}

/** `replace`: what a hand has written gives way; only asked where that was the failure. */
type Answer = 'retry' | 'skip' | 'replace';

type Done = Pick<ConvergeResult, 'changes' | 'remote'>;

export class Run {
  readonly state: RunState;
  readonly #gates: Gates;
  readonly #elapsed = new Elapsed();
  #server: Server;
  #claimed: Promise<void> | undefined;
  #missing: string[] = [];
  #aborting = false;
  /** Of each step's next effects: a checklist that is gone through twice must not find those of the first time. */
  readonly #generations = new Map<string, number>();
  /** A person chose to end the run; a failure under `--on-failure abort` is a failure. */
  #byPerson = false;

  constructor(
    readonly input: RunInput,
    runbook: string,
  ) {
    this.#server = input.server;
    const id = speakable(input.server.name, workflowInfo().firstExecutionRunId);
    this.state = newState(input, id, runbook, Date.now());
    this.#gates = new Gates(this.state, () => this.#server);
    setHandler(progressQuery, () => this.state);
  }

  get server(): Server {
    return this.#server;
  }

  /** Tells the story to its end; whatever the end, the host is freed and the state says how it went. */
  async tell(story: () => Promise<void>): Promise<RunState> {
    try {
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
      await CancellationScope.nonCancellable(() => this.#leave());
    }
    return this.state;
  }

  /** Surveys a checklist in one round trip and converges only what drifted. */
  async converge(checklist: string): Promise<void> {
    const survey = await this.#survey(checklist);
    const group = addSurvey(this.state, survey);
    this.waited(survey.remote);
    this.#missing = survey.missingSecrets;
    if (survey.steps.every(({ status }) => status === 'ok' || status === 'skipped')) return;
    await this.#claim();
    const done = new Map<string, Promise<void>>();
    for (const [i, plan] of survey.steps.entries()) {
      const before = plan.after.flatMap((id) => done.get(id) ?? []);
      done.set(
        plan.id,
        Promise.all(before).then(() => this.#step(plan, group.steps[i]!)),
      );
    }
    await settled([...done.values()]);
  }

  /** Asks for a secret that has no value yet; the answer goes to the vault, never into the history. */
  async secret(ref: string, question: Omit<Question, 'kind' | 'ref'>): Promise<void> {
    if (!this.#missing.includes(ref)) return;
    const answer = await this.#gates.ask({ ...question, kind: 'secret', ref });
    if (answer.who === 'timeout') throw this.#ended('GATE_TIMED_OUT', `nobody answered ${question.id}`);
  }

  /** Asks for every secret that is referred to and has no value yet, all at once, in whatever order they are answered. */
  async missingSecrets(question: (ref: string) => Omit<Question, 'kind' | 'ref'>): Promise<void> {
    const refs = this.#missing.filter((ref) => ref.startsWith('secret://'));
    await settled(refs.map((ref) => this.secret(ref, question(ref))));
  }

  /** Every check that must hold before anybody reaches the gateway. What is not proved ends the run, or is asked again. */
  async prove(): Promise<Proved> {
    for (;;) {
      const wrong = await this.#check('verify.*');
      if (wrong.length === 0) return {} as Proved;
      await this.#unproved('verify', wrong);
    }
  }

  /** Opens the gateway to those who may reach it. */
  expose(_proof: Proved): Promise<void> {
    return this.converge('proxy');
  }

  /** Looks at the gateway from where those who may reach it are. */
  async proveExposed(): Promise<void> {
    for (;;) {
      const wrong = await this.#check('exposed.*');
      if (wrong.length === 0) return;
      if ((await this.#unproved('exposed', wrong)) === 'skip') return;
    }
  }

  async #check(only: string): Promise<CheckResult[]> {
    const input = { server: this.#server, only };
    const proof = await slowReads.prove.executeWithOptions({ summary: `prove ${only}` }, [input]);
    this.waited(proof.remote);
    addProof(this.state, proof);
    return proof.checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');
  }

  /** A failed proof is a gate as a failed step is; to skip the one before exposure leaves the gateway unexposed. */
  async #unproved(id: 'verify' | 'exposed', wrong: readonly CheckResult[]): Promise<Answer> {
    const error = notProved(this.state.server, wrong);
    const answer = await this.#failed(
      id,
      id === 'verify' ? 'Proof before exposure' : 'Proof from outside',
      error,
    );
    if (answer === 'skip' && id === 'verify') throw error;
    return answer;
  }

  /** Secrets that only the server itself uses: made once, by the worker, into the vault. */
  async internalSecrets(): Promise<void> {
    await local.ensureSecrets({ server: this.#server });
  }

  /** A one-off effect under the lock; it marks the host by itself. Its failure ends the run: no gate could help it. */
  async task(group: string, id: string, title: string, work: (key: string) => Promise<Done>): Promise<void> {
    const step = addTask(this.state, group, id, title);
    this.#claimed = Promise.resolve();
    const done = await work(`${workflowInfo().runId}.${id}.0`).catch((error: unknown) => {
      if (!isCancellation(error)) Object.assign(step, { status: 'failed', error: runError(error) });
      throw error;
    });
    Object.assign(step, { status: 'changed', changes: done.changes });
    step.durationMs = Date.now() - Date.parse(step.startedAt ?? '');
    this.waited(done.remote);
  }

  async confirm(question: Omit<Question, 'kind'>): Promise<boolean> {
    return (await this.approval(question)).value === 'yes';
  }

  /** A yes or a no, and who gave it. */
  approval(question: Omit<Question, 'kind'>): Promise<GateAnswer> {
    return this.#gates.ask({ onTimeout: 'no', ...question, kind: 'confirm' });
  }

  /** A person said no: the run ends as theirs, and whatever else waits need not be answered. */
  refusal(type: string, message: string): ApplicationFailure {
    this.#byPerson = true;
    this.#gates.closeAll('no');
    return this.#ended(type, message);
  }

  /** Undoes after a failure, also where a person has said abort. */
  putBack(work: () => Promise<void>): Promise<void> {
    this.#aborting = false;
    return work();
  }

  /** Work that is no step: where it fails a person decides, and cannot skip it. */
  async attempt<T>(id: string, title: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if ((await this.#failed(id, title, error)) === 'skip') throw error;
      }
    }
  }

  async choice(question: Omit<Question, 'kind'> & { options: string[] }): Promise<string> {
    return (await this.#gates.ask({ ...question, kind: 'choice' })).value;
  }

  /** A step that only a person can do; it closes when they say so or when the world shows it. */
  async manual(probe: string, question: Omit<Question, 'kind'>): Promise<void> {
    const now = await acts.probe({ server: this.#server, probe });
    if (now.done) return;
    const asked = this.#gates.ask({ ...question, kind: 'done', note: now.note });
    const watching = new CancellationScope();
    const watched = watching.run(() => waits.watch({ server: this.#server, probe }));
    watched.then(() => this.#gates.close(question.id, 'done')).catch(() => {});
    const answer = await asked.finally(() => watching.cancel());
    await watched.catch(() => {});
    if (answer.who === 'timeout') throw this.#ended('GATE_TIMED_OUT', `nobody answered ${question.id}`);
  }

  async #survey(checklist: string): Promise<Survey> {
    const { only, from } = this.input;
    return this.attempt(`survey.${checklist}`, `Survey of ${checklist}`, () =>
      reads.survey.executeWithOptions({ summary: `survey ${checklist}` }, [
        { server: this.#server, checklist, only, from },
      ]),
    );
  }

  waited(spans: readonly Span[]): void {
    this.#elapsed.add(spans);
    this.state.remoteMs = this.#elapsed.ms;
  }

  /** Once a run, before its first change: everything that can be known to be wrong, all at once. */
  #claim(): Promise<void> {
    this.#claimed ??= this.#preflight();
    return this.#claimed;
  }

  async #preflight(): Promise<void> {
    for (;;) {
      try {
        const { who, takeOver } = this.input;
        const input = { server: this.#server, run: this.state.run, who, takeOver };
        const { remote } = await acts.preflight.executeWithOptions({ summary: 'preflight' }, [input]);
        this.waited(remote);
        return;
      } catch (error) {
        if ((await this.#failed('preflight', 'Preflight', error)) === 'skip') return;
      }
    }
  }

  async #step(plan: StepPlan, step: StepState): Promise<void> {
    if (plan.status === 'ok' || plan.status === 'skipped' || this.#aborting) return;
    step.startedAt = iso(Date.now());
    let replaceEdited = this.input.replaceEdited ?? false;
    for (;;) {
      const generation = this.#generations.get(step.id) ?? 0;
      step.status = 'running';
      try {
        await this.#apply(step, generation, replaceEdited);
        this.#generations.set(step.id, generation + 1);
        break;
      } catch (error) {
        if (isCancellation(error)) throw error;
        const answer = await this.#failed(step.id, step.title, error, step);
        if (answer === 'skip') break;
        replaceEdited ||= answer === 'replace';
        if (!STILL_RUNNING.includes(runError(error).code)) this.#generations.set(step.id, generation + 1);
      }
    }
    step.durationMs = Date.now() - Date.parse(step.startedAt);
    recount(this.state);
  }

  async #apply(step: StepState, generation: number, replaceEdited: boolean): Promise<void> {
    const key = `${workflowInfo().runId}.${step.id}.${generation}`;
    const { who } = this.input;
    const input = { server: this.#server, step: step.id, key, run: this.state.run, who, replaceEdited };
    const result = await acts.converge.executeWithOptions({ summary: `${step.id}: ${step.title}` }, [input]);
    step.status = result.outcome;
    step.changes = result.changes;
    step.notes = result.notes;
    step.error = undefined;
    this.waited(result.remote);
  }

  /** A failed step is a gate: `retry` or `skip` comes back, `abort` ends the run. */
  async #failed(id: string, title: string, error: unknown, step?: StepState): Promise<Answer> {
    if (isCancellation(error)) throw error;
    const seen = runError(error);
    if (step)
      Object.assign(step, { error: seen, status: seen.code === 'UNREACHABLE' ? 'unreachable' : 'failed' });
    recount(this.state);
    const answer = await this.#decide(id, title, seen);
    if (answer === 'abort') {
      this.#aborting = true;
      this.#byPerson = this.input.onFailure === 'ask';
      this.state.error ??= seen;
      this.#gates.closeAll('abort');
      throw error;
    }
    if (answer === 'skip' && step) step.status = 'skipped';
    recount(this.state);
    return answer;
  }

  async #decide(id: string, title: string, { code, message }: RunError): Promise<Answer | 'abort'> {
    if (this.input.onFailure !== 'ask') return this.input.onFailure;
    const answer = await this.#gates.ask({
      id: `failed:${id}`,
      kind: 'failed',
      title: `${title} failed: what now?`,
      note: message,
      ...(code === 'HAND_EDITED' ? { options: ['retry', 'skip', 'abort', 'replace'] } : {}),
    });
    if (answer.server) this.#server = answer.server;
    return answer.value as Answer | 'abort';
  }

  #ended(type: string, message: string): ApplicationFailure {
    return ApplicationFailure.create({ type, message, nonRetryable: true });
  }

  /** Takes our mark off the host; a host that cannot be reached keeps it, and our next run takes it over. */
  async #leave(): Promise<void> {
    if (this.#claimed !== undefined)
      await reads.release({ server: this.#server, run: this.state.run }).catch(() => {});
    await condition(allHandlersFinished);
  }
}
