// Watches a run that waits for its turn: says on one line who is at work, sees it begin, and leaves it alone when told to.
import { ClincherError } from '../errors.js';
import type { RunState } from '../model.js';
import type { Control, RunSummary, StartedRun } from './control.js';
import type { Deps, Session } from './deps.js';
import { type Followed, type FollowOptions, follow, isAway, unseen } from './follow.js';
import type { Io } from './io.js';
import { recentRuns, recordRun } from './recent.js';
import { makeScreen, type ScreenOptions } from './screen/screen.js';
import { safe } from './view/text.js';
import { atLongest, isBusy } from './waits.js';

const POLL_MS = 2_000;
/** A CI system kills a job that says nothing for some minutes. */
const QUIET_MS = 120_000;
const END_MS = 10_000;

/** Waits with it where it waits, then follows it to its end; `timeoutMs` is for both together. */
export async function followFrom(
  io: Io,
  deps: Deps,
  { control, webUrl }: Session,
  first: StartedRun,
  options: Omit<ScreenOptions, 'webUrl' | 'now'> & FollowOptions,
): Promise<Followed> {
  const began = deps.now();
  const run = first.waits ? await itsTurn(io, deps, control, first, options) : first;
  if ('state' in run) return run;
  const screen = await makeScreen(io, run, { ...options, webUrl: webUrl(run), now: deps.now });
  const { answers, timeoutMs, pace } = options;
  const leftMs = timeoutMs === undefined ? undefined : timeoutMs - (deps.now() - began);
  return follow(io, deps, control, run, screen, { answers, timeoutMs: leftMs, pace });
}

type TurnOptions = Pick<FollowOptions, 'timeoutMs'> & Pick<ScreenOptions, 'quiet' | 'several'>;

/** The run that it has become; or how it ended or was left without one. */
async function itsTurn(
  io: Io,
  deps: Deps,
  control: Control,
  first: StartedRun,
  options: TurnOptions,
): Promise<RunSummary | Followed> {
  let leave: () => void = () => {};
  const detached = new Promise<'detached'>((resolve) => {
    leave = () => resolve('detached');
  });
  const stopListening = io.onInterrupt(leave);
  try {
    return await new Waiter(io, deps, control, first, options).watch(detached);
  } finally {
    stopListening();
  }
}

class Waiter {
  readonly #began: number;
  #last: RunSummary | undefined;
  #said = '';
  #saidAt = 0;

  constructor(
    private readonly io: Io,
    private readonly deps: Deps,
    private readonly control: Control,
    private readonly first: StartedRun,
    private readonly options: TurnOptions,
  ) {
    this.#began = deps.now();
  }

  async watch(detached: Promise<'detached'>): Promise<RunSummary | Followed> {
    for (;;) {
      const seen = await Promise.race([detached, this.#look()]);
      if (seen === 'detached') return this.#left(seen);
      if (seen && !seen.waits) return this.#begins(seen);
      if (seen?.endedAt !== undefined) return { state: await endOf(this.control, seen) };
      if (this.#isLate()) return this.#left('timeout');
      if ((await Promise.race([detached, this.deps.sleep(POLL_MS)])) === 'detached')
        return this.#left('detached');
    }
  }

  /** Nothing when it cannot be seen just now: a worker that is away ends no waiting. */
  async #look(): Promise<RunSummary | undefined> {
    try {
      const seen = await this.control.find(this.first.run);
      this.#last = seen;
      if (seen.waits && seen.endedAt === undefined) await this.#say(seen);
      return seen;
    } catch (error) {
      if (isAway(error)) return undefined;
      throw error;
    }
  }

  /** Anew when somebody else is at work, and for a log now and then. */
  async #say(seen: RunSummary): Promise<void> {
    const holder = await this.control.holder(seen.server);
    if (this.options.quiet || !holder) return;
    const now = this.deps.now();
    const isDue = !this.io.isTTY && now - this.#saidAt >= QUIET_MS;
    const busy = isBusy(holder);
    if (busy === this.#said && !isDue) return;
    this.#said = busy;
    this.#saidAt = now;
    const leave = this.io.isTTY ? '; Ctrl-C leaves it waiting' : '';
    this.io.err(safe(`${busy}. ${seen.runbook} (${seen.run}) waits its turn${atLongest(seen, now)}${leave}`));
    this.io.err('\n');
  }

  #begins(begun: RunSummary): RunSummary {
    const { env } = this.io;
    if (recentRuns(env).some(({ run }) => run === this.first.run)) recordRun(env, begun);
    // Of many each says by itself that it begins.
    if (!this.options.quiet && !this.options.several) this.io.err(`its turn: run ${begun.run} begins\n`);
    return begun;
  }

  #isLate(): boolean {
    const { timeoutMs } = this.options;
    return timeoutMs !== undefined && this.deps.now() - this.#began >= timeoutMs;
  }

  /** Asks nobody: whoever leaves must not have to wait for an answer. */
  #left(left: 'detached' | 'timeout'): Followed {
    const { runbook, who, startedAt } = { ...unseen(this.first), ...this.#last };
    const state: RunState = { ...unseen(this.first), runbook, who, startedAt, status: 'waiting' };
    return { state, left, waiting: { ...this.first, server: state.server } };
  }
}

async function endOf(control: Control, { run, server }: RunSummary): Promise<RunState> {
  const state = await control.ended(run, END_MS);
  if (state) return state;
  throw new ClincherError('TEMPORAL_UNREACHABLE', `Temporal did not say how ${run} of ${server} ended.`);
}
