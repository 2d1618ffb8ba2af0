// A secret that others have made: asked for, taken up, proved; or the old one is put back, whatever failed.
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { RunState } from '../../src/model.js';
import type { RotationChoice } from '../../src/workflows/rotate.js';
import { failing, fakes, forever, plan, type Story, stackInput, survey, useStage } from './harness.js';

const stage = useStage();
const REF = 'secret://lab/anthropic_api_key';
const GATE = 'new-anthropic-api-key';

const choice = (isExposing = false): RotationChoice => ({
  ...stackInput({ onFailure: 'abort' }),
  given: { ref: REF, isExposing },
});

/** The vault of one secret, and a host that has what was last taken up. */
function vault(overrides: Partial<Activities> = {}) {
  const seen = { keep: [] as string[], asked: [] as boolean[], stored: [] as string[] };
  let [value, host] = ['old', 'old'];
  const set = fakes({
    storeSecret: async ({ ref }) => {
      seen.stored.push(ref);
      return { stored: true, fingerprint: 'sha256:ab12' };
    },
    takeNew: async () => {
      value = 'new';
    },
    endGiven: async ({ keep }) => {
      seen.keep.push(keep);
      if (keep === 'old') value = 'old';
    },
    proveGiven: async ({ isAsked }) => {
      seen.asked.push(isAsked);
      return { changes: [{ what: 'x' }], remote: [] };
    },
    survey: async ({ checklist }) =>
      survey(checklist, [plan(`${checklist}.a`, checklist === 'stack' && host !== value ? 'drift' : 'ok')]),
    converge: async () => {
      host = value;
      return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
    },
    ...overrides,
  });
  return { seen, set, host: () => host };
}

async function answered(story: Story): Promise<RunState> {
  await story.waiting(GATE);
  await story.answer(GATE, '', { sealed: 'age-sealed' });
  return (await story.handle.result()) as RunState;
}

const tell = (set: ReturnType<typeof fakes>, act = answered, from = choice()): Promise<RunState> =>
  stage.tell('rotateKey', set, act, from);

it('is asked for beside the one in use, taken up, proved, kept; and where the old one ends is told', async () => {
  const { seen, set, host } = vault();
  const state = await tell(set);
  expect(state.status).toBe('done');
  expect([host(), seen.keep, seen.stored]).toEqual(['new', ['new'], [`${REF}_next`]]);
  expect(set.calls.filter((call) => !call.startsWith('survey'))).toEqual([
    ...['findNew', 'storeSecret', 'takeNew', 'preflight', 'converge stack.a', 'proveGiven', 'endGiven'],
    'release',
  ]);
  const notes = state.groups.flatMap(({ steps }) => steps).filter(({ id }) => id === 'note.revoke');
  expect(notes.map(({ title }) => title)).toEqual([
    'The old value of anthropic_api_key: delete the old key at https://console.anthropic.com/settings/keys',
  ]);
  expect(JSON.stringify(state)).not.toContain('age-sealed');
});

it('one that was put in before is taken without asking', async () => {
  const { seen, set, host } = vault({ findNew: async () => ({ isThere: true }) });
  await tell(set, (story) => story.handle.result() as Promise<RunState>);
  expect([host(), seen.keep]).toEqual(['new', ['new']]);
  expect(set.calls).not.toContain('storeSecret');
});

it('not taken by its maker: the old one is put back and proved in use, and nobody is asked with it', async () => {
  const { seen, set, host } = vault();
  set.activities.proveGiven = async ({ isAsked }) => {
    seen.asked.push(isAsked);
    if (isAsked) throw failing('NOT_ROTATED');
    return { changes: [], remote: [] };
  };
  await expect(tell(set)).rejects.toThrow();
  expect([host(), seen.keep, seen.asked]).toEqual(['old', ['old'], [true, false]]);
  expect(set.calls.at(-1)).toBe('release');
});

it('cancelled before it was answered: nothing was begun, so nothing is undone', async () => {
  const { seen, set } = vault();
  await tell(set, async (story) => {
    await story.waiting(GATE);
    await story.handle.cancel();
    await expect(story.handle.result()).rejects.toThrow();
    return story.state();
  });
  expect(seen.keep).toEqual([]);
  expect(set.calls).not.toContain('takeNew');
});

it('cancelled in the middle: the old one is put back', async () => {
  const { seen, set, host } = vault({
    proveGiven: ({ isAsked }) => (isAsked ? forever() : Promise.resolve({ changes: [], remote: [] })),
  });
  await tell(set, async (story) => {
    await story.waiting(GATE);
    await story.answer(GATE, '', { sealed: 'age-sealed' });
    while (!set.calls.includes('proveGiven')) await new Promise((next) => setTimeout(next, 50));
    await story.handle.cancel();
    await expect(story.handle.result()).rejects.toThrow();
    return story.state();
  });
  expect([host(), seen.keep]).toEqual(['old', ['old']]);
});

it('what is reached from outside starts anew only after a proof', async () => {
  const { set } = vault();
  await tell(set, answered, choice(true));
  expect(set.calls.indexOf('prove')).toBeLessThan(set.calls.indexOf('survey proxy'));
  expect(set.calls.filter((call) => call === 'survey proxy')).toHaveLength(2);
  const unproved = vault({
    prove: async () => ({
      ...{ outside: 'here', remoteMs: 0, remote: [], roundTrips: 1 },
      checks: [
        {
          ...{ id: 'verify.a', title: 'a', why: '', source: '', vantage: 'host', verdict: 'fail' },
          ...{ evidence: ['it is open'], remedy: [] },
        },
      ],
    }),
  });
  await expect(
    tell(unproved.set, (story) => story.handle.result() as Promise<RunState>, choice(true)),
  ).rejects.toThrow();
  expect(unproved.set.calls).not.toContain('survey proxy');
  expect(unproved.set.calls).not.toContain('takeNew');
});
