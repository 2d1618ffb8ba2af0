// The run's own record: what was surveyed, what became of each step, what waits. Plain data and small verbs.
import type {
  CheckResult,
  Counts,
  GroupState,
  HostContext,
  Outcome,
  Proof,
  RunError,
  RunInput,
  RunState,
  StepPlan,
  StepState,
  StepStatus,
  Survey,
} from '../model.js';

export interface Begin extends Pick<RunInput, 'who'> {
  server: Pick<RunInput['server'], 'name' | 'address'>;
}

export function newState(input: Begin, run: string, runbook: string, now: number): RunState {
  return {
    run,
    server: input.server.name,
    runbook,
    address: input.server.address,
    who: input.who,
    startedAt: iso(now),
    status: 'running',
    groups: [],
    gates: [],
    outcome: noCounts(),
    remoteMs: 0,
    surveys: [],
  };
}

export const iso = (ms: number): string => new Date(ms).toISOString();
const noCounts = (): Counts => ({ ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0 });

const OUTCOMES: readonly StepStatus[] = ['ok', 'changed', 'skipped', 'failed', 'unreachable'];

/** Counts are derived from the steps, so the two cannot disagree. */
export function recount(state: RunState): void {
  state.outcome = noCounts();
  for (const { status } of state.groups.flatMap((group) => group.steps)) {
    if (OUTCOMES.includes(status)) state.outcome[status as Outcome] += 1;
  }
}

const FIRST: Record<StepPlan['status'], StepStatus> = {
  ok: 'ok',
  skipped: 'skipped',
  drift: 'pending',
  unknown: 'pending',
};

/** A group per checklist: what is as wanted is done already, the rest is pending. */
export function addSurvey(state: RunState, survey: Survey, label = ''): GroupState {
  const group = { name: `${label}${survey.checklist}`, steps: survey.steps.map(stepState) };
  state.groups.push(group);
  state.sealTo = survey.sealTo;
  state.host ??= survey.host as HostContext;
  recount(state);
  return group;
}

/** What a reader should know, and nothing was done about. */
export function addNote(state: RunState, group: string, note: string): void {
  const step: StepState = { id: `note.${group}`, title: note, status: 'ok', changes: [], notes: [] };
  state.groups.push({ name: group, steps: [step] });
  recount(state);
}

/** Another way takes its place: what failed is told, and does not make the run a failed one. */
export function passOver(state: RunState, isIt: (id: string) => boolean): void {
  const steps = state.groups.flatMap((group) => group.steps);
  for (const step of steps) if (isIt(step.id) && step.status === 'failed') step.status = 'skipped';
  recount(state);
}

/** A one-off effect stands in the state as a step that runs. */
export function addTask(state: RunState, group: string, id: string, title: string): StepState {
  const startedAt = iso(Date.now());
  const step: StepState = { id, title, status: 'running', startedAt, changes: [], notes: [] };
  state.groups.push({ name: group, steps: [step] });
  return step;
}

const VERDICTS: Record<CheckResult['verdict'], StepStatus> = {
  pass: 'ok',
  fail: 'failed',
  unknown: 'unknown',
  skipped: 'skipped',
};

/** Checks stand in the state as steps of a group of their own; a second look replaces the first. */
export function addProof(state: RunState, { checks }: Proof): void {
  const known = new Set(checks.map(({ id }) => id));
  const group = state.groups.find(({ name }) => name === 'checks') ?? newGroup(state);
  group.steps = [...group.steps.filter(({ id }) => !known.has(id)), ...checks.map(checkState)];
  recount(state);
}

function newGroup(state: RunState): GroupState {
  const group: GroupState = { name: 'checks', steps: [] };
  state.groups.push(group);
  return group;
}

/** Checks that did not hold before either, which a person has accepted. */
export function forgive(state: RunState, ids: readonly string[]): void {
  const checks = state.groups.find(({ name }) => name === 'checks')?.steps ?? [];
  for (const step of checks) if (ids.includes(step.id) && step.status !== 'ok') step.status = 'skipped';
  recount(state);
}

export const checkState = ({ id, title, verdict, evidence, remedy }: CheckResult): StepState => ({
  id,
  title,
  status: VERDICTS[verdict],
  changes: [],
  notes: evidence,
  ...(verdict === 'fail' || verdict === 'unknown'
    ? { error: { code: 'NOT_PROVED', message: evidence[0] ?? title, evidence, remedy } }
    : {}),
});

const stepState = ({ id, title, status, notes, reason }: StepPlan): StepState => ({
  id,
  title,
  status: FIRST[status],
  changes: [],
  notes: reason === undefined ? notes : [...notes, reason],
});

/** Error as people see it, from what Temporal hands over: `type` is our code, details carry evidence and remedy. */
export function runError(error: unknown): RunError {
  const cause = root(error);
  const [details] = (cause.details ?? []) as { evidence?: string[]; remedy?: string[] }[];
  return {
    code: cause.type ?? 'INTERNAL',
    message: cause.message,
    evidence: details?.evidence,
    remedy: details?.remedy,
  };
}

interface FailureLike {
  message: string;
  type?: string | null;
  details?: unknown[] | null;
  cause?: FailureLike;
}

/** The innermost failure that has a code of ours. */
function root(error: unknown): { message: string; type?: string | undefined; details?: unknown[] } {
  let found = error as FailureLike;
  for (let at: FailureLike | undefined = found; at; at = at.cause) {
    if (at.type && /^[A-Z][A-Z_]+$/.test(at.type))
      return { message: at.message, type: at.type, details: at.details ?? [] };
    found = at;
  }
  return { message: found.message };
}
