// What the last runs of a server tell about it. Nothing is contacted: looking must not wear out a rate limit.
import type { RunState, ScheduleSeen, Server, WatchSeen } from '../model.js';
import { findRunbook } from '../workflows/catalog.js';
import type { Control, RunSummary } from './control.js';
import { type KnownBackup, knownBackup } from './known-backup.js';
import { planCounts } from './view/json.js';

export interface Health {
  server: string;
  address: string;
  reach: 'reachable' | 'unreachable' | 'unknown';
  /** When that was seen. */
  seenAt?: string | undefined;
  drift: 'none' | 'drift' | 'unknown';
  drifted: string[];
  driftAt?: string | undefined;
  /** The last operation, open or ended. */
  last?: RunSummary | undefined;
  lastState?: RunState | undefined;
  /** The newest that some run has told of. */
  backup?: KnownBackup | undefined;
  /** What its schedules start next. */
  next?: { runbook: string; at: string } | undefined;
  /** What the watchdog last saw; absent: it never looked. */
  watch?: WatchSeen | undefined;
  /** What waits until nobody works on it, by hand or by its schedule; longest first. */
  waiting: RunSummary[];
}

const CUT_OFF = new Set(['UNREACHABLE', 'HOST_LOST', 'AUTH_REFUSED', 'HOST_KEY_MISMATCH']);
/** Which see all that the configuration asks for. */
const LOOKS = new Set(['verify', 'plan', 'drift-report']);
/** They contact no server, so they say nothing of one. */
const HERE_ALONE = new Set(['alerts-test', 'audit-sign']);
const LOOKED_BACK = 20;
const RESULT_MS = 3_000;

export async function healthOf(control: Control, server: Server): Promise<Health> {
  const states = new Map<string, Promise<RunState | undefined>>();
  const stateOf: StateOf = (run) => {
    const known = states.get(run.run) ?? readState(control, run);
    states.set(run.run, known);
    return known;
  };
  const runs = await control.list({ server: server.name, limit: LOOKED_BACK });
  const last = runs.find((run) => findRunbook(run.runbook)?.mutating);
  const lastState = last ? await stateOf(last) : undefined;
  const ended = runs.find((run) => isOver(run) && run.status !== 'aborted' && !HERE_ALONE.has(run.runbook));
  const newest = ended === last ? lastState : ended && (await stateOf(ended));
  const [backup, seen] = await Promise.all([knownBackup(runs, stateOf), drift(stateOf, runs, lastState)]);
  return {
    server: server.name,
    address: server.address,
    ...reach(newest, ended),
    ...seen,
    last,
    lastState,
    ...(backup ? { backup } : {}),
    waiting: [],
  };
}

const isOver = (run: RunSummary): boolean => run.endedAt !== undefined;

/** Each run is asked for once. */
type StateOf = (run: RunSummary) => Promise<RunState | undefined>;

const readState = (control: Control, run: RunSummary): Promise<RunState | undefined> =>
  (isOver(run) ? control.ended(run.run, RESULT_MS) : control.state(run.run)).catch(() => undefined);

function reach(state: RunState | undefined, run: RunSummary | undefined): Pick<Health, 'reach' | 'seenAt'> {
  if (!state || !run) return { reach: 'unknown' };
  const errors = [state.error, ...state.groups.flatMap((group) => group.steps.map((step) => step.error))];
  const isCutOff = errors.some((error) => error && CUT_OFF.has(error.code));
  return { reach: isCutOff ? 'unreachable' : 'reachable', seenAt: run.endedAt };
}

/** A run that went through everything counts as a proof of its own; a look with `--only` saw too little. */
async function drift(
  stateOf: StateOf,
  runs: readonly RunSummary[],
  last: RunState | undefined,
): Promise<Pick<Health, 'drift' | 'drifted' | 'driftAt'>> {
  for (const run of runs.filter(isOver)) {
    // What was seen before a change says nothing of what is there after it.
    const book = findRunbook(run.runbook);
    if (book?.mutating && !book.keepsState) return proved(run, last);
    if (!LOOKS.has(run.runbook) || run.status !== 'done') continue;
    const state = await stateOf(run);
    if (!state || isPartial(state)) continue;
    const steps = state.surveys.flatMap((survey) => survey.steps);
    const drifted = steps.filter((step) => step.status === 'drift').map((step) => step.id);
    const isUnknown = planCounts(state.surveys).unknown > 0 && drifted.length === 0;
    return {
      drift: drifted.length > 0 ? 'drift' : isUnknown ? 'unknown' : 'none',
      drifted,
      driftAt: run.endedAt,
    };
  }
  return { drift: 'unknown', drifted: [] };
}

function proved(run: RunSummary, last: RunState | undefined): Pick<Health, 'drift' | 'drifted' | 'driftAt'> {
  const isProof =
    run.runbook === 'provision' && run.status === 'done' && last?.run === run.run && !isPartial(last);
  return { drift: isProof ? 'none' : 'unknown', drifted: [], ...(isProof ? { driftAt: run.endedAt } : {}) };
}

const EXCLUDED = /^(not in --only|before --from)/;

const isPartial = (state: RunState): boolean =>
  state.surveys.some((survey) => survey.steps.some((step) => EXCLUDED.test(step.reason ?? ''))) ||
  state.groups.some((group) => group.steps.some((step) => step.notes.some((note) => EXCLUDED.test(note))));

export function exitOfHealth(health: Health): number {
  if (health.reach === 'unreachable') return 5;
  const isCritical = health.watch?.alerts.some(({ level }) => level === 'critical');
  if (health.last?.status === 'failed' || isCritical) return 1;
  return health.drift === 'drift' ? 3 : 0;
}

export const withWaiting = (healths: readonly Health[], waiting: readonly RunSummary[]): Health[] =>
  healths.map((health) => ({
    ...health,
    waiting: waiting.filter(({ server }) => server === health.server),
  }));

/** The soonest of each server; a schedule that is paused starts nothing. */
export function withNext(healths: readonly Health[], schedules: readonly ScheduleSeen[]): Health[] {
  return healths.map((health) => {
    const due = schedules.filter(
      // The watchdog looks every few minutes: nobody wants to know of the next time.
      ({ server, runbook, paused, next }) =>
        server === health.server && runbook !== 'watchdog' && !paused && next,
    );
    const [first] = due.toSorted((a, b) => (a.next! < b.next! ? -1 : 1));
    return first ? { ...health, next: { runbook: first.runbook, at: first.next! } } : health;
  });
}

/** Its look is mostly younger than any run: then it knows better whether the server can be reached. */
export const withWatch = (healths: readonly Health[], watches: readonly WatchSeen[]): Health[] =>
  healths.map((health) => {
    const watch = watches.find(({ server }) => server === health.server);
    if (watch === undefined) return health;
    const isLost = watch.alerts.some(({ key }) => key === 'watch.host');
    const isNewer = health.seenAt === undefined || watch.at > health.seenAt;
    const reach = isLost ? ('unreachable' as const) : ('reachable' as const);
    return { ...health, watch, ...(isNewer ? { reach, seenAt: watch.at } : {}) };
  });
