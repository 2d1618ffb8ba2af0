import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../src/model.js';
import { doneSignal } from '../../src/workflows/messages.js';
import { fakes, survey, useStage } from './harness.js';

const stage = useStage();
const refused = (type: string) => ({ cause: expect.objectContaining({ type }) });

describe('confirm', () => {
  it.each([
    ['yes', true],
    ['no', false],
  ] as const)('%s', async (value, said) => {
    await stage.tell('askConfirm', fakes(), async (story) => {
      await story.waiting('sure');
      expect(await story.answer('sure', value)).toEqual({ gate: 'sure', accepted: true });
      const answered = [{ id: 'sure', kind: 'confirm', title: 'Sure?', value, who: 'ada' }];
      expect(await story.handle.result()).toMatchObject({ said, gates: [], answered });
    });
  });

  it('tells soon, then every day, and takes silence for no after three', async () => {
    const set = fakes();
    await stage.tell('askConfirm', set, async (story) => {
      await story.waiting('sure');
      expect((await story.state()).gates[0]).toMatchObject({ onTimeout: 'no' });
      await story.pass('9 minutes');
      expect(set.calls).toEqual([]);
      await story.pass('2 minutes');
      expect(set.calls).toEqual(['remind sure']);
      await story.pass('71 hours');
      expect(set.calls).toEqual(['remind sure', 'remind sure', 'remind sure']);
      expect((await story.state()).status).toBe('waiting');
      const answered = [{ id: 'sure', value: 'no', who: 'timeout' }];
      expect(await story.handle.result()).toMatchObject({ said: false, status: 'done', answered });
    });
  });

  it('of two at once the first counts, and the second is told so', async () => {
    await stage.tell('askConfirm', fakes(), async (story) => {
      await story.waiting('sure');
      const said = await Promise.allSettled([story.answer('sure', 'yes'), story.answer('sure', 'no')]);
      const taken = said.filter(({ status }) => status === 'fulfilled');
      expect(taken).toHaveLength(1);
      const { answered } = (await story.handle.result()) as RunState;
      expect(answered).toHaveLength(1);
    });
  });

  it('refuses what is no option, and gates that are not open, without a trace in the history', async () => {
    await stage.tell('askConfirm', fakes(), async (story) => {
      await story.waiting('sure');
      await expect(story.answer('sure', 'perhaps')).rejects.toMatchObject(refused('ANSWER_INVALID'));
      await expect(story.answer('other', 'yes')).rejects.toMatchObject(refused('NO_SUCH_GATE'));
      await story.answer('sure', 'yes');
      await story.handle.result();
      const { events } = await story.handle.fetchHistory();
      expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(1);
    });
  });
});

describe('choice', () => {
  it('takes one of its options', async () => {
    await stage.tell('askChoice', fakes(), async (story) => {
      await story.waiting('colour');
      await story.answer('colour', 'red');
      expect(await story.handle.result()).toBe('red');
    });
  });
  it('takes its default when nobody answers', async () => {
    await stage.tell('askChoice', fakes(), async (story) => {
      await story.waiting('colour');
      await story.pass('61 minutes');
      expect(await story.handle.result()).toBe('blue');
    });
  });
});

describe('secret', () => {
  const missing = { survey: async () => survey('base', [], ['secret://lab/telegram_bot_token']) };

  it('is not asked for when the vault has it', async () => {
    const set = fakes();
    await stage.tell('askSecret', set, async (story) =>
      expect(await story.handle.result()).toMatchObject({ status: 'done' }),
    );
    expect(set.calls).not.toContain('storeSecret');
  });

  it('goes sealed to the vault; a plain value is refused', async () => {
    const sealed: string[] = [];
    const set = fakes({
      ...missing,
      storeSecret: async (asked) => {
        sealed.push(asked.sealed);
        return { stored: true, fingerprint: 'sha256:ab12' };
      },
    });
    await stage.tell('askSecret', set, async (story) => {
      await story.waiting('token');
      await expect(story.answer('token', 'in-clear')).rejects.toMatchObject(refused('ANSWER_INVALID'));
      await story.answer('token', 'a slip of the hand', { sealed: 'SEALED' });
      const { answered } = (await story.handle.result()) as RunState;
      expect(answered).toMatchObject([{ id: 'token', kind: 'secret', who: 'ada' }]);
      expect(answered?.[0]).not.toHaveProperty('value');
    });
    expect(sealed).toEqual(['SEALED']);
  });

  it('stays open when the worker refuses the value, and says why', async () => {
    let tries = 0;
    const set = fakes({
      ...missing,
      storeSecret: async () =>
        ++tries === 1 ? { stored: false, reason: 'too short' } : { stored: true, fingerprint: 'x' },
    });
    await stage.tell('askSecret', set, async (story) => {
      await story.waiting('token');
      expect(await story.answer('token', '', { sealed: 'a' })).toEqual({
        gate: 'token',
        accepted: false,
        reason: 'too short',
      });
      expect((await story.state()).gates[0]).toMatchObject({ note: 'too short' });
      await story.answer('token', '', { sealed: 'b' });
      await story.handle.result();
    });
  });

  it('ends the run when nobody answers in time', async () => {
    await stage.tell('askSecret', fakes(missing), async (story) => {
      await story.waiting('token');
      await story.pass('25 hours');
      await expect(story.handle.result()).rejects.toMatchObject({ cause: { type: 'GATE_TIMED_OUT' } });
      expect(await story.state()).toMatchObject({ status: 'failed', error: { code: 'GATE_TIMED_OUT' } });
    });
  });
});

describe('a manual step', () => {
  it('asks nobody when the world shows that it is done', async () => {
    const set = fakes({ probe: async () => ({ done: true }) });
    await stage.tell('askManual', set, (story) => story.handle.result());
    expect(set.calls).toEqual(['probe tailscale-up']);
  });

  it('shows what a person needs and closes by itself', async () => {
    let up = false;
    const set = fakes({
      probe: async () => ({ done: false, note: 'https://login.example/abc' }),
      watch: async () => {
        while (!up) await pause(50);
        return { done: true };
      },
    });
    await stage.tell('askManual', set, async (story) => {
      expect((await story.waiting('tailscale-up')).gates[0]).toMatchObject({
        note: 'https://login.example/abc',
        kind: 'done',
      });
      up = true;
      expect(await story.handle.result()).toMatchObject({ status: 'done' } satisfies Partial<RunState>);
    });
  });

  it('is closed by `done` as an update, and stops watching', async () => {
    await stage.tell('askManual', fakes(), async (story) => {
      await story.waiting('tailscale-up');
      await story.answer('tailscale-up', 'done');
      await story.handle.result();
    });
  });

  it('is closed by the plain signal, named or not', async () => {
    for (const name of ['tailscale-up', undefined]) {
      await stage.tell('askManual', fakes(), async (story) => {
        await story.waiting('tailscale-up');
        await story.handle.signal(doneSignal, ...((name === undefined ? [] : [name]) as [string?]));
        await story.handle.result();
      });
    }
  });

  it('keeps a signal that came before its gate', async () => {
    let open = false;
    const set = fakes({
      probe: async () => {
        while (!open) await pause(20);
        return { done: false };
      },
    });
    await stage.tell('askManual', set, async (story) => {
      await story.handle.signal(doneSignal, 'tailscale-up');
      open = true;
      await story.handle.result();
    });
  });
});
