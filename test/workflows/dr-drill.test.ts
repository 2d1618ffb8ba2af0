// dr-drill as a run: the parts of a recovery, silent; and whatever becomes of them, the standby is vacated and remembers it.
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { CheckResult, DrillRecord, RunState, Server } from '../../src/model.js';
import { type Fakes, failing, fakes, forever, stackInput, survey, useStage } from './harness.js';

const stage = useStage();
const [OLD, NEW] = ['20261126T030000Z', '20261127T030000Z'];
const copy = (id: string) => ({ id, isWhole: true, isHere: false, bytes: 1 });

interface Seen extends Fakes {
  records: DrillRecord[];
  /** What each checklist was gone through with. */
  servers: Record<string, Server>;
  fetched: string[];
}

function witnessed(overrides: Partial<Activities> = {}): Seen {
  const seen = {
    records: [] as DrillRecord[],
    servers: {} as Record<string, Server>,
    fetched: [] as string[],
  };
  const set = fakes({
    listCopies: async () => ({
      backups: [],
      offsite: { where: 'far', copies: [copy(OLD), copy(NEW)] },
      remote: [],
    }),
    survey: async ({ checklist, server }) => {
      seen.servers[checklist] = server;
      return survey(checklist, []);
    },
    fetchBackup: async ({ id }) => {
      seen.fetched.push(id);
      return { backup: { id }, changes: [], remote: [] };
    },
    noteRecovery: async ({ record }) => {
      seen.records.push(record);
      return { checks: [], drills: [record], remote: [] };
    },
    ...overrides,
  });
  return { ...set, ...seen };
}

function tell(
  set: Fakes,
  more: object = {},
  act?: (cancel: () => Promise<unknown>) => Promise<void>,
): Promise<RunState> {
  const start = { ...stackInput({ onFailure: 'ask' }), ...more };
  const { server } = start;
  server.role = 'standby';
  server.standby_for = 'prod';
  server.channels.telegram = { enabled: true, token: 'secret://prod/telegram_bot_token' };
  server.proxy.kind = 'tunnel';
  server.stack.egress.extra_domains = [{ domain: 'a.example.com', reason: 'test' }];
  server.backup = { ...server.backup, offsite: { type: 's3' } as never };
  return stage.tell(
    'drDrill',
    set,
    async (story) => {
      await act?.(() => story.handle.cancel());
      await story.handle.result().catch(() => {});
      return story.state();
    },
    start,
  );
}

const PARTS = ['looked for', 'fetched', 'restored', 'files', 'settings', 'started', 'proved'];

it('the newest copy, part by part; then the standby is vacated, and noted', async () => {
  const set = witnessed();
  const state = await tell(set);
  expect(state).toMatchObject({ status: 'done', outcome: { failed: 0 } });
  expect(set.fetched).toEqual([NEW]);
  const order = ['fetchBackup', 'occupyStandby', 'survey stack', 'survey services', 'prove', 'askRecovered'];
  const all = [...order, 'vacateStandby', 'noteRecovery'];
  expect(set.calls.filter((call) => all.includes(call))).toEqual(all);
  const [record] = set.records;
  expect(record).toMatchObject({ backup: NEW, version: '2026.9.6', failed: [] });
  expect(record?.recovery?.phases.map(({ name }) => name)).toEqual(PARTS);
  expect(record?.recovery?.rpoMs).toBe(Date.parse(record!.at) - Date.parse('2026-11-27T03:00:00Z'));
  expect(record?.recovery?.rtoMs).toBeGreaterThanOrEqual(0);
  expect(state.drills).toEqual([record]);
});

it('what is started has no channel, no door from outside, and no way out that a person opened', async () => {
  const set = witnessed();
  await tell(set);
  for (const checklist of ['stack', 'harden.openclaw', 'services']) {
    const {
      role,
      channels,
      proxy,
      stack: { egress },
    } = set.servers[checklist]!;
    expect([role, channels.telegram.enabled, channels.webhook.enabled]).toEqual(['primary', false, false]);
    expect([proxy.kind, egress.extra_domains]).toEqual(['none', []]);
  }
  expect(set.servers['backup']).toMatchObject({ role: 'standby', channels: { telegram: { enabled: true } } });
  expect(Object.keys(set.servers)).not.toContain('proxy');
});

it('a copy that is damaged fails it, asks nobody, and is noted', async () => {
  const set = witnessed({ fetchBackup: () => Promise.reject(failing('BACKUP_INVALID')) });
  const state = await tell(set);
  expect(state).toMatchObject({ status: 'failed', error: { code: 'BACKUP_INVALID' } });
  expect(set.calls).not.toContain('occupyStandby');
  expect(set.calls).toContain('vacateStandby');
  expect(set.records).toMatchObject([{ backup: NEW, failed: ['BACKUP_INVALID'] }]);
  expect(set.records[0]?.recovery).not.toHaveProperty('rtoMs');
});

const wrong = (id: string): CheckResult => ({
  ...{ id, title: id, why: '', source: '', vantage: 'host' },
  ...{ verdict: 'fail', evidence: ['it is so'], remedy: [] },
});

it('a check that does not hold fails it: there is no time of recovery then', async () => {
  const proof = { outside: '', remoteMs: 0, remote: [], roundTrips: 0 };
  const set = witnessed({ prove: async () => ({ ...proof, checks: [wrong('verify.gateway')] }) });
  const state = await tell(set);
  expect(state).toMatchObject({ status: 'failed', error: { code: 'NOT_PROVED' } });
  expect(set.records[0]).toMatchObject({ failed: ['verify.gateway'] });
  expect(set.records[0]?.recovery).not.toHaveProperty('rtoMs');
  expect(set.calls).toContain('vacateStandby');
});

it('one that took too long fails, though all of it holds', async () => {
  const set = witnessed({
    noteRecovery: async ({ record }) => ({ checks: [wrong('dr.rto')], drills: [record], remote: [] }),
  });
  expect(await tell(set)).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('dr.rto') },
  });
});

it('cancelled in the middle, the standby is vacated all the same', async () => {
  let began = (): void => {};
  const isBegun = new Promise<void>((resolve) => {
    began = resolve;
  });
  const set = witnessed({
    askRecovered: () => {
      began();
      return forever();
    },
  });
  const state = await tell(set, {}, async (cancel) => {
    await isBegun;
    await cancel();
  });
  expect(state.status).toBe('aborted');
  expect(set.calls.slice(-3)).toEqual(['vacateStandby', 'noteRecovery', 'release']);
  expect(set.records[0]?.failed).toEqual(['ABORTED']);
});
