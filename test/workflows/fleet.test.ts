// A run over several servers: a canary, waves, servers that are spared, busy ones, and one that is given up on the way.
import { temporal } from '@temporalio/proto';
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { FleetInput, FleetMember, RunState } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { failing, fakes, forever, type Story, stackInput, useStage } from './harness.js';

const stage = useStage();
const { History } = temporal.api.history.v1;

const over = (names: readonly string[], more: Partial<FleetInput> = {}): FleetInput => ({
  ...{ runbook: 'verify-backup', who: 'ada@desk', readOnly: false, maxFailures: 0, patienceSeconds: 0 },
  inputs: names.map((name) =>
    stackInput({ server: fixtureServer({ name }), who: 'ada@desk', onFailure: 'abort' }),
  ),
  ...more,
});

const tell = <T>(set: ReturnType<typeof fakes>, act: (story: Story) => Promise<T>, from: FleetInput) =>
  stage.tell('fleet', set, act, from as never);

const ends = async (story: Story): Promise<RunState> => (await story.handle.result()) as RunState;

const told = ({ fleet }: RunState): string[] =>
  (fleet?.members ?? []).map(({ server, status }) => `${server} ${status}`);

/** Reads backups, but for those servers that have none; says which began, and how many at once. */
function readings(broken: readonly string[] = [], hold: readonly string[] = []) {
  const seen = { begun: [] as string[], most: 0, now: 0 };
  const checkBackup: Activities['checkBackup'] = async ({ server: { name } }) => {
    seen.begun.push(name);
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    if (hold.includes(name)) await forever();
    await new Promise((next) => setTimeout(next, 150));
    seen.now -= 1;
    if (broken.includes(name)) throw failing('BACKUP_INVALID');
    return { backup: { id: '20261127T030000Z' }, changes: [], remote: [] } as never;
  };
  return { seen, set: fakes({ checkBackup }) };
}

it('the first alone, then so many at a time; each is a run of its own', async () => {
  const { seen, set } = readings();
  const state = await tell(set, ends, over(['a', 'b', 'c', 'd'], { wave: 2 }));
  expect(told(state)).toEqual(['a done', 'b done', 'c done', 'd done']);
  expect(state).toMatchObject({ status: 'done', runbook: 'verify-backup', outcome: { ok: 4, failed: 0 } });
  expect(seen.begun[0]).toBe('a');
  expect(seen.begun.slice(1, 3).sort()).toEqual(['b', 'c']);
  expect(seen.most).toBe(2);
  const { workflowId, runId, run } = state.fleet!.members[1]!;
  expect([workflowId, run]).toEqual(['clincher/b/op', expect.stringMatching(/^b-[0-9a-f]{4}$/)]);
  const own = (await stage.env().client.workflow.getHandle(workflowId!, runId).result()) as RunState;
  expect(own).toMatchObject({ server: 'b', status: 'done', who: 'ada@desk', run });
});

it.each([
  ['the canary fails: the rest is spared', ['a'], 0, ['a failed', 'b spared', 'c spared', 'd spared']],
  ['a wave is seen to its end', ['b'], 0, ['a done', 'b failed', 'c done', 'd spared']],
  ['one may fail', ['a'], 1, ['a failed', 'b done', 'c done', 'd done']],
  ['two are too many', ['a', 'c'], 1, ['a failed', 'b done', 'c failed', 'd spared']],
])('%s', async (_, broken, maxFailures, ended) => {
  const { set } = readings(broken);
  const state = await tell(set, ends, over(['a', 'b', 'c', 'd'], { wave: 2, maxFailures }));
  expect(told(state)).toEqual(ended);
  expect(state.status).toBe('failed');
  expect(state.error).toMatchObject({
    code: 'BACKUP_INVALID',
    message: `${broken.length} of 4 servers: ${broken.join(', ')}`,
    remedy: [expect.stringMatching(/^clincher show [a-d]-[0-9a-f]{4}$/)],
  });
  expect(state.groups.map(({ name }) => name)).toEqual(['canary', 'wave 1', 'wave 2']);
});

it('a busy server is no success; with patience it is waited for', () =>
  stage.busy(async (holder) => {
    const { set } = readings();
    const busy = await tell(set, ends, over(['lab', 'b']));
    expect(told(busy)).toEqual(['lab failed', 'b spared']);
    expect(busy.error).toMatchObject({ code: 'LOCKED', evidence: [expect.stringContaining('lab was busy')] });
    const waited = await tell(
      set,
      async (story) => {
        await atMember(story, 'lab', 'running');
        expect(told(await story.state())).toEqual(['lab running', 'b pending']);
        await holder.terminate();
        return ends(story);
      },
      over(['lab', 'b'], { patienceSeconds: 3600 }),
    );
    expect(told(waited)).toEqual(['lab done', 'b done']);
  }));

it('given up: what has begun goes on, what waits or was to come is not begun', async () => {
  const { seen, set } = readings([], ['b']);
  await tell(
    set,
    async (story) => {
      while (!seen.begun.includes('b')) await new Promise((next) => setTimeout(next, 50));
      await story.handle.cancel();
      await expect(story.handle.result()).rejects.toThrow(/cancelled/i);
      const state = await story.state();
      expect(told(state)).toEqual(['a done', 'b running', 'c spared']);
      expect(state).toMatchObject({ status: 'aborted', error: { code: 'ABORTED' } });
      const { workflowId, runId } = state.fleet!.members[1]!;
      const run = stage.env().client.workflow.getHandle(workflowId!, runId);
      expect((await run.describe()).status.name).toBe('RUNNING');
      await run.cancel();
      await expect(run.result()).rejects.toThrow();
    },
    over(['a', 'b', 'c'], { wave: 1 }),
  );
  expect(seen.begun).toEqual(['a', 'b']);
});

it('a run that a person has aborted counts as one that failed', async () => {
  const { seen, set } = readings([], ['a']);
  const state = await tell(
    set,
    async (story) => {
      while (!seen.begun.includes('a')) await new Promise((next) => setTimeout(next, 50));
      await stage.env().client.workflow.getHandle('clincher/a/op').cancel();
      return ends(story);
    },
    over(['a', 'b']),
  );
  expect(told(state)).toEqual(['a aborted', 'b spared']);
});

it('200 servers make a history that is far from every limit', async () => {
  const { set } = readings();
  const names = Array.from({ length: 200 }, (_, i) => `s${i}`);
  await tell(
    set,
    async (story) => {
      expect((await ends(story)).outcome.ok).toBe(200);
      const { events } = await story.handle.fetchHistory();
      // 51,200 events or 50 MiB end a workflow; 4,096 or 4 MiB are what Temporal advises.
      expect(events!.length).toBeLessThan(1_500);
      // As it is kept and counted; compressed, as workers outside of tests have it, it is a third of that.
      expect(History.encode({ events: events! }).finish().length).toBeLessThan(4 * 1024 * 1024);
    },
    over(names),
  );
}, 120_000);

async function atMember(story: Story, server: string, status: FleetMember['status']): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    const { fleet } = await story.state();
    if (fleet?.members.some((one) => one.server === server && one.status === status)) return;
    await new Promise((next) => setTimeout(next, 25));
  }
  throw new Error(`${server} never was ${status}`);
}
