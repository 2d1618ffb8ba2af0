// An upgrade ends on the new version or on the old one, whatever fails and whenever; a person is asked only when neither can be had.
import { WorkflowFailedError } from '@temporalio/client';
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { RunState, Server } from '../../src/model.js';
import { runError } from '../../src/workflows/state.js';
import { failing, fakes, forever, plan, stackInput, survey, useStage } from './harness.js';
import { digest, SWAP } from './swap.js';

const stage = useStage();

const WELL = { state: 'running', health: 'healthy', restarts: 0, startedAt: 'then', imageId: digest('c') };
const seen = (standing: Partial<typeof WELL> = {}) => ({
  standing: { ...WELL, ...standing },
  downtime: { gaps: [{ fromMs: 1_000, toMs: 9_000 }], whole: true },
  remote: [],
});

/** How a survey is asked to look at the server: which image, where, and how patiently. */
const looks = ({ digests, stack }: Server): string =>
  [
    digests.openclaw === digest('a') ? 'old' : digests.openclaw === digest('b') ? 'new' : '?',
    ...(stack.is_trial ? [`trial in ${stack.directory}`] : []),
    ...(stack.start_within_seconds ? [`${stack.start_within_seconds} s`] : []),
  ].join(', ');

function server(overrides: Partial<Activities> = {}) {
  const surveys: string[] = [];
  const set = fakes({
    planSwap: async () => ({ swap: SWAP, remote: [] }),
    survey: async ({ checklist, server: about, only }) => {
      surveys.push(`${checklist}${only ? ` ${only}` : ''}: ${looks(about)}`);
      return survey(checklist, [plan(`${checklist}.a`)]);
    },
    ...overrides,
  });
  return { surveys, set };
}

interface Told {
  state: RunState;
  code?: string | undefined;
}

async function tell(set: ReturnType<typeof fakes>, from = stackInput({ onFailure: 'abort' })): Promise<Told> {
  return stage.tell(
    'upgrade',
    set,
    async (story) => {
      const code = await story.handle.result().then(
        () => undefined,
        (error: unknown) => runError(error instanceof WorkflowFailedError ? error.cause : error).code,
      );
      return { state: await story.state(), code };
    },
    from,
  );
}

const effects = (calls: readonly string[]): string[] =>
  calls.filter((call) => !/^(survey|prove|smoke|standingOf|release|ensureSecrets)/.test(call));

/** Whether the new one was started as soon as the old one had stopped. */
function startsOf(set: ReturnType<typeof fakes>): boolean[] {
  const starts: boolean[] = [];
  const { holdState } = set.activities;
  set.activities.holdState = (input) => {
    starts.push(input.starts);
    return holdState(input);
  };
  return starts;
}

it('tried on a copy, swapped, proved, watched for its time, settled', async () => {
  const { surveys, set } = server();
  const starts = startsOf(set);
  const { state } = await tell(set);
  expect(starts).toEqual([true]);
  expect(state.status).toBe('done');
  expect(state.upgrade).toEqual({
    ...{ image: 'openclaw', from: '2026.3.13', to: '2026.9.6', outcome: 'done', downtimeMs: 8_000 },
  });
  expect(effects(set.calls)).toEqual([
    ...['planSwap', 'makeBackup', 'restoreTrial', 'tryImage', 'endTrial'],
    ...['holdState', 'endProbe', 'settleSwap'],
  ]);
  expect(surveys).toEqual([
    ...['stack', 'harden.openclaw', 'services', 'proxy', 'backup'].map((list) => `${list}: old`),
    'stack stack.images: new',
    ...['stack', 'harden.openclaw'].map((list) => `${list}: new, trial in ${SWAP.rehearsal}`),
    ...['stack', 'services', 'harden.openclaw', 'proxy'].map((list) => `${list}: new, 87 s`),
  ]);
  // Ten minutes, a look every ten seconds and seldomer towards the end.
  expect(set.calls.filter((call) => call.startsWith('standingOf')).length).toBeGreaterThan(50);
});

it('what the copy had to be migrated for comes before the start', async () => {
  const { surveys, set } = server();
  const { survey: look } = set.activities;
  set.activities.survey = async (input) => {
    const { checklist, server: about } = input;
    const isMigrated = checklist === 'harden.openclaw' && about.stack.is_trial === true;
    return isMigrated ? survey(checklist, [plan('openclaw.state', 'drift')]) : look(input);
  };
  const starts = startsOf(set);
  expect((await tell(set)).state.status).toBe('done');
  expect(starts).toEqual([false]);
  expect(surveys.slice(-3)).toEqual(
    ['harden.openclaw', 'services', 'proxy'].map((list) => `${list}: new, 87 s`),
  );
});

it('the same image already: nothing is done', async () => {
  const { set } = server({
    planSwap: async () => ({ swap: { ...SWAP, after: SWAP.before }, remote: [] }),
  });
  expect((await tell(set)).state.status).toBe('done');
  expect(effects(set.calls)).toEqual(['planSwap']);
});

it.each<[string, Partial<Activities>]>([
  ['cannot be started', { tryImage: () => Promise.reject(failing('TRIAL_FAILED')) }],
  [
    'does not take over what it finds',
    {
      survey: async ({ checklist, server: { stack } }) =>
        survey(checklist, [plan(`${checklist}.a`, stack.is_trial ? 'drift' : 'ok')]),
      converge: () => Promise.reject(failing('STEP_FAILED')),
    },
  ],
])('on the copy it %s: nothing that runs was touched, and the copy is gone', async (_, overrides) => {
  const { set } = server(overrides);
  const { state, code } = await tell(set);
  expect([code, state.status, state.upgrade?.outcome]).toEqual(['TRIAL_FAILED', 'failed', 'begun']);
  expect(set.calls).not.toContain('holdState');
  expect(set.calls).toContain('endTrial');
});

const unwell = (name: string, times: number): Partial<Activities>['prove'] => {
  let looked = 0;
  return async () => {
    looked += 1;
    const verdict = looked > times ? ('fail' as const) : ('pass' as const);
    const check = { id: name, title: name, why: '', source: '', vantage: 'host' as const, verdict };
    return {
      ...{ checks: looked > times + 1 ? [] : [{ ...check, evidence: ['seen'], remedy: [] }] },
      ...{ outside: '', remoteMs: 0, remote: [], roundTrips: 1 },
    };
  };
};

/** At the n-th look it stands otherwise. */
function standingThen(n: number, otherwise: Partial<typeof WELL>): Partial<Activities> {
  let looks = 0;
  return {
    standingOf: async () => {
      looks += 1;
      return seen(looks === n ? otherwise : {});
    },
  };
}

it.each<[string, () => Partial<Activities>]>([
  ['the service cannot be held', () => ({ holdState: () => Promise.reject(failing('STEP_FAILED')) })],
  ['a check does not hold any more', () => ({ prove: unwell('verify.models', 1)! })],
  [
    'the agent is silent',
    () => {
      let asked = 0;
      const check = { id: 'smoke.agent', title: '', why: '', source: '', vantage: 'host' as const };
      return {
        smoke: async () => {
          asked += 1;
          const verdict = asked === 2 ? ('unknown' as const) : ('pass' as const);
          return {
            checks: [{ ...check, verdict, evidence: ['nothing'], remedy: [] }],
            ...{ outside: '', remoteMs: 0, remote: [], roundTrips: 1 },
          };
        },
      };
    },
  ],
  ['it dies and is started again', () => standingThen(4, { startedAt: 'later', restarts: 1 })],
  ['it falls ill', () => standingThen(3, { health: 'unhealthy' })],
])('%s: what was kept is put back, and proved', async (_, overrides) => {
  const { surveys, set } = server(overrides());
  // Nobody is asked while the gateway is down.
  const { state, code } = await tell(set, stackInput({ onFailure: 'ask' }));
  expect([code, state.status, state.upgrade?.outcome]).toEqual(['ROLLED_BACK', 'failed', 'rolled-back']);
  expect(state.error?.code).toBe('ROLLED_BACK');
  expect(effects(set.calls).slice(-2)).toEqual(['restoreState', 'endProbe']);
  expect(surveys.slice(-4)).toEqual(
    ['stack', 'harden.openclaw', 'services', 'proxy'].map((list) => `${list}: old`),
  );
  expect(set.calls).not.toContain('settleSwap');
});

it('a start that failed is not found again by the start of the old one', async () => {
  const keys: string[] = [];
  const { set } = server({
    survey: async ({ checklist, server: about }) => {
      const isStarting =
        checklist === 'services' && keys.length + (looks(about).startsWith('new') ? 1 : 0) > 0;
      return survey(checklist, [plan(`${checklist}.a`, isStarting ? 'drift' : 'ok')]);
    },
    converge: async ({ key, server: about }) => {
      keys.push(key.split('.').at(-1)!);
      // As lost as failed: a job of the same key would be found, and taken for the start of the old one.
      if (looks(about).startsWith('new')) throw failing('DEADLINE');
      return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
    },
  });
  expect((await tell(set)).code).toBe('ROLLED_BACK');
  expect(keys).toEqual(['0', '100']);
});

it('cancelled while it is watched: put back as well', async () => {
  const { set } = server({
    prove: async () => ({ checks: [], outside: '', remoteMs: 0, remote: [], roundTrips: 1 }),
  });
  const { holdState } = set.activities;
  set.activities.holdState = async (input) => {
    await holdState(input);
    return forever();
  };
  await stage.tell(
    'upgrade',
    set,
    async (story) => {
      while (!set.calls.includes('holdState')) await new Promise((next) => setTimeout(next, 50));
      await story.handle.cancel();
      await expect(story.handle.result()).rejects.toThrow();
      expect(await story.state()).toMatchObject({ status: 'aborted', upgrade: { outcome: 'rolled-back' } });
    },
    stackInput({ onFailure: 'ask' }),
  );
  expect(effects(set.calls).slice(-2)).toEqual(['restoreState', 'endProbe']);
});

it('what cannot be put back is a person’s: it is asked, tried again, and then all is well', async () => {
  let tries = 0;
  const { set } = server({
    holdState: () => Promise.reject(failing('STEP_FAILED')),
    restoreState: async ({ key }) => {
      tries += 1;
      if (tries === 1) throw failing('STEP_FAILED');
      return { changes: [{ what: key }], remote: [] };
    },
  });
  await stage.tell(
    'upgrade',
    set,
    async (story) => {
      await story.waiting('failed:upgrade.restore');
      await story.answer('failed:upgrade.restore', 'retry');
      await expect(story.handle.result()).rejects.toThrow();
      const state = await story.state();
      expect(state.upgrade?.outcome).toBe('rolled-back');
      const [step] = state.groups.flatMap(({ steps }) => steps.filter(({ id }) => id === 'upgrade.restore'));
      expect(step?.changes[0]?.what).toMatch(/upgrade\.restore\.1$/);
    },
    stackInput({ onFailure: 'ask' }),
  );
});

it('and where nobody can be asked, it is said that neither is certain', async () => {
  const { set } = server({
    holdState: () => Promise.reject(failing('STEP_FAILED')),
    restoreState: () => Promise.reject(failing('STEP_FAILED')),
  });
  const { state, code } = await tell(set);
  expect([code, state.upgrade?.outcome]).toEqual(['ROLLBACK_FAILED', 'stuck']);
});

it('what did not hold before, and was accepted, is no reason to go back', async () => {
  const always = async () => ({
    checks: [
      {
        ...{ id: 'verify.audit', title: '', why: '', source: '', vantage: 'host' as const },
        ...{ verdict: 'fail' as const, evidence: ['old news'], remedy: [] },
      },
    ],
    ...{ outside: '', remoteMs: 0, remote: [], roundTrips: 1 },
  });
  const { set } = server({ prove: always });
  const { state, code } = await tell(set, stackInput({ onFailure: 'skip' }));
  expect([code, state.status, state.upgrade?.outcome]).toEqual([undefined, 'done', 'done']);
  const strict = server({ prove: always });
  expect((await tell(strict.set)).code).toBe('NOT_PROVED');
  expect(strict.set.calls).not.toContain('makeBackup');
});
