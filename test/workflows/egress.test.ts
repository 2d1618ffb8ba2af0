// A change of the ways out has two ends: every door as it was meant, or as it was; and where nothing differs, none at all.
import { expect, it } from 'vitest';
import type { Activities, EgressLook } from '../../src/activities/api.js';
import type { ExtraDomain, RunInput, RunState } from '../../src/model.js';
import { failing, fakes, forever, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

const was: ExtraDomain[] = [{ domain: 'old.example.org', reason: 'as it was' }];
const wanted: ExtraDomain[] = [...was, { domain: 'new.example.org', reason: 'as it is meant' }];

function start(): RunInput {
  const input = stackInput({ onFailure: 'abort' });
  input.server.stack.egress.extra_domains = wanted;
  return input;
}

const tell = (set: ReturnType<typeof fakes>): Promise<RunState> =>
  stage.tell('egress', set, (story) => story.handle.result() as Promise<RunState>, start());

/** A host that has the list of before until a step converges it to what its configuration says. */
function host(overrides: Partial<Activities> = {}) {
  const seen = { list: JSON.stringify(was), keys: [] as string[], only: new Set<string | undefined>() };
  const looked: EgressLook = {
    ...{ differs: true, domains: ['old.example.org'], extras: was, remote: [] },
    said: { 'old.example.org:443': { status: 200 } },
  };
  const isBehind = (extras: ExtraDomain[]): boolean => seen.list !== JSON.stringify(extras);
  const set = fakes({
    lookAtEgress: async ({ server }) => ({
      ...looked,
      differs: isBehind(server.stack.egress.extra_domains),
    }),
    survey: async ({ checklist, server, only }) => {
      seen.only.add(only);
      const drifts = checklist === 'stack' && isBehind(server.stack.egress.extra_domains);
      return survey(checklist, [plan(`${checklist}.egress`, drifts ? 'drift' : 'ok')]);
    },
    converge: async ({ key, server }) => {
      seen.keys.push(key.split('.').at(-1)!);
      seen.list = JSON.stringify(server.stack.egress.extra_domains);
      return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
    },
    ...overrides,
  });
  const told = (): string[] => set.calls.filter((call) => !/^(survey|release)/.test(call));
  return { seen, set, told };
}

it('looked at, tried, taken up, proved; of the three steps alone', async () => {
  const { seen, set, told } = host();
  expect(await tell(set)).toMatchObject({ status: 'done' });
  expect(told()).toEqual(['lookAtEgress', 'tryEgress', 'converge stack.egress', 'proveEgress']);
  expect(JSON.parse(seen.list)).toEqual(wanted);
  expect([...seen.only]).toEqual(['stack.compose,stack.egress,stack.services']);
});

it('nothing differs: nothing is tried, changed or claimed', async () => {
  const { set, told, seen } = host();
  seen.list = JSON.stringify(wanted);
  expect(await tell(set)).toMatchObject({ status: 'done' });
  expect(told()).toEqual(['lookAtEgress']);
  expect(set.calls).not.toContain('release');
});

it('more than the list differs: nothing is changed', async () => {
  const { set, told } = host({ lookAtEgress: () => Promise.reject(failing('DRIFT')) });
  await expect(tell(set)).rejects.toThrow();
  expect(told()).toEqual(['lookAtEgress']);
});

it('Smokescreen does not take the list: the one in use is not touched', async () => {
  const { set, told, seen } = host({ tryEgress: () => Promise.reject(failing('EGRESS_REFUSED')) });
  await expect(tell(set)).rejects.toThrow();
  expect(told()).toEqual(['lookAtEgress', 'tryEgress']);
  expect(JSON.parse(seen.list)).toEqual(was);
});

it('a door is not as it was: the list of before is put back, and proved', async () => {
  const proofs: { isUndone: boolean; domains: (string | undefined)[] }[] = [];
  const { set, seen } = host({
    proveEgress: async ({ server, isUndone }) => {
      proofs.push({ isUndone, domains: server.stack.egress.extra_domains.map(({ domain }) => domain) });
      if (!isUndone) throw failing('EGRESS_BROKEN');
      return { changes: [{ what: 'as before' }], remote: [] };
    },
  });
  await expect(tell(set)).rejects.toThrow();
  expect(JSON.parse(seen.list)).toEqual(was);
  expect(proofs).toEqual([
    { isUndone: false, domains: ['old.example.org', 'new.example.org'] },
    { isUndone: true, domains: ['old.example.org'] },
  ]);
  expect(new Set(seen.keys).size).toBe(2);
  expect(set.calls.at(-1)).toBe('release');
});

it('a step that fails: the list of before is put back', async () => {
  const { set, seen } = host();
  const { converge } = set.activities;
  let times = 0;
  set.activities.converge = (input) =>
    times++ === 0 ? Promise.reject(failing('NOT_HEALTHY')) : converge(input);
  await expect(tell(set)).rejects.toThrow();
  expect(set.calls).toContain('proveEgress');
  expect(JSON.parse(seen.list)).toEqual(was);
});

it('cancelled in the middle: the list of before is put back', async () => {
  let times = 0;
  const { set, seen } = host({
    proveEgress: async () => (times++ === 0 ? forever() : { changes: [], remote: [] }),
  });
  await stage.tell(
    'egress',
    set,
    async (story) => {
      while (!set.calls.includes('proveEgress')) await new Promise((next) => setTimeout(next, 50));
      await story.handle.cancel();
      await expect(story.handle.result()).rejects.toThrow();
    },
    start(),
  );
  expect(JSON.parse(seen.list)).toEqual(was);
});
