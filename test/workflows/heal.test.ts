// heal as a run: what is unwell is restarted; anything wider only where a person says so.
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { Unwell } from '../../src/activities/api-watch.js';
import type { RunState } from '../../src/model.js';
import { type Fakes, fakes, type Story, stackInput, useStage } from './harness.js';

const stage = useStage();
const sick: Unwell = { service: 'litellm', container: 'openclaw-litellm', how: 'is unhealthy' };
const gone: Unwell = { service: 'redis', container: 'openclaw-redis', how: 'has no container' };

const withUnwell = (unwell: Unwell[], more: Partial<Activities> = {}): Fakes & { healed: string[] } => {
  const healed: string[] = [];
  const set = fakes({
    seeUnwell: async () => ({ unwell, remote: [] }),
    healService: async ({ service, anew }) => {
      healed.push(anew ? `${service} anew` : service);
      return { healed: true, changes: [{ what: 'x' }], remote: [] };
    },
    ...more,
  });
  return { ...set, healed };
};
const end = (story: Story): Promise<RunState> => story.handle.result() as Promise<RunState>;
const tell = (set: Fakes, act: (story: Story) => Promise<RunState> = end, more: object = {}) =>
  stage.tell('heal', set, act, { ...stackInput({ onFailure: 'abort' }), ...more });
const notes = ({ groups }: RunState) => groups.flatMap(({ steps }) => steps.map(({ title }) => title));

it('where everything is well nothing is touched, and the host is not even marked', async () => {
  const set = withUnwell([]);
  const state = await tell(set);
  expect(notes(state)).toContain('every service runs and is healthy');
  expect(set.calls).toEqual(['seeUnwell']);
});

it('only what was asked for is restarted, and then all of it is proved', async () => {
  const set = withUnwell([sick, gone]);
  expect(await tell(set, end, { services: ['litellm'] })).toMatchObject({ status: 'done' });
  expect(set.healed).toEqual(['litellm']);
  expect(set.calls.slice(-2)).toEqual(['prove', 'release']);
});

describe('wider than a restart', () => {
  const stubborn: Partial<Activities> = {
    healService: async ({ anew }) => ({ healed: anew, changes: [{ what: 'x' }], remote: [] }),
  };
  it('a person says yes: the container is made anew', async () => {
    const set = withUnwell([sick], stubborn);
    await tell(set, async (story) => {
      await story.waiting('anew-litellm');
      await story.answer('anew-litellm', 'yes');
      return end(story);
    });
    expect(set.calls.filter((call) => call === 'healService')).toHaveLength(2);
  });
  it('nobody answers: it is left, and the server is free after an hour', async () => {
    const set = withUnwell([sick], stubborn);
    expect(await tell(set)).toMatchObject({
      answered: [{ id: 'anew-litellm', value: 'no', who: 'timeout' }],
    });
    expect(set.calls.filter((call) => call === 'healService')).toHaveLength(1);
  });
  it('what has no container cannot be restarted: it is asked for at once', async () => {
    const set = withUnwell([gone]);
    await tell(set, async (story) => {
      await story.waiting('anew-redis');
      await story.answer('anew-redis', 'yes');
      return end(story);
    });
    expect(set.healed).toEqual(['redis anew']);
  });
});

it('asked first where restarting did not help before; a no leaves it', async () => {
  const set = withUnwell([sick]);
  const state = await tell(
    set,
    async (story) => {
      await story.waiting('heal');
      await story.answer('heal', 'no');
      return end(story);
    },
    { services: ['litellm'], asks: true },
  );
  expect(set.healed).toEqual([]);
  expect(notes(state)).toContain('it was left as it is');
});

it('restarted, and still not what was proved: the run is red', async () => {
  const wrong = { id: 'verify.services', title: 't', why: '', source: '', vantage: 'host' as const };
  const set = withUnwell([sick], {
    prove: async () => ({
      checks: [{ ...wrong, verdict: 'fail', evidence: ['litellm is unhealthy'], remedy: [] }],
      ...{ outside: '', remoteMs: 0, remote: [], roundTrips: 1 },
    }),
  });
  await expect(tell(set)).rejects.toThrow();
});
