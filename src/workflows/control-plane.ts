// control-plane: a control plane for good on a monitor. It is installed and proved before anything is handed over to it.
import { CancellationScope } from '@temporalio/workflow';
import type { MoveInput } from '../activities/api-control.js';
import type { Move, RunInput, RunState } from '../model.js';
import { acts, slowReads } from './activities.js';
import { notProved } from './not-proved.js';
import { Run } from './run.js';
import { addNote } from './state.js';
import { taskInput } from './task-input.js';

export type ControlPlaneInput = RunInput & { move: Move };

const GROUP = 'move';

export const controlPlane = ({ move, ...input }: ControlPlaneInput): Promise<RunState> => {
  const run = new Run(input, 'control-plane');
  return run.tell(async () => {
    await run.converge('base');
    await run.converge('harden.host');
    await run.converge('control');
    if (input.only !== undefined || input.from !== undefined)
      return addNote(run.state, 'moved', 'not every step was asked for: nothing is handed over');
    if (await isInCharge(run, move))
      return addNote(run.state, 'moved', `every server is run from ${run.state.server} already`);
    await moved(run, move);
  });
};

async function isInCharge(run: Run, { servers }: Move): Promise<boolean> {
  const { plane, owned, remote } = await run.attempt('control.seen', 'Whose the servers are', () =>
    slowReads.seeControl({ server: run.server, servers }),
  );
  run.waited(remote);
  return plane !== undefined && owned.length === servers.length;
}

/** Until the last line is through, whoever is not adopted there is run from here; afterwards nobody is. */
async function moved(run: Run, move: Move): Promise<void> {
  const told = (id: string, key: string): MoveInput => ({ ...taskInput(run, id, key), move });
  const task = (id: string, title: string, work: (input: MoveInput) => ReturnType<typeof acts.carryOver>) =>
    run.task(GROUP, id, title, (key) => work(told(id, key)), { asks: true });
  try {
    await task('move.pause', 'Schedules here stand still', (input) => acts.pauseSchedules(input));
    await task('move.carry', 'Configuration, vault and keys are there', (input) => acts.carryOver(input));
    await proved(run, told);
    await task('move.adopt', 'Every server is adopted there', (input) => acts.adoptThere(input));
  } catch (error) {
    await CancellationScope.nonCancellable(() => run.putBack(() => takenBack(run, told)));
    throw error;
  }
}

/** A person may have it looked at again, and cannot wave it through. Each look is a run of its own there: one that failed is not found again. */
async function proved(run: Run, told: (id: string, key: string) => MoveInput): Promise<void> {
  let look = 0;
  await run.attempt('move.prove', 'Proof of the control plane there', async () => {
    const input = told('move.prove', `${run.id}.move.prove.${look++}`);
    const { checks, remote } = await acts.proveControl(input);
    const wrong = run.judged({ checks, outside: '', remoteMs: 0, remote, roundTrips: 0 });
    if (wrong.length > 0) throw notProved(run.state.server, wrong);
  });
}

const takenBack = (run: Run, told: (id: string, key: string) => MoveInput): Promise<void> =>
  run.unattended(() =>
    run.task('put back', 'move.back', 'Schedules of servers that are not theirs go on here', (key) =>
      acts.resumeSchedules(told('move.back', key)),
    ),
  );
