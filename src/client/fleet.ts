// Looks on while a run goes over several servers: each server's run is shown as it begins, and the whole goes on without us.
import type { FleetMember, RunState } from '../model.js';
import type { Control, RunSummary } from './control.js';
import type { Deps, Session } from './deps.js';
import { type Followed, isAway, mustHaveWorker, unseen } from './follow.js';
import type { Io } from './io.js';
import type { ScreenOptions } from './screen/screen.js';
import { followFrom } from './turn.js';

export interface FleetFollowed {
  /** In the order of the servers, of those that were begun. */
  results: Followed[];
  /** Not begun, and never will be by this run. */
  spared: string[];
  /** Undefined: we have left before its end. */
  ended?: RunState | undefined;
  isInterrupted: boolean;
}

const POLL_MS = 500;
/** So many runs are looked at as often as one is; of more each is looked at more seldom. */
const AT_ONCE = 8;

export interface FleetOptions extends Omit<ScreenOptions, 'webUrl' | 'now'> {
  timeoutMs: number | undefined;
}

export async function followFleet(
  io: Io,
  deps: Deps,
  session: Session,
  fleet: RunSummary,
  options: FleetOptions,
): Promise<FleetFollowed> {
  let leave: () => void = () => {};
  const detached = new Promise<'detached'>((resolve) => {
    leave = () => resolve('detached');
  });
  const stopListening = io.onInterrupt(leave);
  try {
    return await new FleetFollower(io, deps, session, fleet, options).watch(detached);
  } finally {
    stopListening();
  }
}

class FleetFollower {
  readonly #began: number;
  readonly #runs = new Map<string, Promise<Followed>>();
  readonly #control: Control;
  #last: RunState | undefined;
  /** Somebody has to do something elsewhere, or the time is up: then the others are seen to their end, and no more. */
  #isLeft = false;
  #open = 0;

  constructor(
    private readonly io: Io,
    private readonly deps: Deps,
    private readonly session: Session,
    private readonly fleet: RunSummary,
    private readonly options: FleetOptions,
  ) {
    this.#began = deps.now();
    this.#control = session.control;
  }

  async watch(detached: Promise<'detached'>): Promise<FleetFollowed> {
    for (;;) {
      if ((await Promise.race([detached, this.#look()])) === 'detached') return this.#end(true);
      for (const member of this.#members()) this.#follow(member);
      if (this.#last?.endedAt !== undefined || this.#isLate()) return this.#end(false);
      if (this.#isLeft && this.#open === 0) return this.#end(false);
      if ((await Promise.race([detached, this.deps.sleep(POLL_MS)])) === 'detached') return this.#end(true);
    }
  }

  /** A worker that is away ends nothing. */
  async #look(): Promise<void> {
    try {
      this.#last = await this.#control.state(this.fleet.run);
    } catch (error) {
      if (!isAway(error)) throw error;
      if (!this.#last) await mustHaveWorker(this.#control, this.#elapsed(), error);
    }
  }

  #members(): FleetMember[] {
    return this.#last?.fleet?.members ?? [];
  }

  #follow(member: FleetMember): void {
    const { server, run, workflowId = '', runId = '' } = member;
    if (run === undefined || this.#runs.has(server)) return;
    const { timeoutMs } = this.options;
    const left = timeoutMs === undefined ? undefined : Math.max(1, timeoutMs - this.#elapsed());
    const pace = Math.max(1, Math.ceil(this.#members().length / AT_ONCE));
    const options = { ...this.options, several: true, answers: false, timeoutMs: left, pace };
    const first = { run, workflowId, runId, waits: {} };
    this.#open += 1;
    const following = followFrom(this.io, this.deps, this.session, first, options).then((followed) => {
      this.#open -= 1;
      this.#isLeft ||= followed.left !== undefined;
      return followed;
    });
    // Where it fails we hear of it when all are awaited.
    following.catch(() => {});
    this.#runs.set(server, following);
  }

  #elapsed(): number {
    return this.deps.now() - this.#began;
  }

  #isLate(): boolean {
    const { timeoutMs } = this.options;
    return timeoutMs !== undefined && this.#elapsed() >= timeoutMs;
  }

  async #end(isInterrupted: boolean): Promise<FleetFollowed> {
    const ended = this.#last?.endedAt === undefined || isInterrupted ? undefined : this.#last;
    const results: Followed[] = [];
    for (const member of this.#members()) {
      const following = this.#runs.get(member.server);
      if (following !== undefined) results.push(await following);
      else if (member.error) results.push({ state: neverBegun(member) });
    }
    const spared = this.#members().flatMap(({ server, status }) => (status === 'spared' ? [server] : []));
    return { results, spared, ended, isInterrupted };
  }
}

const neverBegun = ({ server, error }: FleetMember): RunState => ({
  ...unseen({ run: server }),
  ...{ server, status: 'failed', error },
  endedAt: new Date().toISOString(),
});
