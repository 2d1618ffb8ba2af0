// The index is made anew where that is due; what a person has not said may go stays; what a schedule starts removes nothing.
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { CheckResult, RunState } from '../../src/model.js';
import type { MemoryChoice } from '../../src/workflows/memory.js';
import { failing, fakes, type Story, stackInput, useStage } from './harness.js';

const stage = useStage();

const due = { told: '3 files', why: ['1 file not in the index'], everything: false, remote: [] };
const fresh = { ...due, why: [] };
const found = ['prune-stale agent:main:teleg...ct:200, last used 95d ago'];
const stale = async () => ({ stale: { found, kept: 4 }, remote: [] });

interface Told {
  with?: Partial<Activities>;
  from?: Partial<MemoryChoice>;
  days?: number;
  enabled?: boolean;
  act?: (story: Story) => Promise<unknown>;
}

async function tell({ with: overrides = {}, from = {}, days, enabled = true, act }: Told) {
  const asked: unknown[] = [];
  const set = fakes({
    indexMemory: async (input) => {
      asked.push(input.everything);
      return { checks: [], changes: [{ what: 'x' }], remote: [] };
    },
    ...overrides,
  });
  const input = stackInput({ onFailure: 'abort', ...from });
  input.server.memory = {
    ...input.server.memory,
    enabled,
    ...(days === undefined ? {} : { keep_conversations_days: days }),
  };
  let state: RunState | undefined;
  await stage.tell(
    'memory',
    set,
    async (story) => {
      await act?.(story);
      state = (await story.handle.result().catch(() => story.state())) as RunState;
    },
    input,
  );
  const notes = state!.groups.flatMap(({ steps }) =>
    steps.flatMap(({ id, title }) => (id.startsWith('note.') ? [title] : [])),
  );
  return { calls: set.calls, state: state!, notes, asked };
}

describe('the index', () => {
  it('made anew under the lock where it is behind, what differs alone', async () => {
    const { calls, asked, notes } = await tell({});
    expect(calls).toEqual(['seeMemory', 'preflight', 'indexMemory', 'release']);
    expect(asked).toEqual([false]);
    expect(notes).toEqual(['3 files: 1 file not in the index']);
  });

  it('nothing is due: nothing is touched', async () => {
    const { calls, notes } = await tell({ with: { seeMemory: async () => fresh } });
    expect(calls).toEqual(['seeMemory']);
    expect(notes).toEqual(['3 files: nothing is due']);
  });

  it('--anyway makes all of it', async () =>
    expect((await tell({ with: { seeMemory: async () => fresh }, from: { anyway: true } })).asked).toEqual([
      true,
    ]));

  it('what is not proved afterwards makes the run red', async () => {
    const check: CheckResult = {
      ...{ id: 'memory.found', title: 'found', why: '', source: '', vantage: 'host', verdict: 'fail' },
      ...{ evidence: ['it found 0'], remedy: ['look'] },
    };
    const { state } = await tell({
      with: { indexMemory: async () => ({ checks: [check], changes: [], remote: [] }) },
    });
    expect(state.status).toBe('failed');
  });

  it('what cannot be indexed is an error, and the host is freed', async () => {
    const { state, calls } = await tell({
      with: { indexMemory: () => Promise.reject(failing('MEMORY_FAILED')) },
    });
    expect(state).toMatchObject({ status: 'failed', error: { code: 'MEMORY_FAILED' } });
    expect(calls.at(-1)).toBe('release');
  });

  it('where memory is off there is none', async () => {
    const { calls, notes } = await tell({ enabled: false });
    expect(calls).toEqual([]);
    expect(notes).toEqual(['memory is off: memory.enabled in clincher.yaml']);
  });
});

const answered = (value: string) => async (story: Story) => {
  await story.waiting('conversations');
  await story.answer('conversations', value);
};

describe('old conversations', () => {
  const old = { with: { staleConversations: stale }, days: 90 };

  it('go after a yes and a backup, and then the index follows', async () => {
    const { calls } = await tell({ ...old, act: answered('remove') });
    expect(calls).toEqual([
      ...['staleConversations', 'ensureSecrets', 'survey backup', 'makeBackup', 'clearConversations'],
      ...['seeMemory', 'indexMemory', 'release'],
    ]);
  });

  it('are listed before', async () => {
    const { state } = await tell({
      ...old,
      act: async (story) => {
        await story.waiting('conversations');
        const gate = (await story.state()).gates.find(({ id }) => id === 'conversations');
        expect(gate?.instructions).toEqual([...found, 'a backup is made before']);
        await story.answer('conversations', 'keep');
      },
    });
    expect(state.status).toBe('done');
  });

  it('stay where a person says so, and where nobody answers', async () => {
    const { calls, notes } = await tell({ ...old, act: answered('keep') });
    expect(calls).not.toContain('clearConversations');
    expect(notes[0]).toContain('1 are kept');
    const silent = await tell(old);
    expect(silent.calls).not.toContain('clearConversations');
    expect(silent.notes[0]).toContain('nobody answered within a day');
  });

  it('stay where nobody can be asked: a schedule tells, and indexes', async () => {
    const { calls, notes } = await tell({ ...old, from: { who: 'schedule' } });
    expect(calls).toEqual(['staleConversations', 'seeMemory', 'preflight', 'indexMemory', 'release']);
    expect(notes[0]).toContain('clincher run memory -s');
  });

  it('none is old', async () => expect((await tell({ days: 90 })).notes[0]).toContain('none is as old'));

  it('without a backup none goes', async () => {
    const { calls, state } = await tell({
      with: { staleConversations: stale, makeBackup: () => Promise.reject(failing('BACKUP_FAILED')) },
      days: 90,
      act: answered('remove'),
    });
    expect(calls).not.toContain('clearConversations');
    expect(state.status).toBe('failed');
  });
});
