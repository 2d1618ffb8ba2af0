// The first day in skipped time: every row at its hour, other runs in their turn, and a verdict that people hear of.
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { CheckResult, Notice, Observed, RunState } from '../../src/model.js';
import { type Fakes, failing, fakes, type Story, stackInput, useStage } from './harness.js';

const stage = useStage();

const check = (id: string, verdict: CheckResult['verdict'] = 'pass'): CheckResult => ({
  ...{
    id,
    title: id,
    why: '',
    source: '',
    vantage: 'host',
    verdict,
    evidence: [`${id} said`],
    remedy: ['look'],
  },
});
const observed = (restarts: number, ...checks: CheckResult[]): Observed => ({
  ...{ symptoms: [], judged: [], checks, remote: [] },
  restarts: { openclaw: { seen: restarts, rises: [] } },
});
const WELL = ['watch.memory', 'watch.swap', 'watch.oom', 'watch.spend', 'watch.disk', 'watch.inodes'].map(
  (id) => check(id),
);

interface Day {
  state: RunState;
  notices: Notice[];
  set: Fakes;
  hours: number;
}

async function day(overrides: Partial<Activities> = {}, channels = true): Promise<Day> {
  const notices: Notice[] = [];
  const set = fakes({
    watchServer: async () => observed(2, ...WELL),
    prove: async ({ only = '' }) => ({
      checks: [check(only)],
      ...{ outside: '', remoteMs: 0, remote: [], roundTrips: 1 },
    }),
    tell: async ({ notice }) => {
      notices.push(notice);
      return { by: 'ntfy', missed: [] };
    },
    ...overrides,
  });
  const input = stackInput({ onFailure: 'abort' });
  if (channels)
    input.server.alerts = {
      channels: [{ type: 'ntfy', url: 'https://ntfy.example/x', port: 587, to: [] }],
      gate_minutes: 10,
    };
  const end = async (story: Story) => (await story.handle.result()) as RunState;
  const state = await stage.tell('soak', set, end, input);
  const hours = (Date.parse(state.endedAt!) - Date.parse(state.startedAt)) / 3600_000;
  return { state, notices, set, hours };
}
const verdicts = ({ state }: Day): Record<string, string> =>
  Object.fromEntries((state.proof?.checks ?? []).map(({ id, verdict }) => [id, verdict]));

it('a good day: each row holds, after 24 hours, and people hear that it was one', async () => {
  const good = await day();
  expect(good.hours).toBeGreaterThanOrEqual(24);
  expect(good.hours).toBeLessThan(25);
  expect(Object.values(verdicts(good)).every((verdict) => verdict === 'pass')).toBe(true);
  expect(good.notices.at(-1)).toMatchObject({ level: 'info', title: 'the first day: 14 of 14 held' });
  expect(good.set.calls).toEqual(expect.arrayContaining(['makeBackup', 'proveRotation', 'drillBackup']));
  expect(good.state.outcome).toMatchObject({ ok: 14, failed: 0 });
});

it('a loop is seen four hours later, though it looks healthy', async () => {
  let looks = 0;
  const bad = await day({ watchServer: async () => observed(looks++ === 0 ? 2 : 5, ...WELL) });
  expect(verdicts(bad)).toMatchObject({ 'soak.4-restarts': 'fail', 'soak.24-restarts': 'fail' });
  expect(bad.notices.at(-1)?.title).toBe('the first day: 12 of 14 held');
  expect(bad.notices.at(-1)?.level).toBe('critical');
});

it('a start by hand is no loop', async () => {
  let looks = 0;
  const fine = await day({ watchServer: async () => observed(looks++ === 0 ? 2 : 0, ...WELL) });
  expect(verdicts(fine)).toMatchObject({ 'soak.4-restarts': 'pass' });
});

it('a run that fails, and a host that is away, are rows of their own; the day goes on', async () => {
  const bad = await day({
    makeBackup: () => Promise.reject(failing('BACKUP_FAILED')),
    watchServer: () => Promise.reject(failing('UNREACHABLE')),
  });
  expect(verdicts(bad)).toMatchObject({
    ...{ 'soak.1-backup': 'fail', 'soak.1-token': 'pass', 'soak.12-watchdog': 'unknown' },
    'soak.24-drill': 'pass',
  });
});

it('nobody to tell: the verdict stands in the run', async () => {
  const quiet = await day({}, false);
  expect(quiet.notices).toEqual([]);
  expect(quiet.state.status).toBe('done');
});
