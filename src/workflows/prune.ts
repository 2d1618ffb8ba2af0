// prune: what a server no longer needs goes, item by item as the plan has shown it; how much that freed is what `df` says.
import type { RunInput, RunState } from '../model.js';
import { reads } from './activities.js';
import { Run } from './run.js';
import { addNote } from './state.js';

export async function prune(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'prune');
  return run.tell(async () => {
    const before = await free(run);
    await run.converge('prune');
    if (run.state.outcome.changed === 0) return addNote(run.state, 'freed', 'nothing was to be removed');
    const after = await free(run);
    addNote(run.state, 'freed', told(before, after));
  });
}

async function free(run: Run): Promise<number> {
  const { bytes, remote } = await run.attempt('free', 'Free space', () =>
    reads.freeSpace({ server: run.server }),
  );
  run.waited(remote);
  return bytes;
}

/** Whatever else writes meanwhile is in it, so both figures are told. */
const told = (before: number, after: number): string =>
  `${after < before ? 'less is free, since others write' : `freed ${gb(after - before)}`}: ${gb(before)} were free, ${gb(after)} are now`;

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
