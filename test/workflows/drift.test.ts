// What differs is a person's to decide, each step by itself: repaired, let be until it changes, or left; nobody is waited for long.
import { expect, it } from 'vitest';
import type { AcceptDriftInput, Activities } from '../../src/activities/api.js';
import type { RunState } from '../../src/model.js';
import { fakes, plan, type Story, stackInput, survey, useStage } from './harness.js';

const stage = useStage();
const CHECKLISTS = ['base', 'services'];
const start = { ...stackInput(), checklists: CHECKLISTS };
const change = { what: 'update /etc/x', diff: { path: '/etc/x', before: 'a', after: 'b' } };
const drifted = (id: string) => ({ ...plan(id, 'drift'), why: `why of ${id}`, changes: [change] });

/** Two of three differ, and a repair is seen as one. */
function host(overrides: Partial<Activities> = {}) {
  const accepted: AcceptDriftInput[] = [];
  const replaced: (boolean | undefined)[] = [];
  const set = fakes({
    survey: async ({ checklist, only }) => {
      const steps =
        checklist === 'base' ? [drifted('base.sshd'), plan('base.sudo')] : [drifted('stack.services')];
      return survey(
        checklist,
        steps.map((step) =>
          only === undefined || only.split(',').includes(step.id)
            ? step
            : { ...step, status: 'skipped' as const },
        ),
      );
    },
    converge: async ({ replaceEdited }) => {
      replaced.push(replaceEdited);
      return { outcome: 'changed', changes: [change], notes: [], remote: [], tail: [] };
    },
    acceptDrift: async (one) => {
      accepted.push(one);
    },
    ...overrides,
  });
  return { set, accepted, replaced };
}

const tell = <T>(workflow: string, set: ReturnType<typeof fakes>, act: (story: Story) => Promise<T>) =>
  stage.tell(workflow, set, act, start as never);

const notes = ({ groups }: RunState): string[] =>
  groups.flatMap(({ steps }) => steps.filter(({ id }) => id.startsWith('note.')).map(({ title }) => title));

it('one is repaired, one accepted: each has a question of its own, with what differs', async () => {
  const { set, accepted, replaced } = host();
  const state = await tell('drift', set, async (story) => {
    const { gates } = await story.waiting('drift:stack.services');
    expect(gates.map(({ id, options }) => [id, options])).toEqual([
      ['drift:base.sshd', ['repair', 'accept', 'leave']],
      ['drift:stack.services', ['repair', 'accept', 'leave']],
    ]);
    expect(gates[0]).toMatchObject({
      diff: change.diff,
      instructions: ['why of base.sshd', 'repair would: update /etc/x'],
    });
    await story.answer('drift:base.sshd', 'accept', { who: 'eve@desk' });
    await story.answer('drift:stack.services', 'repair');
    return story.handle.result() as Promise<RunState>;
  });
  expect(state.status).toBe('done');
  expect(set.calls.filter((call) => call.startsWith('converge'))).toEqual(['converge stack.services']);
  expect(replaced).toEqual([true]);
  expect(accepted).toMatchObject([{ who: 'eve@desk', step: { id: 'base.sshd', changes: [change] } }]);
  expect(state.answered?.map(({ value, who }) => [value, who])).toEqual([
    ['accept', 'eve@desk'],
    ['repair', 'ada'],
  ]);
});

it('what was accepted is not asked about again, and told', async () => {
  const { set } = host({
    acceptedDrift: async ({ steps }) => ({
      accepted: steps.map(({ id }) => ({
        step: id,
        sha256: 'x',
        who: 'eve@desk',
        when: '2026-11-27T12:00:00Z',
      })),
      remote: [],
    }),
  });
  const state = await tell('drift', set, (story) => story.handle.result() as Promise<RunState>);
  expect(state.answered ?? []).toEqual([]);
  expect(notes(state)).toEqual([
    'base.sshd differs, and eve@desk lets it be since 2026-11-27',
    'stack.services differs, and eve@desk lets it be since 2026-11-27',
    'nothing else differs',
  ]);
  expect(set.calls.toSorted()).toEqual(['acceptedDrift', 'survey base', 'survey services']);
});

it('without an answer within a day everything is left as it is, and the server is free again', async () => {
  const { set, accepted } = host();
  const state = await tell('drift', set, async (story) => {
    await story.waiting('drift:stack.services');
    await story.pass('25 hours');
    return story.handle.result() as Promise<RunState>;
  });
  expect(state.status).toBe('done');
  expect(notes(state)).toContain('base.sshd differs, and is left for now');
  expect([accepted, set.calls.filter((call) => call.startsWith('converge'))]).toEqual([[], []]);
});

it('what cannot be read is no drift, and told', async () => {
  const { set } = host({
    survey: async ({ checklist }) =>
      survey(checklist, [{ ...plan(`${checklist}.a`, 'unknown'), reason: 'no answer' }]),
  });
  const state = await tell('drift', set, (story) => story.handle.result() as Promise<RunState>);
  expect(notes(state)[0]).toBe('base.a could not be read: no answer');
});

it('the report asks nobody, takes no lock and changes nothing', async () => {
  const { set } = host({
    acceptedDrift: async () => ({
      accepted: [{ step: 'base.sshd', sha256: 'x', who: 'eve@desk', when: '2026-11-27T12:00:00Z' }],
      remote: [],
    }),
  });
  const state = await tell('driftReport', set, (story) => story.handle.result() as Promise<RunState>);
  expect(state.status).toBe('done');
  expect(
    state.surveys.flatMap(({ steps }) => steps.map(({ id, status, notes: told }) => [id, status, ...told])),
  ).toEqual([
    ['base.sshd', 'drift', 'base.sshd differs, and eve@desk lets it be since 2026-11-27'],
    ['base.sudo', 'ok'],
    ['stack.services', 'drift'],
  ]);
  expect(set.calls.toSorted()).toEqual(['acceptedDrift', 'survey base', 'survey services']);
});
