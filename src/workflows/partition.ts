// partition: a further gateway on a server, with a bot of its own, is added and proved; or one is taken away, after a backup.
import { CancellationScope } from '@temporalio/workflow';
import type { PartitionState, RunInput, RunState } from '../model.js';
import { acts, local } from './activities.js';
import { backUp } from './backup.js';
import { notProved } from './not-proved.js';
import { asPartition, without } from './partitions.js';
import { secretQuestion } from './questions.js';
import { Run } from './run.js';
import { isSized } from './sized.js';
import { addNote } from './state.js';
import { taskInput } from './task-input.js';

export interface PartitionChoice extends RunInput {
  /** The configuration names it: of one that is to be removed, still. */
  partition: string;
  act: PartitionState['act'];
  /** Nobody had asked for it before: what cannot be proved is taken away again. */
  isNew?: boolean | undefined;
  /** Of one that is to be removed: what stood in clincher.yaml. */
  written?: PartitionState['written'];
}

export function partition({
  partition: name,
  act,
  isNew,
  written,
  ...input
}: PartitionChoice): Promise<RunState> {
  const run = new Run(input, 'partition');
  run.state.partition = {
    ...{ name, act, outcome: 'begun' },
    ...(isNew ? { isNew } : {}),
    ...(written ? { written } : {}),
  };
  return run.tell(() => (act === 'add' ? added(run, name, isNew ?? false) : removed(run, name)));
}

const ended = (run: Run, outcome: PartitionState['outcome']): void => {
  run.state.partition = { ...run.state.partition!, outcome };
};

async function added(run: Run, name: string, isNew: boolean): Promise<void> {
  const differs = await run.within(asPartition(name), () => prepared(run), `${name}: `);
  // Another version of OpenClaw may take its state over, and there is no way back but this.
  if (differs && !isNew) await backUp(run);
  try {
    await made(run, name);
    await proved(run, name);
  } catch (error) {
    if (isNew) await CancellationScope.nonCancellable(() => takenBack(run, name));
    throw error;
  }
  ended(run, 'done');
  // It is there whatever becomes of the next two: the nightly backup has it from now on, and the first one is made at once.
  await run.converge('backup');
  if (isNew) await backUp(run);
}

/** Nothing is on the server yet: a bot that somebody else holds is refused before. */
async function prepared(run: Run): Promise<boolean> {
  const differs = await run.attempt('survey', 'What is there', () => run.survey('stack'));
  await run.missingSecrets(secretQuestion);
  await run.internalSecrets();
  await run.attempt('bot', 'The bot is nobody else’s', () => local.ownBot({ server: run.server }));
  return differs;
}

/** Hardened before its first start. Where gateways share what the host has, the others give up theirs in the same breath. */
async function made(run: Run, name: string): Promise<void> {
  const isShared = isSized(run.server);
  for (const checklist of ['stack', 'harden.openclaw', 'services']) {
    if (isShared && checklist !== 'harden.openclaw') await run.converge(checklist);
    else await run.within(asPartition(name), () => run.converge(checklist), `${name}: `);
  }
}

/** What it had of the host is the others' again. */
async function givenBack(run: Run): Promise<void> {
  if (!isSized(run.server)) return;
  for (const checklist of ['stack', 'services']) await run.converge(checklist);
}

/** Of the server's own gateway as well: a neighbour that it can reach is its trouble too. */
async function proved(run: Run, name: string): Promise<void> {
  const ofPartition = await run.within(asPartition(name), () => run.check('verify.*'));
  const wrong = [...ofPartition, ...(await run.check('verify.partitions-*'))];
  if (wrong.length > 0) throw notProved(run.state.server, wrong);
}

async function takenBack(run: Run, name: string): Promise<void> {
  try {
    await run.putBack(async () => {
      await gone(run, name);
      await run.within(without(name), () => givenBack(run));
    });
    ended(run, 'undone');
  } catch {
    ended(run, 'stuck');
    addNote(
      run.state,
      'stuck',
      `what there is of ${name} is not taken away: clincher run partition --remove ${name}`,
    );
  }
}

async function removed(run: Run, name: string): Promise<void> {
  await run.internalSecrets();
  await run.converge('backup');
  await backUp(run);
  const id = run.state.backups?.[0]?.id ?? '';
  const isYes = await run.confirm({
    id: 'remove-partition',
    title: `Take the partition ${name} away from ${run.state.server}?`,
    instructions: [
      `Its containers and networks go, and nobody answers at its bot any more`,
      `What it knows is in the backup ${id}; its folder is put aside on the server, for nobody but root`,
      'Its secrets stay in the vault until you remove them',
    ],
  });
  if (!isYes) throw run.refusal('DECLINED', `nobody wanted ${name} to go; it is as it was`);
  await gone(run, name);
  ended(run, 'done');
  run.turnTo(without(name));
  await givenBack(run);
  await run.converge('backup');
}

const gone = (run: Run, name: string): Promise<void> =>
  run.task(
    'partition',
    'partition.remove',
    `Containers and networks of ${name} are removed, its folder put aside`,
    (key) =>
      run.within(asPartition(name), () => acts.removePartition(taskInput(run, 'partition.remove', key))),
  );
