// Watches a run to its end, answers its gates, and leaves it alone when told to: it is a viewer, the run is elsewhere.
import { ClincherError } from '../errors.js';
import type { RunState } from '../model.js';
import type { Control, LiveTail, RunSummary, StartedRun } from './control.js';
import type { Deps } from './deps.js';
import { askGate } from './gates.js';
import type { Io } from './io.js';
import type { Screen } from './screen/screen.js';
import { watchEnd } from './watch-end.js';

export interface FollowOptions {
  timeoutMs?: number | undefined;
  /** Gates are asked here; otherwise an open gate ends the watching. */
  answers: boolean;
  /** Where many are followed at once each is looked at more seldom, by this factor. */
  pace?: number | undefined;
}

export interface Followed {
  state: RunState;
  /** Why we stopped looking although the run goes on. */
  left?: 'detached' | 'timeout' | 'gate' | undefined;
  /** It had not begun when we stopped looking. */
  waiting?: Pick<RunSummary, 'run' | 'server' | 'waits'> | undefined;
}

const NOBODY_MS = 5_000;
/** One that is being started is given longer: loading it takes a second, or twenty on a busy machine. */
const COMING_MS = 60_000;
const TAIL_EVERY_MS = 1_000;

/**
 * Often at first, when most happens and somebody looks; seldom once a run takes its time. The end is told by itself, so
 * where nobody looks a question only finds gates, and costs the worker time that the run could have.
 */
export function paceMs(elapsedMs: number, isLive: boolean): number {
  if (elapsedMs < 10_000) return isLive ? 100 : 250;
  return elapsedMs < 60_000 ? 500 : 2_000;
}

export async function follow(
  io: Io,
  deps: Deps,
  control: Control,
  run: StartedRun,
  screen: Screen,
  options: FollowOptions,
): Promise<Followed> {
  const watch = watchEnd(control, run.run);
  let leave: () => void = () => {};
  const detached = new Promise<'detached'>((resolve) => {
    leave = () => resolve('detached');
  });
  const stopListening = io.onInterrupt(leave);
  try {
    const followed = await new Follower(io, deps, control, run, screen, options).watch(watch.ended, detached);
    screen.end(followed.state);
    return followed;
  } catch (error) {
    screen.end();
    throw error;
  } finally {
    watch.stop();
    stopListening();
  }
}

class Follower {
  readonly #began: number;
  #last: RunState | undefined;
  #tails: readonly LiveTail[] = [];
  #tailedAt = 0;
  #isAway = false;

  constructor(
    private readonly io: Io,
    private readonly deps: Deps,
    private readonly control: Control,
    private readonly run: StartedRun,
    private readonly screen: Screen,
    private readonly options: FollowOptions,
  ) {
    this.#began = deps.now();
  }

  async watch(ended: Promise<RunState>, detached: Promise<'detached'>): Promise<Followed> {
    const pause = () => {
      const ms = paceMs(this.#elapsed(), this.screen.wantsTails) * (this.options.pace ?? 1);
      return Promise.race([ended, detached, this.deps.sleep(ms)]);
    };
    if (!this.screen.wantsTails) await pause();
    for (;;) {
      const seen = await Promise.race([ended, detached, this.#look()]);
      const left = seen === 'detached' ? seen : await this.#take(seen);
      if (left !== undefined || this.#isOver()) return { state: this.#last ?? unseen(this.run), left };
      await pause();
    }
  }

  #elapsed(): number {
    return this.deps.now() - this.#began;
  }

  #isOver(): boolean {
    return this.#last !== undefined && this.#last.status !== 'running' && this.#last.status !== 'waiting';
  }

  /** The state, or what hinders us from seeing it: a worker that is away ends nothing. */
  async #look(): Promise<RunState | ClincherError> {
    try {
      return await this.control.state(this.run.run);
    } catch (error) {
      if (isAway(error)) return error;
      throw error;
    }
  }

  async #take(seen: RunState | ClincherError): Promise<Followed['left']> {
    const left = seen instanceof ClincherError ? await this.#missed(seen) : await this.#show(seen);
    const { timeoutMs } = this.options;
    return left ?? (timeoutMs !== undefined && this.#elapsed() >= timeoutMs ? 'timeout' : undefined);
  }

  async #missed(error: ClincherError): Promise<undefined> {
    if (!this.#last) await mustHaveWorker(this.control, this.#elapsed(), error);
    if (!this.#isAway) this.screen.note('The worker is away; the run is safe and goes on when it is back.');
    this.#isAway = true;
  }

  async #show(state: RunState): Promise<Followed['left']> {
    if (this.#isAway) this.screen.note('The worker is back.');
    this.#isAway = false;
    this.#last = state;
    if (this.#isOver()) return undefined;
    if (this.screen.wantsTails) await this.#tail();
    this.screen.update(state, this.#tails);
    return this.#atGate(state);
  }

  async #tail(): Promise<void> {
    if (this.deps.now() - this.#tailedAt < TAIL_EVERY_MS) return;
    this.#tails = await this.control.tail(this.run.run).catch(() => this.#tails);
    this.#tailedAt = this.deps.now();
  }

  async #atGate(state: RunState): Promise<Followed['left']> {
    const gate = state.gates[0];
    const { answers, timeoutMs } = this.options;
    if (!gate) return undefined;
    // With --timeout somebody expects an answer from elsewhere in that time.
    if (!answers) return timeoutMs === undefined ? 'gate' : undefined;
    this.screen.pause();
    const end = await askGate(this.io, this.deps, { control: this.control, state, gate });
    if (end === 'interrupted') return 'detached';
    return end === 'left' ? 'gate' : undefined;
  }
}

export async function mustHaveWorker(
  control: Control,
  waitedMs: number,
  cause: ClincherError,
): Promise<void> {
  if (waitedMs <= NOBODY_MS) return;
  const seen = await control.worker().catch(() => undefined);
  if (!seen || seen.alive || (seen.isComing && waitedMs <= COMING_MS)) return;
  const message = `No worker has taken the run for ${Math.round(waitedMs / 1000)} s; it is kept and waits for one.`;
  throw new ClincherError('WORKER_NOT_RUNNING', message, { cause });
}

/** It hinders us from seeing a run, and ends none. */
export const isAway = (error: unknown): error is ClincherError =>
  error instanceof ClincherError && /^(WORKER_NOT_RUNNING|TEMPORAL_UNREACHABLE)$/.test(error.code);

/** What can be said of a run that nobody has looked at. */
export const unseen = (run: Pick<StartedRun, 'run'>): RunState => ({
  run: run.run,
  server: run.run.replace(/-[0-9a-f]+$/, ''),
  runbook: '',
  address: '',
  startedAt: new Date().toISOString(),
  status: 'running',
  groups: [],
  gates: [],
  outcome: { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0 },
  who: '',
  remoteMs: 0,
  surveys: [],
});
