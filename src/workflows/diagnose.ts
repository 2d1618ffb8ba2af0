// diagnose: what may cause what is wrong, likeliest first; a person chooses what is mended, a run of its own mends it, and it is looked at again.
import { isCancellation } from '@temporalio/workflow';
import type { Cause, Repair, RunInput, RunState, StepState } from '../model.js';
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
    let causes = await looked(run);
    for (let one = await chosen(run, causes); one !== undefined; one = await chosen(run, causes)) {
      const step = await repaired(run, one);
      causes = await looked(run);
      settle(run, step, one.cause, causes);
    }
  });
};

async function looked(run: Run): Promise<Cause[]> {
  const { state } = run;
  const { causes, checks, outside, remote } = await run.attempt('look', 'A look at everything', () =>
    slowReads.diagnose.executeWithOptions({ summary: 'look at everything' }, [{ server: run.server }]),
  );
  run.waited(remote);
  state.causes = causes;
  state.proof = { checks, outside, remoteMs: state.remoteMs, remote, roundTrips: 3 };
  const others = state.groups.filter(({ name }) => name !== GROUP);
  state.groups = [...others, { name: GROUP, steps: checks.map(checkState) }];
  recount(state);
  return causes;
}

interface Chosen {
  cause: Cause;
  repair: Repair;
  /** Whose word the repair is done on. */
  who: string;
}

/** Undefined: it is left as it is, or nothing that was found can be mended by a run. */
async function chosen(run: Run, causes: readonly Cause[]): Promise<Chosen | undefined> {
  const mendable = causes.flatMap((cause) => (cause.repair ? [{ cause, repair: cause.repair }] : []));
  if (mendable.length === 0) return undefined;
  const { value, who } = await run.asked({
    ...{ id: 'repair', title: `${likely(causes)}, likeliest first: which is repaired?` },
    options: [...mendable.map(({ cause }) => cause.id), 'leave'],
    instructions: causes.flatMap(told),
    ...{ timeoutMs: ANSWER_WITHIN_MS, onTimeout: 'leave' },
  });
  const found = mendable.find(({ cause }) => cause.id === value);
  return found && { ...found, who };
}

const likely = ({ length }: readonly Cause[]): string =>
  length === 1 ? 'One likely cause' : `${length} likely causes`;

/** Everything that the repair would change is said, since it replaces what a hand wrote. */
const told = ({ id, symptom, title, evidence, repair, changes, byHand }: Cause): string[] => [
  `${id}: ${symptom}: ${title}`,
  `seen: ${evidence.join('; ')}`,
  ...(repair === undefined ? [`by hand: ${byHand.join('; ')}`] : [`would: ${repair.command}`, ...changes]),
];

/** Under the server's own lock, as if a person had begun it. Whether it helped is what the next look says. */
async function repaired(run: Run, { cause, repair, who }: Chosen): Promise<StepState> {
  const { server, state } = run;
  const { runbook, input, command } = repair;
  const step = addTask(state, 'repairs', `repair.${cause.id}`, command);
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

/** A repair whose cause is gone has worked, whatever else its run was unhappy with. */
function settle({ state }: Run, step: StepState, { id }: Cause, causes: readonly Cause[]): void {
  const isGone = !causes.some((each) => each.id === id);
  if (isGone) {
    if (step.error) step.notes.push(`${step.error.code}: ${step.error.message}`);
    step.error = undefined;
  }
  step.status = isGone ? 'changed' : 'failed';
  recount(state);
}
