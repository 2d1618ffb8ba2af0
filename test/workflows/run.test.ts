import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../src/model.js';
import { failing, fakes, forever, generationOf, input, plan, survey, useStage } from './harness.js';

const stage = useStage();
const noTelegram = () => {
  const start = input();
  start.server.channels.telegram.enabled = false;
  return start;
};
const drifted = (...ids: string[]) => ({
  survey: async ({ checklist }: { checklist: string }) =>
    survey(
      checklist,
      checklist === 'base'
        ? [plan('base.calm'), ...ids.map((id, i) => plan(id, 'drift', i === 0 ? [] : [ids[i - 1]!]))]
        : [],
    ),
});

describe('a converged host', () => {
  it('costs one activity a checklist and no more', async () => {
    const { activities, calls } = fakes({
      survey: async ({ checklist }) => survey(checklist, [plan(`${checklist}.a`)]),
    });
    const state = await stage.tell(
      'provision',
      { activities, calls },
      (story) => story.handle.result() as Promise<RunState>,
      noTelegram(),
    );
    expect(calls).toEqual(['survey base', 'survey harden.host']);
    expect(state).toMatchObject({ status: 'done', outcome: { ok: 2, changed: 0 } });
  });

  it('leaves a history of at most 60 events', async () => {
    const { activities, calls } = fakes({
      survey: async ({ checklist }) => survey(checklist, [plan(`${checklist}.a`)]),
    });
    const events = await stage.tell(
      'provision',
      { activities, calls },
      async (story) => {
        await story.handle.result();
        return (await story.handle.fetchHistory()).events?.length ?? 0;
      },
      noTelegram(),
    );
    expect(events).toBeLessThanOrEqual(60);
  });
});

describe('drift', () => {
  it('converges only what drifted, after one preflight, and frees the host', async () => {
    const set = fakes(drifted('base.one', 'base.two'));
    const state = await stage.tell(
      'provision',
      set,
      (story) => story.handle.result() as Promise<RunState>,
      noTelegram(),
    );
    expect(set.calls).toEqual([
      'survey base',
      'preflight',
      'converge base.one',
      'converge base.two',
      'survey harden.host',
      'release',
    ]);
    expect(state.outcome).toEqual({ ok: 1, changed: 2, skipped: 0, failed: 0, unreachable: 0 });
  });

  it('overlaps steps that do not need each other, and orders those that do', async () => {
    const log: string[] = [];
    const set = fakes({
      survey: async ({ checklist }) =>
        survey(
          checklist,
          checklist === 'base'
            ? [
                plan('base.slow', 'drift'),
                plan('base.quick', 'drift'),
                plan('base.last', 'drift', ['base.slow']),
              ]
            : [],
        ),
      converge: async ({ step }) => {
        log.push(`+${step}`);
        await pause(step === 'base.slow' ? 400 : 20);
        log.push(`-${step}`);
        return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
      },
    });
    await stage.tell('provision', set, (story) => story.handle.result(), noTelegram());
    expect(log.indexOf('-base.quick')).toBeLessThan(log.indexOf('-base.slow'));
    expect(log.indexOf('+base.last')).toBeGreaterThan(log.indexOf('-base.slow'));
  });
});

describe('a failed step is a gate', () => {
  const failsOnce = (type: string) => {
    const generations: number[] = [];
    const converge: Parameters<typeof fakes>[0] = {
      ...drifted('base.one'),
      converge: async (asked) => {
        generations.push(generationOf(asked));
        if (generations.length === 1) throw failing(type);
        return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
      },
    };
    return { set: fakes(converge), generations };
  };

  it('shows what happened and goes on after retry, as a new generation of effects', async () => {
    const { set, generations } = failsOnce('STEP_FAILED');
    const state = await stage.tell(
      'provision',
      set,
      async (story) => {
        const waiting = await story.waiting('failed:base.one');
        expect(waiting.status).toBe('waiting');
        expect(waiting.groups[0]?.steps[1]).toMatchObject({
          status: 'failed',
          error: { code: 'STEP_FAILED', evidence: ['last line'], remedy: ['try this'] },
        });
        await story.answer('failed:base.one', 'retry');
        return story.handle.result() as Promise<RunState>;
      },
      noTelegram(),
    );
    expect(generations).toEqual([0, 1]);
    expect(state.groups[0]?.steps[1]).toMatchObject({ status: 'changed' });
    expect(state.groups[0]?.steps[1]?.error).toBeUndefined();
  });

  it('re-attaches after a lost host: the same generation', async () => {
    const { set, generations } = failsOnce('HOST_KEY_MISMATCH');
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:base.one');
        await story.answer('failed:base.one', 'retry');
        await story.handle.result();
      },
      noTelegram(),
    );
    expect(generations).toEqual([0, 1]);
    const lost = failsOnce('AUTH_REFUSED');
    await stage.tell(
      'provision',
      lost.set,
      async (story) => {
        await story.waiting('failed:base.one');
        await story.answer('failed:base.one', 'retry');
        await story.handle.result();
      },
      noTelegram(),
    );
    expect(lost.generations).toEqual([0, 0]);
  });

  it('can be skipped: later steps go on', async () => {
    const { set } = failsOnce('STEP_FAILED');
    const state = await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:base.one');
        await story.answer('failed:base.one', 'skip');
        return story.handle.result() as Promise<RunState>;
      },
      noTelegram(),
    );
    expect(state.outcome).toMatchObject({ skipped: 1, failed: 0 });
  });

  it('can be aborted: the run fails with its cause and the host is freed', async () => {
    const { set } = failsOnce('STEP_FAILED');
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:base.one');
        await story.answer('failed:base.one', 'abort');
        await expect(story.handle.result()).rejects.toMatchObject({
          cause: { cause: { type: 'STEP_FAILED' } },
        });
        expect(await story.state()).toMatchObject({ status: 'aborted', error: { code: 'STEP_FAILED' } });
      },
      noTelegram(),
    );
    expect(set.calls.at(-1)).toBe('release');
  });

  it('retries with a new configuration when the answer brings one', async () => {
    const seen: string[] = [];
    const set = fakes({
      ...drifted('base.one'),
      converge: async ({ server }) => {
        seen.push(server.address);
        if (seen.length === 1) throw failing('STEP_FAILED');
        return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
      },
    });
    const start = noTelegram();
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:base.one');
        await story.answer('failed:base.one', 'retry', {
          server: { ...start.server, address: '10.66.0.99' },
        });
        await story.handle.result();
      },
      start,
    );
    expect(seen).toEqual([start.server.address, '10.66.0.99']);
  });

  it.each([
    ['abort', 'failed'],
    ['skip', 'done'],
  ] as const)('asks nobody under --on-failure %s', async (onFailure, status) => {
    const { set } = failsOnce('STEP_FAILED');
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.handle.result().catch(() => {});
        expect(await story.state()).toMatchObject({ status });
      },
      { ...noTelegram(), onFailure },
    );
  });

  it('is also what an unreachable host at the first look becomes', async () => {
    let looks = 0;
    const set = fakes({
      survey: async ({ checklist }) => {
        looks += 1;
        if (looks === 1) throw failing('AUTH_REFUSED');
        return survey(checklist, []);
      },
    });
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:survey.base');
        await story.answer('failed:survey.base', 'retry');
        await story.handle.result();
      },
      noTelegram(),
    );
  });
});

describe('cancel', () => {
  it('waits for the running step, frees the host and says aborted', async () => {
    let finished = false;
    const set = fakes({
      ...drifted('base.one', 'base.two'),
      converge: async () => {
        try {
          return await forever();
        } finally {
          await pause(300);
          finished = true;
        }
      },
    });
    await stage.tell(
      'provision',
      set,
      async (story) => {
        while (!set.calls.includes('converge base.one')) await pause(20);
        await story.handle.cancel();
        await expect(story.handle.result()).rejects.toThrow();
        expect(finished).toBe(true);
        expect(await story.state()).toMatchObject({ status: 'aborted', error: { code: 'ABORTED' } });
      },
      noTelegram(),
    );
    expect(set.calls).not.toContain('converge base.two');
    expect(set.calls.at(-1)).toBe('release');
  });
});

describe('read-only runbooks', () => {
  it('survey all checklists side by side and claim nothing', async () => {
    const set = fakes(drifted('base.one'));
    const start = { ...noTelegram(), checklists: ['base', 'harden.host'] };
    const state = await stage.tell('plan', set, (story) => story.handle.result() as Promise<RunState>, start);
    expect(set.calls.toSorted()).toEqual(['survey base', 'survey harden.host']);
    expect(state.surveys.map(({ checklist }) => checklist)).toEqual(['base', 'harden.host']);
  });
});
