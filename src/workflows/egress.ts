// egress: the list of ways out becomes what clincher.yaml says; every door is asked before and after, and what breaks is undone.
import { CancellationScope } from '@temporalio/workflow';
import type { EgressLook } from '../activities/api.js';
import type { RunInput, RunState, Server } from '../model.js';
import { acts, slowReads } from './activities.js';
import { EGRESS_STEPS } from './catalog.js';
import { Run } from './run.js';
import { taskInput } from './task-input.js';

export function egress(input: RunInput): Promise<RunState> {
  const run = new Run({ ...input, only: EGRESS_STEPS, from: undefined }, 'egress');
  return run.tell(async () => {
    const was = await run.attempt('egress.before', 'The ways out as they are', () =>
      slowReads.lookAtEgress.executeWithOptions({ summary: 'ways out, before' }, [{ server: run.server }]),
    );
    run.waited(was.remote);
    if (was.differs) await change(run, was);
    else await takeUp(run);
  });
}

async function change(run: Run, was: EgressLook): Promise<void> {
  await run.task('egress', 'egress.try', 'Smokescreen takes the new list', (key) =>
    acts.tryEgress.executeWithOptions({ summary: 'try the new list' }, [taskInput(run, 'egress.try', key)]),
  );
  try {
    await takeUp(run);
    await prove(run, was, 'egress.after', 'Every way out is as it was meant');
  } catch (error) {
    await CancellationScope.nonCancellable(() => undo(run, was));
    throw error;
  }
}

/** The list, the label that tells compose of it, and the proxy made anew; nobody else. */
async function takeUp(run: Run): Promise<void> {
  for (const checklist of ['stack', 'services']) await run.converge(checklist);
}

const prove = (run: Run, was: EgressLook, id: string, title: string): Promise<void> =>
  run.task('egress', id, title, () =>
    slowReads.proveEgress.executeWithOptions({ summary: title }, [
      { server: run.server, was, isUndone: id === 'egress.undone' },
    ]),
  );

/** What has expired stays shut all the same: activities never see it. */
const undo = (run: Run, was: EgressLook): Promise<void> =>
  run.putBack(() =>
    run.as(
      (server) => asItWas(server, was),
      async () => {
        await takeUp(run);
        await prove(run, was, 'egress.undone', 'The ways out are as they were');
      },
      'undo: ',
    ),
  );

const asItWas = (server: Server, { extras }: EgressLook): Server => ({
  ...server,
  stack: { ...server.stack, egress: { ...server.stack.egress, extra_domains: extras } },
});
