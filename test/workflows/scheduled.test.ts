// A schedule's run takes the server's lock like any other: it waits for it as long as it may, in skipped time.
import { describe, expect, it } from 'vitest';
import type { Notice, PlannedSchedule, RunState, Server } from '../../src/model.js';
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
  starts: 'scheduled',
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

describe('people are told', () => {
  const told = (set: ReturnType<typeof fakes>): Notice[] => {
    const notices: Notice[] = [];
    set.activities.tell = async ({ notice }) => {
      notices.push(notice);
      return { by: 'ntfy', missed: [] };
    };
    return notices;
  };
  const withChannels = (from = plan()): PlannedSchedule => {
    const channels = [{ type: 'ntfy' as const, url: 'https://ntfy.example/ops', port: 587, to: [] }];
    return {
      ...from,
      input: { ...from.input, server: { ...from.input.server, alerts: { channels, gate_minutes: 10 } } },
    };
  };

  it('of a run that failed; not of one that did well', async () => {
    const broken = fakes({ checkBackup: () => Promise.reject(failing('BACKUP_INVALID')) });
    const [bad, good] = [told(broken), fakes()];
    await expect(tell(broken, withChannels())).rejects.toThrow();
    expect(bad.map(({ title }) => title)).toEqual(['verify-backup failed: BACKUP_INVALID']);
    const none = told(good);
    await tell(good, withChannels());
    expect(none).toEqual([]);
  });

  it('nobody could be: the run ends as it would have', async () => {
    const set = fakes({ tell: () => Promise.reject(failing('SECRET_MISSING')) });
    set.activities.checkBackup = () => Promise.reject(failing('BACKUP_INVALID'));
    await expect(tell(set, withChannels())).rejects.toThrow();
    expect(set.calls).toContain('tell');
  });

  it('a run that was planned before there were channels tells nobody', async () => {
    const set = fakes({ checkBackup: () => Promise.reject(failing('BACKUP_INVALID')) });
    const from = plan();
    const { alerts: _, ...server } = from.input.server;
    await expect(
      tell(set, { ...from, input: { ...from.input, server: server as Server } }),
    ).rejects.toThrow();
    expect(set.calls).not.toContain('tell');
  });
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
