// A schedule's run takes the server's lock like any other: it waits for it as long as it may, in skipped time.
import { expect, it } from 'vitest';
import type { PlannedSchedule, RunState } from '../../src/model.js';
import { failing, fakes, forever, stackInput, useStage } from './harness.js';

const stage = useStage();

const plan = (more: Partial<PlannedSchedule> = {}): PlannedSchedule => ({
  ...{
    id: 'clincher/lab/schedule/verify-backup',
    server: 'lab',
    runbook: 'verify-backup',
    cron: '30 3 * * 0',
  },
  ...{ timezone: 'UTC', jitterSeconds: 0, catchupSeconds: 3600, patienceSeconds: 3600, readOnly: false },
  ...{ hash: '', input: stackInput({ who: 'schedule', onFailure: 'abort' }) },
  ...more,
});

const tell = (set: ReturnType<typeof fakes>, from = plan()): Promise<RunState> =>
  stage.tell('scheduled', set, (story) => story.handle.result() as Promise<RunState>, from as never);

it('ends as the run does', async () => {
  expect(await tell(fakes())).toMatchObject({ runbook: 'verify-backup', status: 'done', who: 'schedule' });
  const broken = fakes({ checkBackup: () => Promise.reject(failing('BACKUP_INVALID')) });
  await expect(tell(broken)).rejects.toThrow();
});

it('a look takes no lock', async () => {
  const looks = plan({
    runbook: 'verify',
    readOnly: true,
    input: { ...stackInput(), checklists: ['base'] } as never,
  });
  expect(await tell(fakes(), looks)).toMatchObject({ runbook: 'verify', status: 'done' });
});

it('a server that is busy for too long is told, and nothing was begun', async () => {
  const set = fakes({ checkBackup: forever });
  await stage.tell(
    'scheduled',
    set,
    async (story) => {
      while (!set.calls.includes('checkBackup')) await new Promise((next) => setTimeout(next, 50));
      await expect(tell(fakes(), plan({ patienceSeconds: 0 }))).rejects.toThrow();
      await story.handle.cancel();
      await expect(story.handle.result()).rejects.toThrow();
      expect(set.calls.at(-1)).toBe('release');
    },
    plan() as never,
  );
});
