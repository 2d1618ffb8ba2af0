// diagnose: what may cause what is wrong, likeliest first; a person chooses what is mended, a run of its own mends it, and it is looked at again.
import { isCancellation } from '@temporalio/workflow';
import type { Cause, Diagnosed, Mending, RunInput, RunState, StepState } from '../model.js';
import { slowReads } from './activities.js';
import { speakable } from './messages.js';
import { alone } from './partitions.js';
import { Run } from './run.js';
import { addTask, checkState, iso, recount, runError } from './state.js';
import { begun } from './turn.js';

/** Nothing is held up meanwhile; what was seen a day ago is worth another look. */
const ANSWER_WITHIN_MS = 24 * 3600_000;
/** Whoever is at work on the server may be the cause: a backup ends, a provision too. */
const PATIENCE_SECONDS = 10 * 60;

const GROUP = 'diagnosis';

export const diagnose = (input: RunInput): Promise<RunState> => {
  // Partitions have checks and a run of their own.
  const run = new Run({ ...input, server: alone(input.server) }, 'diagnose');
  return run.tell(async () => {
    let seen = await looked(run);
    for (let one = await chosen(run, seen); one !== undefined; one = await chosen(run, seen)) {
      const done = await repaired(run, one);
      seen = await looked(run);
      for (const each of done) settle(run, each, seen.causes);
    }
  });
};

async function looked(run: Run): Promise<Diagnosed> {
  const { state } = run;
  const seen = await run.attempt('look', 'A look at everything', () =>
    slowReads.diagnose.executeWithOptions({ summary: 'look at everything' }, [{ server: run.server }]),
  );
  const { causes, checks, outside, remote } = seen;
  run.waited(remote);
  state.causes = causes;
  state.proof = { checks, outside, remoteMs: state.remoteMs, remote, roundTrips: 3 };
  const others = state.groups.filter(({ name }) => name !== GROUP);
  state.groups = [...others, { name: GROUP, steps: checks.map(checkState) }];
  recount(state);
  return seen;
}

interface Chosen {
  mendings: readonly Mending[];
  /** Whose word the repairs are done on. */
  who: string;
}

/** Undefined: it is left as it is, or nothing that was found can be mended by a run. */
async function chosen(run: Run, { causes, together = [] }: Diagnosed): Promise<Chosen | undefined> {
  const single = causes.flatMap(({ id, repair }): Mending[] => (repair ? [{ causes: [id], repair }] : []));
  if (single.length === 0) return undefined;
  const all = together.flatMap((each) => each.causes);
  const { value, who } = await run.asked({
    ...{ id: 'repair', title: `${likely(causes)}, likeliest first: which is repaired?` },
    options: [...single.flatMap((each) => each.causes), ...(all.length > 1 ? ['all'] : []), 'leave'],
    instructions: [...causes.flatMap(told), ...(all.length > 1 ? toldOfAll(together) : [])],
    ...{ timeoutMs: ANSWER_WITHIN_MS, onTimeout: 'leave' },
  });
  const mendings = value === 'all' ? together : single.filter((each) => each.causes.includes(value));
  return mendings.length > 0 ? { mendings, who } : undefined;
}

const likely = ({ length }: readonly Cause[]): string =>
  length === 1 ? 'One likely cause' : `${length} likely causes`;

/** Everything that the repair would change is said, since it replaces what a hand wrote. */
const told = ({ id, symptom, title, evidence, repair, changes, byHand }: Cause): string[] => [
  `${id}: ${symptom}: ${title}`,
  `seen: ${evidence.join('; ')}`,
  ...(repair === undefined ? [`by hand: ${byHand.join('; ')}`] : [`would: ${repair.command}`, ...changes]),
];

const toldOfAll = (together: readonly Mending[]): string[] => [
  `all: ${together.flatMap(({ causes }) => causes).join(', ')}`,
  ...together.map(({ repair }) => `would: ${repair.command}`),
];

interface Done {
  causes: readonly string[];
  step: StepState;
}

/** One after the other: there is one lock, and what one of them starts the next may need. */
async function repaired(run: Run, { mendings, who }: Chosen): Promise<Done[]> {
  const done: Done[] = [];
  for (const each of mendings) done.push({ causes: each.causes, step: await repairedBy(run, each, who) });
  return done;
}

/** Under the server's own lock, as if a person had begun it. Whether it helped is what the next look says. */
async function repairedBy(run: Run, { causes, repair }: Mending, who: string): Promise<StepState> {
  const { server, state } = run;
  const { runbook, input, command } = repair;
  const step = addTask(state, 'repairs', `repair.${causes.join('+')}`, command);
  try {
    const child = await begun(
      {
        ...{ server: server.name, runbook, patienceSeconds: PATIENCE_SECONDS, readOnly: false },
        input: { ...input, server: run.input.server, who, onFailure: 'abort' },
      },
      'REQUEST_CANCEL',
    );
    const name = speakable(server.name, child.firstExecutionRunId);
    step.notes.push(`runs as ${name}: clincher follow ${name}`);
    await child.result();
  } catch (error) {
    if (isCancellation(error)) throw error;
    step.error = runError(error);
  }
  step.durationMs = Date.now() - Date.parse(step.startedAt ?? iso(Date.now()));
  return step;
}

/** A repair whose causes are gone has worked, whatever else its run was unhappy with. */
function settle({ state }: Run, { causes, step }: Done, left: readonly Cause[]): void {
  const still = left.filter(({ id }) => causes.includes(id));
  if (still.length === 0 && step.error) {
    step.notes.push(`${step.error.code}: ${step.error.message}`);
    step.error = undefined;
  }
  if (still.length > 0) step.notes.push(`still there: ${still.map(({ id }) => id).join(', ')}`);
  step.status = still.length === 0 ? 'changed' : 'failed';
  recount(state);
}
