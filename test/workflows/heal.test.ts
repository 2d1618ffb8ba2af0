// heal as a run: what is unwell is restarted; anything wider only where a person says so.
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { Unwell } from '../../src/activities/api-watch.js';
import type { RunState } from '../../src/model.js';
import { type Fakes, fakes, type Story, stackInput, useStage } from './harness.js';

const stage = useStage();
const sick: Unwell = { service: 'litellm', container: 'openclaw-litellm', how: 'is unhealthy' };
const gone: Unwell = {
  service: 'redis',
  container: 'openclaw-redis',
  how: 'has no container',
  isMissing: true,
};

/** What is healed is well at the next look, unless `more` says otherwise. */
const withUnwell = (unwell: Unwell[], more: Partial<Activities> = {}): Fakes & { healed: string[] } => {
  const healed: string[] = [];
  const mended = new Set<string>();
  const heal = more.healService;
  const set = fakes({
    seeUnwell: async () => ({ unwell: unwell.filter(({ service }) => !mended.has(service)), remote: [] }),
    ...more,
    healService: async (input) => {
      const done = (await heal?.(input)) ?? { healed: true, changes: [{ what: 'x' }], remote: [] };
      healed.push(input.anew ? `${input.service} anew` : input.service);
      if (done.healed) mended.add(input.service);
      return done;
    },
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

it('only what was asked for is restarted, and looked at again', async () => {
  const set = withUnwell([sick, gone]);
  expect(await tell(set, end, { services: ['litellm'] })).toMatchObject({ status: 'done' });
  expect(set.healed).toEqual(['litellm']);
  expect(set.calls.slice(-2)).toEqual(['seeUnwell', 'release']);
});

it('a channel that the gateway holds back is started by it, and no service is touched', async () => {
  const channels: string[] = [];
  const set = withUnwell([sick], {
    startChannel: async ({ channel }) => {
      channels.push(channel);
      return { changes: [{ what: 'x' }], remote: [] };
    },
  });
  const state = await tell(set, end, { channels: ['telegram'] });
  expect(state).toMatchObject({ status: 'done', outcome: { changed: 1 } });
  expect(channels).toEqual(['telegram']);
  expect(set.healed).toEqual([]);
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
  it('nobody answers: it is left, the run says so, and the server is free after an hour', async () => {
    const set = withUnwell([sick], stubborn);
    let state: RunState | undefined;
    await tell(set, async (story) => {
      await story.handle.result().catch(() => {});
      state = await story.state();
      return state;
    });
    expect(state).toMatchObject({
      ...{ status: 'failed', error: { code: 'NOT_HEALED', message: 'lab: litellm is unhealthy' } },
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
