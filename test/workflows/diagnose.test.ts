// A diagnosis as people meet it: what was found is shown, one cause is chosen, a run of its own mends it, and it is looked at again.
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { Cause, CheckResult, Mending, Repair, RunState } from '../../src/model.js';
import { type Fakes, failing, fakes, plan, type Story, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

const healed: Repair = {
  ...{ runbook: 'heal', input: { services: ['redis'] } },
  command: 'clincher run heal -s lab',
};
const listed: Repair = {
  ...{ runbook: 'provision', input: { only: 'stack.egress', replaceEdited: true } },
  command: "clincher run provision -s lab --only 'stack.egress' --replace-edited",
};

const cause = (id: string, repair?: Repair): Cause => ({
  ...{ id, diagnosis: `diagnose.${id}`, symptom: `${id} is mute`, title: 'it is down', weight: 3 },
  ...{ evidence: [`${id} is exited`], repair, changes: [], byHand: ['look at it'] },
});

const check = ({ diagnosis, id, evidence }: Cause): CheckResult => ({
  ...{ id: `${diagnosis}.${id}`, title: id, why: '', source: '', vantage: 'host' },
  ...{ verdict: 'fail', evidence, remedy: [] },
});

/** One list of causes a look; the last one stays. */
function looking(...looks: Cause[][]): Pick<Activities, 'diagnose'> {
  return lookingWith([], ...looks);
}

function lookingWith(together: Mending[], ...looks: Cause[][]): Pick<Activities, 'diagnose'> {
  let at = 0;
  return {
    diagnose: async () => {
      const causes = looks[Math.min(at++, looks.length - 1)]!;
      return { causes, together, checks: causes.map(check), outside: 'here', remote: [] };
    },
  };
}

const told = async (set: Fakes, act: (story: Story) => Promise<unknown> = async () => {}) =>
  stage.tell(
    'diagnose',
    set,
    async (story) => {
      await act(story);
      return (await story.handle.result()) as RunState;
    },
    stackInput(),
  );

const answering =
  (...answers: string[]) =>
  async (story: Story) => {
    for (const answer of answers) {
      await story.waiting('repair');
      await story.answer('repair', answer);
    }
  };

const repairs = ({ groups }: RunState) =>
  groups.filter(({ name }) => name === 'repairs').flatMap(({ steps }) => steps);

/** The repair itself, as one more run of the server. */
const operation = async (): Promise<RunState> =>
  (await stage.env().client.workflow.getHandle('clincher/lab/op').result()) as RunState;

it('nothing is found: nobody is asked, and all is well', async () => {
  const set = fakes(looking([]));
  const state = await told(set);
  expect(state).toMatchObject({ status: 'done', causes: [] });
  expect(set.calls.filter((call) => /preflight|converge|release/.test(call))).toEqual([]);
});

it('what only a person can mend is shown, and nobody is asked', async () => {
  const state = await told(fakes(looking([cause('swap')])));
  expect(state).toMatchObject({ status: 'failed', outcome: { failed: 1 } });
  expect(state.answered).toBeUndefined();
});

it('the gate names each cause with what was seen, and takes those that can be mended', async () => {
  const set = fakes(looking([cause('redis', healed), cause('swap')]));
  let gate: RunState['gates'][number] | undefined;
  const state = await told(set, async (story) => {
    [gate] = (await story.waiting('repair')).gates;
    await story.answer('repair', 'leave');
  });
  expect(gate).toMatchObject({ kind: 'choice', options: ['redis', 'leave'] });
  expect(gate?.title).toBe('2 likely causes, likeliest first: which is repaired?');
  expect(gate?.instructions).toEqual([
    'redis: redis is mute: it is down',
    'seen: redis is exited',
    'would: clincher run heal -s lab',
    'swap: swap is mute: it is down',
    'seen: swap is exited',
    'by hand: look at it',
  ]);
  expect(state.status).toBe('failed');
  expect(set.calls).not.toContain('seeUnwell');
});

it('a repair is a run under the server’s lock; then it is looked at again', async () => {
  let isWell = false;
  const redis = { service: 'redis', container: 'openclaw-redis', how: 'is exited' };
  const set = fakes({
    ...looking([cause('redis', healed)], []),
    seeUnwell: async () => ({ unwell: isWell ? [] : [redis], remote: [] }),
    healService: async () => {
      isWell = true;
      return { healed: true, changes: [{ what: 'x' }], remote: [] };
    },
  });
  const state = await told(set, answering('redis'));
  expect(state).toMatchObject({ status: 'done', causes: [], outcome: { changed: 1, failed: 0 } });
  expect(repairs(state)[0]).toMatchObject({ id: 'repair.redis', status: 'changed' });
  expect(repairs(state)[0]?.notes[0]).toMatch(/^runs as lab-\w{4}: clincher follow lab-\w{4}$/);
  const run = await operation();
  expect(run).toMatchObject({ runbook: 'heal', who: 'ada' });
});

it('steps are repaired as a provision would, over what a hand wrote', async () => {
  const asked: object[] = [];
  const set = fakes({
    ...looking([cause('egress', listed)], []),
    survey: async ({ checklist, only }) =>
      survey(
        checklist,
        checklist === 'stack' && only === 'stack.egress' ? [plan('stack.egress', 'drift')] : [],
      ),
    converge: async ({ step, replaceEdited }) => {
      asked.push({ step, replaceEdited });
      return { outcome: 'changed', changes: [{ what: 'x' }], notes: [], remote: [], tail: [] };
    },
  });
  const state = await told(set, answering('egress'));
  expect(state.status).toBe('done');
  expect(asked).toEqual([{ step: 'stack.egress', replaceEdited: true }]);
});

it('a repair that is looked at afterwards anyway proves nothing itself, and opens nothing', async () => {
  const repair = { ...listed, input: { ...listed.input, isProvedLater: true } };
  const set = fakes({
    ...looking([cause('egress', repair)], []),
    survey: async ({ checklist }) => survey(checklist, []),
  });
  expect(await told(set, answering('egress'))).toMatchObject({ status: 'done' });
  expect(await operation()).toMatchObject({ runbook: 'provision', status: 'done' });
  expect(set.calls.join()).toContain('survey services');
  expect(set.calls.join()).not.toMatch(/prove|survey proxy/);
});

it('all: one run after the other, then one look; what is still there has not been mended', async () => {
  const [redis, egress, swap] = [cause('redis', healed), cause('egress', listed), cause('swap')];
  const together = [
    { causes: ['redis', 'cache'], repair: healed },
    { causes: ['egress'], repair: { ...listed, input: { ...listed.input, isProvedLater: true } } },
  ];
  const set = fakes({
    ...lookingWith(together, [redis, egress, swap], [egress]),
    survey: async ({ checklist }) => survey(checklist, []),
  });
  let gate: RunState['gates'][number] | undefined;
  const state = await told(set, async (story) => {
    [gate] = (await story.waiting('repair')).gates;
    await answering('all', 'leave')(story);
  });
  expect(gate?.options).toEqual(['redis', 'egress', 'all', 'leave']);
  expect(gate?.instructions?.slice(-3)).toEqual([
    'all: redis, cache, egress',
    `would: ${healed.command}`,
    `would: ${listed.command}`,
  ]);
  expect(repairs(state)).toMatchObject([
    { id: 'repair.redis+cache', status: 'changed' },
    { id: 'repair.egress', status: 'failed', notes: [expect.anything(), 'still there: egress'] },
  ]);
  expect(set.calls.filter((call) => call === 'diagnose')).toHaveLength(2);
});

it('where all is one thing, it is not offered', async () => {
  const set = fakes(lookingWith([{ causes: ['redis'], repair: healed }], [cause('redis', healed)]));
  const state = await told(set, async (story) => {
    expect((await story.waiting('repair')).gates[0]?.options).toEqual(['redis', 'leave']);
    await story.answer('repair', 'leave');
  });
  expect(state.status).toBe('failed');
});

it('a repair that did not help has failed, and the next one is asked for', async () => {
  const set = fakes({
    ...looking([cause('redis', healed), cause('egress', listed)], [cause('redis', healed)], []),
    survey: async ({ checklist }) => survey(checklist, []),
    prove: () => Promise.reject(failing('UNREACHABLE')),
  });
  const state = await told(set, answering('egress', 'redis'));
  expect(repairs(state)).toMatchObject([
    // Its run ended badly for another reason; its cause is gone.
    { id: 'repair.egress', status: 'changed' },
    { id: 'repair.redis', status: 'changed' },
  ]);
  expect(repairs(state)[0]?.notes[1]).toBe('UNREACHABLE: UNREACHABLE happened');
});

it('the cause is still there: the repair has failed', async () => {
  const state = await told(fakes(looking([cause('redis', healed)])), answering('redis', 'leave'));
  expect(repairs(state)).toMatchObject([{ id: 'repair.redis', status: 'failed' }]);
  expect(state.status).toBe('failed');
});

it('nobody answers for a day: it is left as it is', async () => {
  const state = await told(fakes(looking([cause('redis', healed)])));
  expect(state.answered).toMatchObject([{ id: 'repair', who: 'timeout', value: 'leave' }]);
  expect(state.status).toBe('failed');
});

it('a server that stays busy is told, and nothing is lost', async () => {
  const set = fakes(looking([cause('redis', healed)]));
  await stage.busy(async (holder) => {
    const state = await told(set, async (story) => {
      await story.waiting('repair');
      await story.answer('repair', 'redis');
      await story.waits();
      await story.pass('11m');
      await story.waiting('repair');
      await story.answer('repair', 'leave');
    });
    expect(repairs(state)).toMatchObject([{ status: 'failed', error: { code: 'LOCKED' } }]);
    await holder.terminate();
  });
});
