// The watchdog, look by look in skipped time: one look hands on to the next what is known, as Temporal's schedules do.
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type {
  AlertChannel,
  KeyedSymptom,
  Notice,
  Observed,
  PlannedSchedule,
  RunState,
  WatchMemory,
} from '../../src/model.js';
import { failing, fakes, stackInput, useStage } from './harness.js';

const stage = useStage();

const CHANNEL: AlertChannel = { type: 'ntfy', url: 'https://ntfy.example/ops', port: 587, to: [] };

function plan(watchdog: object = {}): PlannedSchedule {
  const input = stackInput({ who: 'schedule', onFailure: 'abort' });
  const server = {
    ...input.server,
    alerts: { channels: [CHANNEL], gate_minutes: 10 },
    watchdog: { ...input.server.watchdog, ...watchdog },
  };
  return {
    ...{
      id: 'clincher/lab/schedule/watchdog',
      server: 'lab',
      runbook: 'watchdog',
      starts: 'watch',
      cron: '*/5 * * * *',
    },
    ...{
      timezone: 'UTC',
      jitterSeconds: 0,
      catchupSeconds: 60,
      patienceSeconds: 0,
      readOnly: true,
      hash: '',
    },
    input: { ...input, server },
  };
}

const sick: KeyedSymptom = {
  ...{ key: 'watch.services:litellm', about: 'litellm', level: 'critical', looks: 1, heals: 'litellm' },
  ...{ text: 'litellm runs and is unhealthy', remedy: ['clincher run heal -s lab'] },
};
const full: KeyedSymptom = {
  ...{ key: 'watch.disk:/', about: '/', level: 'warning', text: '/ is 90 % full', remedy: [] },
};
const JUDGED = ['watch.services', 'watch.disk'];
const saw = (...symptoms: KeyedSymptom[]): Observed => ({
  symptoms,
  judged: JUDGED,
  checks: [],
  restarts: {},
  remote: [],
});

interface Told {
  notices: Notice[];
  calls: string[];
}

interface Besides {
  overrides?: Partial<Activities>;
  from?: PlannedSchedule;
  /** While the worker is still there. */
  after?: () => Promise<unknown>;
}

/** Look after look, every five minutes: `seen` says what each of them sees. */
async function looks(
  seen: ((look: number) => Observed)[],
  { overrides = {}, from = plan(), after = async () => {} }: Besides = {},
): Promise<Told & { memories: WatchMemory[] }> {
  const notices: Notice[] = [];
  let look = 0;
  const set = fakes({
    watchServer: async () => seen[Math.min(look++, seen.length - 1)]!(look),
    tell: async ({ notice }) => {
      notices.push(notice);
      return { by: 'ntfy', missed: [] };
    },
    ...overrides,
  });
  const memories = await stage.tell(
    'looksOfWatchdog',
    set,
    async (story) => {
      const all = (await story.handle.result()) as WatchMemory[];
      await after();
      return all;
    },
    { ...from, looks: seen.length } as never,
  );
  return { notices, calls: set.calls, memories };
}

const titles = ({ notices }: Told): string[] => notices.map(({ title }) => title);
const times = (count: number, what: () => Observed) => Array.from({ length: count }, () => what);

it('is told once, again after the cooldown, and when it is over', async () => {
  const told = await looks([...times(7, () => saw(full)), ...times(2, () => saw())]);
  expect(titles(told)).toEqual(['/ is 90 % full', 'over: / is 90 % full']);
  expect(told.memories.at(-1)).toMatchObject({ alerts: [] });
  expect(Math.round((told.memories.at(-1)?.everyMs ?? 0) / 60_000)).toBe(5);
});

describe('a server that cannot be reached', () => {
  it('is told at the second look, as the one thing that is wrong; what was known stays', async () => {
    const gone = () => Promise.reject(failing('UNREACHABLE'));
    let look = -1;
    const set = { watchServer: async () => (++look === 0 ? saw(full) : look < 3 ? gone() : saw(full)) };
    const told = await looks(
      times(5, () => saw()),
      { overrides: set },
    );
    expect(titles(told)[0]).toBe('/ is 90 % full');
    expect(titles(told)[1]).toMatch(/^lab \(.*\) cannot be looked at: UNREACHABLE/);
    expect(titles(told)[2]).toMatch(/^over: lab/);
    expect(told.memories[2]?.alerts.map(({ key }) => key)).toEqual(['watch.disk:/', 'watch.host']);
  });
});

describe('healing', () => {
  it('begins a run under the lock of the server, and tells', async () => {
    let isWell = false;
    const litellm = { service: 'litellm', container: 'openclaw-litellm', how: 'is unhealthy' };
    const overrides: Partial<Activities> = {
      seeUnwell: async () => ({ unwell: isWell ? [] : [litellm], remote: [] }),
      healService: async () => {
        isWell = true;
        return { healed: true, changes: [{ what: 'x' }], remote: [] };
      },
    };
    const operation = () =>
      stage.env().client.workflow.getHandle('clincher/lab/op').result() as Promise<RunState>;
    let run: RunState | undefined;
    const after = async () => {
      run = await operation();
    };
    const told = await looks([() => saw(sick)], { overrides, after });
    expect(told.calls).toContain('healService');
    expect(run).toMatchObject({ runbook: 'heal', who: 'watchdog', status: 'done' });
    expect(told.memories[0]?.heals).toMatchObject([{ service: 'litellm' }]);
    expect(titles(told)).toEqual(['litellm runs and is unhealthy']);
    expect(told.notices[0]?.lines).toContain('clincher deals with litellm now: clincher runs -s lab');
  });

  it('leaves alone what the configuration says is not to be healed', async () => {
    const told = await looks(
      times(2, () => saw(sick)),
      { from: plan({ heal: false }) },
    );
    expect(told.calls).not.toContain('seeUnwell');
    expect(titles(told)).toEqual(['litellm runs and is unhealthy']);
  });
});

describe('who is told', () => {
  it('nobody took it: the next look tells it again, and who does not listen is known', async () => {
    let tries = 0;
    const overrides: Partial<Activities> = {
      tell: async () => {
        tries += 1;
        if (tries <= 2) throw failing('NOBODY_TOLD', false);
        return { by: 'email', missed: [{ channel: 'ntfy', why: 'it answers 503' }] };
      },
    };
    const { memories } = await looks(
      times(3, () => saw(full)),
      { overrides },
    );
    expect(memories[0]).toMatchObject({ deaf: [{ why: 'last line' }], alerts: [{ key: 'watch.disk:/' }] });
    expect(memories[0]?.alerts[0]).not.toHaveProperty('saidAt');
    expect(memories[1]?.alerts[0]).toHaveProperty('saidAt');
    expect(memories[1]?.deaf).toMatchObject([{ channel: 'ntfy', why: 'it answers 503' }]);
  });

  it('a call that does not get through is known, and is no alert', async () => {
    const overrides = { pingOut: () => Promise.reject(failing('PING_FAILED')) };
    const told = await looks([() => saw()], {
      overrides,
      from: plan({ ping: 'secret://lab/watchdog_ping' }),
    });
    expect(told.memories[0]).toMatchObject({ pingFailed: 'PING_FAILED happened', alerts: [] });
    expect(told.notices).toEqual([]);
  });
});
