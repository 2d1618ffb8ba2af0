// memory: the index is made anew where that is due, and proved; old conversations go only after a person has seen which.
import type { RunInput, RunState } from '../model.js';
import { acts, slowReads } from './activities.js';
import { backUp } from './backup.js';
import { Run } from './run.js';
import { addNote, addProof } from './state.js';
import { taskInput } from './task-input.js';

export interface MemoryChoice extends RunInput {
  /** Everything anew, also where nothing asks for it. */
  anyway?: boolean | undefined;
}

/** The server's lock is held meanwhile, and keeping is what does no harm. */
const ANSWER_WITHIN_MS = 24 * 3600_000;

export const memory = ({ anyway = false, ...input }: MemoryChoice): Promise<RunState> => {
  const run = new Run(input, 'memory');
  return run.tell(async () => {
    // What goes out of the conversations goes out of the index after them.
    if (run.server.memory.keep_conversations_days !== undefined) await thinned(run);
    if (run.server.memory.enabled) return indexed(run, anyway);
    addNote(run.state, 'index', 'memory is off: memory.enabled in clincher.yaml');
  });
};

async function indexed(run: Run, anyway: boolean): Promise<void> {
  const seen = await run.attempt('index', 'The index of the memory', () =>
    slowReads.seeMemory({ server: run.server }),
  );
  run.waited(seen.remote);
  const due = seen.why.join('; ') || (anyway ? 'it was asked for' : 'nothing is due');
  addNote(run.state, 'index', `${seen.told}: ${due}`);
  if (seen.why.length === 0 && !anyway) return;
  await run.ready();
  await run.task(
    'memory',
    'memory.index',
    'The index is made anew from the files',
    async (key) => {
      const asked = { ...taskInput(run, 'memory.index', key), everything: seen.everything || anyway };
      const done = await acts.indexMemory.executeWithOptions({ summary: 'memory index' }, [asked]);
      const proof = { checks: done.checks, outside: '', remoteMs: 0, remote: done.remote, roundTrips: 0 };
      run.state.proof = proof;
      addProof(run.state, proof);
      return done;
    },
    { asks: true },
  );
}

async function thinned(run: Run): Promise<void> {
  const { stale, remote } = await run.attempt('conversations', 'Conversations that nobody goes on with', () =>
    slowReads.staleConversations({ server: run.server }),
  );
  run.waited(remote);
  const told = await decided(run, stale.found);
  if (told !== undefined) return addNote(run.state, 'conversations', told);
  await backedUp(run);
  await run.task('conversations', 'conversations.clear', 'Old conversations are taken out', (key) =>
    acts.clearConversations(taskInput(run, 'conversations.clear', key)),
  );
}

/** Undefined: a person said that they may go. Else why they stay. */
async function decided(run: Run, found: readonly string[]): Promise<string | undefined> {
  if (found.length === 0) return 'none is as old as memory.keep_conversations_days says';
  // What starts by itself has nobody to ask, and removes nothing.
  if (run.input.who === 'schedule')
    return `${found.length} may go: clincher run memory -s ${run.state.server} lists them and asks`;
  const { value, who } = await run.asked({
    ...{ id: 'conversations', title: `${found.length} conversations nobody goes on with: remove them?` },
    options: ['remove', 'keep'],
    instructions: [...found, safetyOf(run)],
    ...{ timeoutMs: ANSWER_WITHIN_MS, onTimeout: 'keep' },
  });
  if (value === 'remove') return undefined;
  return `${found.length} are kept: ${who === 'timeout' ? 'nobody answered within a day' : `${who} says so`}`;
}

const safetyOf = ({ server }: Run): string =>
  server.backup.enabled
    ? 'a backup is made before'
    : 'no backup is made before: backup.enabled is false in clincher.yaml';

async function backedUp(run: Run): Promise<void> {
  if (!run.server.backup.enabled) return;
  await run.internalSecrets();
  await run.converge('backup');
  await backUp(run);
}
