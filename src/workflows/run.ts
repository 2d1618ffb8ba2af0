// The machinery of every mutating runbook: survey, converge what drifted, ask at gates, free the host at the end.
import { CancellationScope, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { ConvergeResult } from '../activities/api.js';
import type { CheckResult, Proof, StepPlan, StepState, Survey } from '../model.js';
import { acts, local, reads, slowReads, waits } from './activities.js';
import type { Question } from './gates.js';
import { notProved, wrongOf } from './not-proved.js';
import { asPartition, partitionsIn, wholeOf } from './partitions.js';
import { settled } from './settled.js';
import { addProof, addSurvey, addTask, iso, recount, runError } from './state.js';
import { type Answer, Story } from './story.js';

/** Codes after which the host may still be at work on the step: the next attempt must find that work, not begin anew. */
const STILL_RUNNING = ['UNREACHABLE', 'HOST_LOST', 'DEADLINE', 'AUTH_REFUSED', 'INTERNAL'];

/** An authority gives out a certificate within seconds, and within a minute where it is asked by DNS. */
const CERTIFICATE_MS = 90_000;

declare const proved: unique symbol;
/** Only `Run.prove` makes one: what was not verified cannot be exposed, since it would not compile. */
export interface Proved {
  readonly [proved]: true;
}

const isDone = ({ status }: StepPlan): boolean => status === 'ok' || status === 'skipped';

/** What is missing under another kind of name, a variable or a file, nobody can type here. */
const isAskedFor = (ref: string): boolean => ref.startsWith('secret://');

const ONCE = { retry: { maximumAttempts: 1 } };

const orNot = (look: () => Promise<boolean>): Promise<boolean> =>
  look().catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    return false;
  });

type Done = Pick<ConvergeResult, 'changes' | 'remote'>;

export class Run extends Story {
  #missing: string[] = [];
  /** Of each step's next effects: a checklist that is gone through twice must not find those of the first time. */
  readonly #generations = new Map<string, number>();
  /** Below it are the effects of what is being undone, of which some may not have ended. */
  #firstGeneration = 0;

  /** Surveys a checklist in one round trip and converges only what drifted, of each gateway in turn; false where nothing did. */
  async converge(checklist: string, only = this.input.only): Promise<boolean> {
    let isChanged = await this.#converge(checklist, only);
    for (const name of partitionsIn(this.server, checklist)) {
      const own = () => this.#converge(checklist, only);
      isChanged = (await this.within(asPartition(name), own, `${name}: `)) || isChanged;
    }
    return isChanged;
  }

  async #converge(checklist: string, only: string | undefined): Promise<boolean> {
    const survey = await this.#survey(checklist, only);
    const group = addSurvey(this.state, survey, this.label);
    this.waited(survey.remote);
    this.#missing = survey.missingSecrets;
    if (survey.steps.every(isDone)) return false;
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
    return true;
  }

  /** Asks for a secret that has no value yet; the answer goes to the vault, never into the history. */
  async secret(ref: string, question: Omit<Question, 'kind' | 'ref'>): Promise<void> {
    if (this.#missing.includes(ref)) await this.newSecret(ref, question);
  }

  /** Asks for a value, whether there is one or not. */
  async newSecret(ref: string, question: Omit<Question, 'kind' | 'ref'>): Promise<void> {
    const answer = await this.gates.ask({ ...question, kind: 'secret', ref });
    if (answer.who === 'timeout') throw this.ended('GATE_TIMED_OUT', `nobody answered ${question.id}`);
  }

  /** Asks for every secret that is referred to and has no value yet, all at once, in whatever order they are answered. */
  async missingSecrets(question: (ref: string) => Omit<Question, 'kind' | 'ref'>): Promise<void> {
    const refs = this.#missing.filter(isAskedFor);
    await settled(refs.map((ref) => this.secret(ref, question(ref))));
  }

  /** Every check that must hold before anybody reaches the gateway. What is not proved ends the run, or is asked again. */
  async prove(): Promise<Proved> {
    for (;;) {
      const wrong = await this.#told('verify.*');
      if (wrong.length === 0) return {} as Proved;
      await this.#unproved('verify', wrong);
    }
  }

  /** A gateway that is only just up, on a host that is busy, may not answer in time: what nobody could tell is asked once more. */
  async #told(only: string): Promise<CheckResult[]> {
    const wrong = await this.check(only);
    const isUntold = wrong.length > 0 && wrong.every(({ verdict }) => verdict === 'unknown');
    return isUntold && patched('untold-again') ? this.check(only) : wrong;
  }

  /** Opens the gateway to those who may reach it. */
  async expose(_proof: Proved): Promise<void> {
    await this.converge('proxy');
  }

  /** Looks at the gateway from where those who may reach it are. */
  async proveExposed(): Promise<void> {
    for (;;) {
      const wrong = await this.check('exposed.*', CERTIFICATE_MS);
      if (wrong.length === 0) return;
      if ((await this.#unproved('exposed', wrong)) === 'skip') return;
    }
  }

  /** Those that do not hold. */
  async check(only: string, patienceMs = 0): Promise<CheckResult[]> {
    const input = { server: this.server, only, ...(patienceMs > 0 ? { patienceMs } : {}) };
    return this.judged(await slowReads.prove.executeWithOptions({ summary: `prove ${only}` }, [input]));
  }

  /** Into the run's record; those that do not hold come back. */
  judged(proof: Proof): CheckResult[] {
    this.waited(proof.remote);
    addProof(this.state, proof);
    return wrongOf(proof.checks);
  }

  /** What does not hold before the work begins is a person's to accept: then it does not count afterwards either. */
  async accepted(
    look: () => Promise<CheckResult[]>,
    { id = 'before', title = 'Proof before the work begins' } = {},
  ): Promise<string[]> {
    for (;;) {
      const wrong = await look();
      const ids = wrong.map((each) => each.id);
      if (ids.length === 0) return [];
      const error = notProved(this.state.server, wrong);
      if ((await this.failed(id, title, error)) === 'skip') return ids;
    }
  }

  /** A failed proof is a gate as a failed step is; to skip the one before exposure leaves the gateway unexposed. */
  async #unproved(id: 'verify' | 'exposed', wrong: readonly CheckResult[]): Promise<Answer> {
    const error = notProved(this.state.server, wrong);
    const answer = await this.failed(
      id,
      id === 'verify' ? 'Proof before exposure' : 'Proof from outside',
      error,
    );
    if (answer === 'skip' && id === 'verify') throw error;
    return answer;
  }

  /** Undoes after a failure, also where a person has said abort: by effects of its own, never by finding those that failed. */
  putBack(work: () => Promise<void>): Promise<void> {
    this.isAborting = false;
    this.#firstGeneration += 100;
    return work();
  }

  /** Secrets that only the server itself uses: made once, by the worker, into the vault. */
  async internalSecrets(): Promise<void> {
    await local.ensureSecrets({ server: this.server });
  }

  /** A one-off effect under the lock; it marks the host by itself. Its failure ends the run, unless a person is asked. */
  async task(
    group: string,
    id: string,
    title: string,
    work: (key: string) => Promise<Done>,
    { asks = false } = {},
  ): Promise<void> {
    const step = addTask(this.state, group, id, title);
    this.claimed = Promise.resolve();
    const done = await this.#attempts(step, work, asks);
    const status = done.changes.length > 0 ? 'changed' : 'ok';
    Object.assign(step, { status, changes: done.changes, error: undefined });
    step.durationMs = Date.now() - Date.parse(step.startedAt ?? '');
    this.waited(done.remote);
    recount(this.state);
  }

  /** Each attempt that a person asks for has effects of its own. */
  async #attempts(step: StepState, work: (key: string) => Promise<Done>, asks: boolean): Promise<Done> {
    for (let generation = 0; ; generation += 1) {
      try {
        return await work(`${workflowInfo().runId}.${step.id}.${generation}`);
      } catch (error) {
        if (isCancellation(error)) throw error;
        Object.assign(step, { status: 'failed', error: runError(error) });
        if (!asks || (await this.failed(step.id, step.title, error, step)) === 'skip') throw error;
      }
    }
  }

  /** A step that only a person can do; it closes when they say so or when the world shows it. */
  async manual(probe: string, question: Omit<Question, 'kind'>): Promise<void> {
    const now = await acts.probe({ server: this.server, probe });
    if (now.done) return;
    const asked = this.gates.ask({ ...question, kind: 'done', note: now.note });
    const watching = new CancellationScope();
    const watched = watching.run(() => waits.watch({ server: this.server, probe }));
    watched.then(() => this.gates.close(question.id, 'done')).catch(() => {});
    const answer = await asked.finally(() => watching.cancel());
    await watched.catch(() => {});
    if (answer.who === 'timeout') throw this.ended('GATE_TIMED_OUT', `nobody answered ${question.id}`);
  }

  /** Only looks: whether there is something to do, and which secrets are missing. */
  async survey(checklist: string): Promise<boolean> {
    const survey = await this.#survey(checklist, undefined);
    this.state.sealTo = survey.sealTo;
    this.waited(survey.remote);
    this.#missing = survey.missingSecrets;
    return survey.steps.some(({ status }) => status === 'drift');
  }

  /** Only looks, and once: whether nothing is left to do. A host that cannot be looked at is not so. */
  agrees(checklist: string, server = this.server): Promise<boolean> {
    return orNot(async () => {
      const options = { summary: `survey ${checklist}`, ...ONCE };
      const survey = await reads.survey.executeWithOptions(options, [{ server, checklist }]);
      this.state.sealTo = survey.sealTo;
      this.waited(survey.remote);
      this.#missing = [...new Set([...this.#missing, ...survey.missingSecrets])];
      return survey.steps.every(isDone) && survey.missingSecrets.every(isAskedFor);
    });
  }

  /** Only looks, and once: whether a preflight would find nothing wrong with the host. */
  isFit(): Promise<boolean> {
    const options = { summary: 'examine', ...ONCE };
    return orNot(async () => {
      const found = await reads.examine.executeWithOptions(options, [{ server: wholeOf(this.server) }]);
      return found.every(({ status }) => status === 'ok');
    });
  }

  /** The same of a step that only a person can do. */
  shows(probe: string): Promise<boolean> {
    const options = { summary: `probe ${probe}`, ...ONCE };
    return orNot(async () => {
      const { done } = await reads.probe.executeWithOptions(options, [{ server: this.server, probe }]);
      return done;
    });
  }

  async #survey(checklist: string, only: string | undefined): Promise<Survey> {
    const { from } = this.input;
    return this.attempt(`survey.${checklist}`, `Survey of ${checklist}`, () =>
      reads.survey.executeWithOptions({ summary: `survey ${checklist}` }, [
        { server: this.server, checklist, only, from },
      ]),
    );
  }

  /** For work that is no step: the host is looked at as before a first change, and marked as ours. */
  ready(): Promise<void> {
    return this.#claim();
  }

  /** The same where the tasks of this run were another host's until now. */
  arrived(): Promise<void> {
    this.claimed = undefined;
    return this.#claim();
  }

  /** Once a run, before its first change: everything that can be known to be wrong, all at once. */
  #claim(): Promise<void> {
    this.claimed ??= this.#preflight();
    return this.claimed;
  }

  async #preflight(): Promise<void> {
    for (;;) {
      try {
        const { who, takeOver } = this.input;
        const input = { server: wholeOf(this.server), run: this.state.run, who, takeOver };
        const { remote } = await acts.preflight.executeWithOptions({ summary: 'preflight' }, [input]);
        this.waited(remote);
        return;
      } catch (error) {
        if ((await this.failed('preflight', 'Preflight', error)) === 'skip') return;
      }
    }
  }

  async #step(plan: StepPlan, step: StepState): Promise<void> {
    if (isDone(plan) || this.isAborting) return;
    step.startedAt = iso(Date.now());
    // In a copy that is only tried nobody's hand is lost.
    let replaceEdited = this.input.replaceEdited || this.server.stack.is_trial === true;
    for (;;) {
      const generation = Math.max(this.#generations.get(this.#named(step)) ?? 0, this.#firstGeneration);
      step.status = 'running';
      try {
        await this.#apply(step, generation, replaceEdited);
        this.#generations.set(this.#named(step), generation + 1);
        break;
      } catch (error) {
        if (isCancellation(error)) throw error;
        const answer = await this.failed(step.id, step.title, error, step);
        if (answer === 'skip') break;
        replaceEdited ||= answer === 'replace';
        if (!STILL_RUNNING.includes(runError(error).code))
          this.#generations.set(this.#named(step), generation + 1);
      }
    }
    step.durationMs = Date.now() - Date.parse(step.startedAt);
    recount(this.state);
  }

  /** The same step of another gateway has effects of its own. */
  #named({ id }: StepState): string {
    const { partition } = this.server.stack;
    return partition === undefined ? id : `${partition}.${id}`;
  }

  async #apply(step: StepState, generation: number, replaceEdited: boolean): Promise<void> {
    const key = `${workflowInfo().runId}.${this.#named(step)}.${generation}`;
    const { who } = this.input;
    const input = { server: this.server, step: step.id, key, run: this.state.run, who, replaceEdited };
    const result = await acts.converge.executeWithOptions({ summary: `${step.id}: ${step.title}` }, [input]);
    step.status = result.outcome;
    step.changes = result.changes;
    step.notes = result.notes;
    step.error = undefined;
    this.waited(result.remote);
  }
}
