// monitoring: a server that watches the others, or the part of a watched one that can be read; then it is proved that it works.
import type { RunInput, RunState } from '../model.js';
import { isMonitor, isWatched } from './catalog.js';
import { secretQuestion } from './questions.js';
import { Run } from './run.js';
import { addNote } from './state.js';

/** Prometheus reads every 15 s; a first look that comes too early is no finding. */
const FIRST_READ_MS = 90_000;

export async function monitoring(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'monitoring');
  return run.tell(async () => {
    if (isMonitor(run.server)) {
      await run.converge('base');
      await run.converge('harden.host');
      return watch(run);
    }
    if (isWatched(run.server)) {
      await run.converge('harden.host');
      await run.missingSecrets(secretQuestion);
      await run.internalSecrets();
      await run.converge('stack');
      await run.converge('services');
      return beWatched(run);
    }
    addNote(run.state, 'monitoring', 'nobody watches this server: monitoring.monitor names nobody');
  });
}

/** On the monitor: everything that is to be read is read, or the run says what is not. */
export async function watch(run: Run): Promise<void> {
  await run.missingSecrets(secretQuestion);
  await run.internalSecrets();
  await run.converge('metrics');
  await run.converge('monitoring');
  await proved(run, 'kept.monitor-*');
}

/** On a watched server, once its stack runs. */
export async function beWatched(run: Run): Promise<void> {
  await run.converge('metrics');
  await proved(run, 'kept.metrics-*');
}

async function proved(run: Run, only: string): Promise<void> {
  await run.accepted(() => run.check(only, FIRST_READ_MS), { id: only, title: 'Proof of monitoring' });
}
