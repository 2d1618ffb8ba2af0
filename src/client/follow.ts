// Watches a run to its end, answers its gates, and leaves it alone when told to: it is a viewer, the run is elsewhere.
import { ClincherError } from '../errors.js';
import type { RunState } from '../model.js';
import type { Control, LiveTail, StartedRun } from './control.js';
import type { Deps } from './deps.js';
import { askGate } from './gates.js';
import type { Io } from './io.js';
import type { Screen } from './screen/screen.js';
import { watchEnd } from './watch-end.js';

export interface FollowOptions {
  timeoutMs?: number | undefined;
  /** Gates are asked here; otherwise an open gate ends the watching. */
  answers: boolean;
}

export interface Followed {
  state: RunState;
  /** Why we stopped looking although the run goes on. */
  left?: 'detached' | 'timeout' | 'gate' | undefined;
}

const NOBODY_MS = 5_000;
const TAIL_EVERY_MS = 1_000;

/** Often at first, when most happens and somebody looks; seldom once a run takes its time. */
export const paceMs = (elapsedMs: number): number => {
  if (elapsedMs < 1_000) return 50;
  if (elapsedMs < 10_000) return 150;
  return elapsedMs < 60_000 ? 500 : 2_000;
};

const isOver = (state: RunState): boolean => state.status !== 'running' && state.status !== 'waiting';

export async function follow(
  io: Io,
  deps: Deps,
  control: Control,
  run: StartedRun,
  screen: Screen,
  options: FollowOptions,
): Promise<Followed> {
  const began = deps.now();
  const watch = watchEnd(control, run.run);
  let detach: () => void = () => {};
  const detached = new Promise<'detached'>((resolve) => {
    detach = () => resolve('detached');
  });
  const stopListening = io.onInterrupt(detach);
  let last: RunState | undefined;
  let tails: LiveTail[] = [];
  let tailedAt = 0;
  const away = awayTeller(screen);
  const finish = (followed: Followed): Followed => {
    screen.end(followed.state);
    return followed;
  };
  try {
    for (;;) {
      const wait = paceMs(deps.now() - began);
      const what = await Promise.race([watch.ended, detached, step(control, run.run)]);
      if (what === 'detached') return finish({ state: last ?? unseen(run), left: 'detached' });
      if (what instanceof ClincherError) {
        if (!last && deps.now() - began > NOBODY_MS) await mustHaveWorker(control, what);
        away.isAway();
      } else {
        away.isBack();
        last = what;
        if (isOver(what)) return finish({ state: what });
        if (screen.wantsTails && deps.now() - tailedAt >= TAIL_EVERY_MS) {
          tails = await control.tail(run.run).catch(() => tails);
          tailedAt = deps.now();
        }
        screen.update(what, tails);
        const left = await atGates(io, deps, control, screen, what, options);
        if (left) return finish({ state: what, left });
      }
      if (options.timeoutMs !== undefined && deps.now() - began >= options.timeoutMs)
        return finish({ state: last ?? unseen(run), left: 'timeout' });
      await Promise.race([watch.ended, detached, deps.sleep(wait)]);
    }
  } finally {
    watch.stop();
    stopListening();
  }
}

/** The state, or what hinders us from seeing it: never throws for a worker that is away. */
async function step(control: Control, run: string): Promise<RunState | ClincherError> {
  try {
    return await control.state(run);
  } catch (error) {
    const isAway =
      error instanceof ClincherError && /^(WORKER_NOT_RUNNING|TEMPORAL_UNREACHABLE)$/.test(error.code);
    if (isAway) return error;
    throw error;
  }
}

async function mustHaveWorker(control: Control, error: ClincherError): Promise<void> {
  const seen = await control.worker().catch(() => undefined);
  if (seen && !seen.alive)
    throw new ClincherError(
      'WORKER_NOT_RUNNING',
      'No worker has taken the run for 5 s; it is kept and waits for one.',
      {
        cause: error,
      },
    );
}

function awayTeller(screen: Screen): { isAway(): void; isBack(): void } {
  let told = false;
  return {
    isAway: () => {
      if (!told) screen.note('The worker is away; the run is safe and goes on when it is back.');
      told = true;
    },
    isBack: () => {
      if (told) screen.note('The worker is back.');
      told = false;
    },
  };
}

async function atGates(
  io: Io,
  deps: Deps,
  control: Control,
  screen: Screen,
  state: RunState,
  { answers, timeoutMs }: FollowOptions,
): Promise<'gate' | 'detached' | undefined> {
  const gate = state.gates[0];
  if (!gate) return undefined;
  // With --timeout somebody expects an answer from elsewhere in that time.
  if (!answers) return timeoutMs === undefined ? 'gate' : undefined;
  screen.pause();
  const end = await askGate(io, deps, { control, state, gate });
  return { left: 'gate', interrupted: 'detached', answered: undefined, closed: undefined }[end] as
    | 'gate'
    | 'detached'
    | undefined;
}

const unseen = (run: StartedRun): RunState => ({
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
