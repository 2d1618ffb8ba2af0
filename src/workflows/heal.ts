// heal: each service that is not well is restarted; what that does not mend is made anew, and only where a person says so.
import { ApplicationFailure } from '@temporalio/workflow';
import type { Unwell } from '../activities/api-watch.js';
import type { RunInput, RunState } from '../model.js';
import { acts, reads } from './activities.js';
import { Run } from './run.js';
import { addNote } from './state.js';
import { taskInput } from './task-input.js';

export interface HealChoice extends RunInput {
  /** Only these; absent: whatever is not well. */
  services?: string[] | undefined;
  /** Only these channels: the gateway starts what it holds back, and runs on. */
  channels?: string[] | undefined;
  /** Restarting was tried before: a person is asked first. */
  asks?: boolean | undefined;
}

/** While it is asked nobody else can work on the server; what is wrong goes on to be told. */
const ASKED_FOR_MS = 3600 * 1000;

export const heal = ({ services, channels = [], asks = false, ...input }: HealChoice): Promise<RunState> => {
  const run = new Run(input, 'heal');
  return run.tell(async () => {
    for (const each of channels) await started(run, each);
    if (channels.length > 0) return;
    const theirs = await unwell(run, services);
    if (theirs.length === 0) return addNote(run.state, 'unwell', 'every service runs and is healthy');
    if (asks && !(await isAgreed(run, theirs))) return addNote(run.state, 'unwell', 'it was left as it is');
    for (const each of theirs) await mended(run, each);
    const left = await unwell(
      run,
      theirs.map(({ service }) => service),
    );
    if (left.length > 0) throw notHealed(run, left);
  });
};

/** Of these services; whatever else is wrong is no matter of this run. */
async function unwell(run: Run, services: readonly string[] | undefined): Promise<Unwell[]> {
  const input = { server: run.server };
  const seen = await run.attempt('unwell', 'What is not well', () => reads.seeUnwell(input));
  run.waited(seen.remote);
  return seen.unwell.filter(({ service }) => services?.includes(service) ?? true);
}

const notHealed = ({ state: { server } }: Run, left: readonly Unwell[]): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'NOT_HEALED',
    message: `${server}: ${left.map(({ service, how }) => `${service} ${how}`).join(', ')}`,
    details: [{ remedy: left.map(({ container }) => `on the server: docker logs --tail 50 ${container}`) }],
    nonRetryable: true,
  });

const listed = (unwell: readonly Unwell[]): string => unwell.map(({ service }) => service).join(', ');

const isAgreed = (run: Run, unwell: readonly Unwell[]): Promise<boolean> =>
  run.confirm({
    id: 'heal',
    title: `Restart ${listed(unwell)} once more?`,
    instructions: [
      ...unwell.map(({ service, how }) => `${service} ${how}, though it was restarted before`),
      'Look at its log first: a restart that has not helped three times will hardly help now',
      'Without an answer within the hour it is left as it is',
    ],
    timeoutMs: ASKED_FOR_MS,
  });

function started(run: Run, channel: string): Promise<void> {
  const id = `heal.start-${channel}`;
  return run.task('heal', id, `${channel}, which the gateway holds back, is started`, (key) =>
    acts.startChannel({ ...taskInput(run, id, key), channel }),
  );
}

async function mended(run: Run, unwell: Unwell): Promise<void> {
  const isThere = !unwell.isMissing;
  if (isThere && (await restarted(run, unwell))) return;
  if (!(await isWider(run, unwell, isThere))) return;
  await healed(run, unwell, true);
}

const restarted = (run: Run, unwell: Unwell): Promise<boolean> => healed(run, unwell, false);

async function healed(run: Run, { service, how }: Unwell, anew: boolean): Promise<boolean> {
  const id = `heal.${anew ? 'anew' : 'restart'}-${service}`;
  const title = anew ? `${service} is made anew` : `${service}, which ${how}, is restarted`;
  let isWell = false;
  await run.task('heal', id, title, async (key) => {
    const done = await acts.healService({ ...taskInput(run, id, key), service, anew });
    isWell = done.healed;
    return done;
  });
  return isWell;
}

const isWider = (run: Run, { service, how }: Unwell, wasRestarted: boolean): Promise<boolean> =>
  run.confirm({
    id: `anew-${service}`,
    title: `Make the container of ${service} anew?`,
    instructions: [
      wasRestarted ? `${service} was restarted and is still not well` : `${service} ${how}`,
      'Its data stays; whoever depends on it is made anew with it: half a minute without an answer',
      'Without an answer within the hour it is left as it is',
    ],
    timeoutMs: ASKED_FOR_MS,
  });
