// A run that waits its turn: it begins by itself under the server's lock, is then one like any other, and may be given up.
import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { Begun, Notice, RunState, Turn } from '../../src/model.js';
import { operationId } from '../../src/workflows/messages.js';
import { failing, fakes, forever, type Story, stackInput, useStage } from './harness.js';

const stage = useStage();

const turn = (more: Partial<Turn> = {}): Turn => ({
  ...{ server: 'lab', runbook: 'verify-backup', patienceSeconds: 3600, readOnly: false },
  ...{ input: stackInput({ who: 'ada@desk', onFailure: 'abort' }) },
  ...more,
});

const tell = <T>(set: ReturnType<typeof fakes>, act: (story: Story) => Promise<T>, from = turn()) =>
  stage.tell('queued', set, act, from as never);

const begunBy = (story: Story) => story.handle.result() as Promise<Begun>;

const runOf = ({ workflowId, runId }: Begun) => stage.env().client.workflow.getHandle(workflowId, runId);

it('nothing is begun while somebody is at work; then it begins by itself, under the lock', () =>
  stage.busy((holder) => {
    const set = fakes();
    return tell(set, async (story) => {
      await story.waits();
      expect(set.calls).toEqual([]);
      await holder.terminate();
      const begun = await begunBy(story);
      expect(begun.workflowId).toBe(operationId('lab'));
      const state = (await runOf(begun).result()) as RunState;
      expect(state).toMatchObject({ runbook: 'verify-backup', status: 'done', who: 'ada@desk' });
    });
  }));

it('once begun it waits no longer, whatever becomes of the run', async () => {
  const set = fakes({ checkBackup: forever });
  await tell(set, async (story) => {
    const run = runOf(await begunBy(story));
    while (!set.calls.includes('checkBackup')) await new Promise((next) => setTimeout(next, 50));
    expect((await run.describe()).status.name).toBe('RUNNING');
    expect((await story.handle.describe()).status.name).toBe('COMPLETED');
    await run.cancel();
    await expect(run.result()).rejects.toThrow();
    expect(set.calls.at(-1)).toBe('release');
  });
  const broken = fakes({ checkBackup: () => Promise.reject(failing('BACKUP_INVALID')) });
  await tell(broken, async (story) => expect(runOf(await begunBy(story)).result()).rejects.toThrow());
});

it('given up while it waits: nothing was begun, and whoever is at work is left alone', () =>
  stage.busy((holder) => {
    const set = fakes();
    return tell(set, async (story) => {
      await story.waits();
      await story.handle.cancel();
      await expect(story.handle.result()).rejects.toThrow(/cancelled/i);
      expect(set.calls).toEqual([]);
      expect((await holder.describe()).status.name).toBe('RUNNING');
      await holder.terminate();
    });
  }));

it.each([
  [0, '0 h'],
  [1, '1 s'],
])(
  'patience that ends, after %i s: LOCKED, what to type next, and people are told',
  (patienceSeconds, spoken) =>
    stage.busy(async (holder) => {
      const told: Notice[] = [];
      const set = fakes({
        tell: async ({ notice }) => {
          told.push(notice);
          return { by: 'ntfy', missed: [] };
        },
      });
      const from = turn({ patienceSeconds });
      const ntfy = { type: 'ntfy' as const, url: 'https://ntfy.example/ops', port: 587, to: [] };
      from.input.server.alerts = { channels: [ntfy], gate_minutes: 10 };
      const ended = (story: Story) => story.handle.result().catch((error: unknown) => error);
      const { cause } = (await tell(set, ended, from)) as WorkflowFailedError;
      expect(cause).toBeInstanceOf(ApplicationFailure);
      expect(cause).toMatchObject({
        type: 'LOCKED',
        message: `lab was busy for ${spoken}: verify-backup was not run`,
        details: [{ remedy: ['clincher lock status -s lab', 'clincher run verify-backup -s lab --wait'] }],
      });
      expect(set.calls).toEqual(['tell']);
      expect(told).toMatchObject([{ server: 'lab', title: 'verify-backup failed: LOCKED' }]);
      await holder.terminate();
    }),
);
