// failover as a run: who sees the server, what stops it, and what is put back where it does not come to its end.
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { RunState, Sighting, StepState } from '../../src/model.js';
import { fenceReturnId } from '../../src/workflows/messages.js';
import { type Fakes, failing, fakes, plan, type Story, stackInput, survey, useStage } from './harness.js';

const stage = useStage();
const [OLD, NEW] = ['20261126T030000Z', '20261127T030000Z'];
const sees = (from: string, what: Sighting['sees']): Sighting => ({ from, sees: what, what });
const GONE = [sees('this control plane', 'silent'), sees('spare', 'silent'), sees('monitor', 'unknown')];

const world = (overrides: Partial<Activities> = {}): Fakes & { stopped: string[] } => {
  const stopped: string[] = [];
  const copies = [OLD, NEW].map((id) => ({ id, isWhole: true, isHere: false, bytes: 1 }));
  const set = fakes({
    listCopies: async () => ({ backups: [], offsite: { where: 'far', copies }, remote: [] }),
    sight: async () => GONE,
    canReach: async () => false,
    fenceHost: async ({ server }) => {
      stopped.push(server.address);
      return { changes: [{ what: 'stopped' }], remote: [] };
    },
    ...overrides,
  });
  return { ...set, stopped };
};

function tell(
  set: Fakes,
  act: (story: Story) => Promise<unknown>,
  {
    runbook = 'failover',
    ...more
  }: {
    runbook?: 'failover' | 'failback';
    fence?: string;
    domain?: string;
    anyway?: boolean;
    tailnet?: boolean;
  } = {},
): Promise<RunState> {
  const input = { ...stackInput(), anyway: more.anyway ?? false };
  input.server.backup = { ...input.server.backup, offsite: { type: 's3' } as never };
  if (more.tailnet) input.server.tailscale = { ...input.server.tailscale, enabled: true };
  if (more.domain)
    input.server.proxy = { ...input.server.proxy, kind: 'caddy', domain: more.domain, tls: 'internal' };
  const old = structuredClone({ ...input.server, address: 'old.example.com' });
  old.failover = { fence_timeout_seconds: 5, ...(more.fence ? { fence_command: more.fence } : {}) };
  return stage.tell(
    runbook,
    set,
    async (story) => {
      await act(story);
      await story.handle.result().catch(() => {});
      await story.outlived(fenceReturnId(old));
      return story.state();
    },
    { ...input, onFailure: 'abort', old, vantages: [] } as never,
  );
}
const say = async (story: Story, id: string, value: string): Promise<RunState> => {
  const seen = await story.waiting(id);
  await story.answer(id, value);
  return seen;
};
const notes = ({ groups }: RunState): string =>
  groups.flatMap(({ steps }) => steps.map(({ title }) => title)).join('\n');

// First: the test server's clock may stand still once a child has outlived its run, and this one needs a day.
it('a name that nobody changes ends no service: after a day that is said', async () => {
  const set = world({ canReach: async () => true, watch: () => Promise.reject(failing('INTERNAL')) });
  const state = await tell(set, (story) => say(story, 'failover', 'yes'), { domain: 'claw.example.com' });
  expect(state).toMatchObject({ status: 'done', moved: 'kept' });
  expect(set.calls.filter((call) => call.startsWith('remind')).length).toBe(24);
  expect(notes(state)).toContain('claw.example.com still does not lead to');
});

it('one that is gone: seen by several, agreed to, kept from the bot by a person, restored from the newest', async () => {
  const set = world();
  let asked: RunState | undefined;
  const state = await tell(set, async (story) => {
    asked = await say(story, 'failover', 'yes');
    await say(story, 'fence', 'powered-off');
  });
  expect(asked?.gates[0]?.instructions.join('\n')).toMatch(
    /this control plane: it does not answer[\s\S]*monitor: unknown[\s\S]*newest backup is of 2026-11-27T03:00Z/,
  );
  expect(state).toMatchObject({ status: 'done', moved: 'kept' });
  expect(state.phases?.map(({ name }) => name)).toEqual([
    'detect',
    'approve',
    'fence',
    'restore',
    'start',
    'prove',
    'name',
  ]);
  expect(set.calls).not.toContain('makeBackup');
  // The backup that was agreed to is not looked for again; its devices are known.
  expect(set.calls.filter((call) => call === 'listCopies')).toHaveLength(1);
  expect(set.calls).not.toContain('pairing');
  expect(set.calls.indexOf('recoverState')).toBeGreaterThan(set.calls.indexOf('sight'));
  expect(set.stopped).toEqual([]);
});

it('a standby is looked over before the first change there', async () => {
  const set = fakes();
  const state = await stage.tell('stageStandby', set, async (story) => {
    await story.handle.result();
    return story.state();
  });
  expect(state.status).toBe('done');
  expect(set.calls.filter((call) => ['preflight', 'retireState'].includes(call))).toEqual([
    'preflight',
    'retireState',
  ]);
});

it('one that can be reached is stopped first, and then makes a last backup: nothing is lost', async () => {
  const set = world({ canReach: async () => true });
  const state = await tell(set, (story) => say(story, 'failover', 'yes'));
  expect(state).toMatchObject({ status: 'done', moved: 'kept' });
  expect(set.stopped).toEqual(['old.example.com']);
  const order = ['makeBackup', 'copyOffsite', 'recoverState', 'survey services'];
  expect(set.calls.filter((call) => order.includes(call)).slice(0, 4)).toEqual(order);
});

it.each([
  ['at once', undefined, 1],
  ['after a minute, in which it may have come back', '1m', 2],
] as const)('agreed to %s: whether it can be reached is asked so often', async (_, slept, asked) => {
  const set = world();
  await tell(
    set,
    async (story) => {
      await story.waiting('failover');
      if (slept) await story.pass(slept);
      await story.answer('failover', 'yes');
    },
    { fence: 'poweroff it' },
  );
  expect(set.calls.filter((call) => call === 'canReach')).toHaveLength(asked);
});

describe('its standby is looked over while others look at the old server', () => {
  const drifts =
    (checklist: string, role: string) => (input: { checklist: string; server: { role: string } }) =>
      input.checklist === checklist && input.server.role === role;
  const told = async (
    set: Fakes,
    { slept, tailnet = false }: { slept?: string; tailnet?: boolean } = {},
  ): Promise<{ asked: string; phases: string[] }> => {
    let asked = '';
    const state = await tell(
      set,
      async (story) => {
        asked = (await story.waiting('failover')).gates[0]!.instructions.join('\n');
        if (slept) await story.pass(slept);
        await story.answer('failover', 'yes');
      },
      { fence: 'poweroff it', tailnet },
    );
    expect(state).toMatchObject({ status: 'done', moved: 'kept' });
    return { asked, phases: state.phases!.map(({ name }) => name) };
  };
  const leftBy = (isLeft: ReturnType<typeof drifts>): Fakes =>
    world({ survey: async (input) => survey(input.checklist, isLeft(input) ? [plan('x.y', 'drift')] : []) });
  /** On the tailnet a moment later: nobody has to be asked. */
  const offTheTailnet = (): Fakes => {
    let isUp = false;
    return world({
      probe: async ({ probe }) => {
        const was = isUp;
        isUp ||= probe === 'tailscale-up';
        return { done: was };
      },
    });
  };
  const full: StepState = { id: 'doctor.disk_full', title: '', changes: [], notes: [], status: 'failed' };
  const awayAtFirst = (): Fakes => {
    let looks = 0;
    return world({
      survey: async ({ checklist }) => {
        looks += 1;
        if (looks <= 3) throw failing('UNREACHABLE', false);
        return survey(checklist, []);
      },
    });
  };

  it('nothing is left to do: that is said, and nothing is done again', async () => {
    const { asked, phases } = await told(world());
    expect(asked).toContain('stands by as it was staged');
    expect(phases).not.toContain('host');
  });
  it('files and settings of what was restored agree: they are looked at once, all together', async () => {
    const set = world();
    await told(set);
    const looks = (checklist: string) => set.calls.filter((call) => call === `survey ${checklist}`).length;
    expect([looks('stack'), looks('harden.openclaw'), looks('services')]).toEqual([1, 1, 1]);
  });
  it('one of them differs: they are gone through as ever', async () => {
    const set = leftBy(drifts('harden.openclaw', 'primary'));
    await told(set);
    expect(set.calls.filter((call) => call === 'survey stack')).toHaveLength(2);
    expect(set.calls.indexOf('converge x.y')).toBeLessThan(set.calls.indexOf('survey services'));
  });
  it('it was some time ago: it is looked over again', async () => {
    expect((await told(world(), { slept: '1m' })).phases).toContain('host');
  });
  it.each([
    ['its host differs', leftBy(drifts('harden.host', 'primary')), false],
    ['what restores is not there', leftBy(drifts('backup', 'standby')), false],
    ['its disk is full', world({ examine: async () => [full] }), false],
    [
      'a reference gives no value',
      world({ survey: async ({ checklist: of }) => survey(of, [], ['env://X']) }),
      false,
    ],
    ['it is on no tailnet, and is to be', offTheTailnet(), true],
    ['it does not answer yet', awayAtFirst(), false],
  ])('%s: that is said, and it is made so first', async (_, set, tailnet) => {
    const { asked, phases } = await told(set, { tailnet });
    expect(set.calls).toContain('preflight');
    expect(asked).toContain('is not as a standby was staged');
    expect(phases).toContain('host');
  });
});

it('what the configuration names cuts it off, and nobody is asked', async () => {
  const set = world();
  const state = await tell(set, (story) => say(story, 'failover', 'yes'), { fence: 'poweroff it' });
  expect(set.calls).toContain('fenceByCommand');
  expect(notes(state)).toContain('cut off by failover.fence_command');
});

it('where that fails a person is asked', async () => {
  const set = world({ fenceByCommand: () => Promise.reject(failing('NOT_FENCED')) });
  const state = await tell(
    set,
    async (story) => {
      await say(story, 'failover', 'yes');
      await say(story, 'fence', 'powered-off');
    },
    { fence: 'poweroff it' },
  );
  expect(state.status).toBe('done');
});

describe('nothing is begun', () => {
  it('where others see it answer and only we do not reach it', async () => {
    const set = world({
      sight: async () => [sees('we', 'silent'), sees('spare', 'answers'), sees('m', 'answers')],
    });
    expect(await tell(set, async () => {})).toMatchObject({ error: { code: 'NOT_DOWN' } });
    expect(set.calls).not.toContain('preflight');
  });
  it('without a yes', async () => {
    const set = world({ canReach: async () => true });
    expect(await tell(set, (story) => say(story, 'failover', 'no'))).toMatchObject({ status: 'aborted' });
    expect(set.stopped).toEqual([]);
  });
  it('as long as Telegram takes the old token', async () => {
    const set = world({ isTokenRefused: async () => ({ isRefused: false, sealTo: 'age1worker' }) });
    const state = await tell(set, async (story) => {
      await say(story, 'failover', 'yes');
      await say(story, 'fence', 'revoked');
      await say(story, 'not-revoked', 'no');
    });
    expect(state).toMatchObject({ status: 'aborted', moved: 'back' });
    expect(set.calls).not.toContain('recoverState');
  });
});

it('a token that Telegram refuses: the new one is asked for, sealed', async () => {
  const set = world();
  let asked: RunState | undefined;
  const state = await tell(set, async (story) => {
    await say(story, 'failover', 'yes');
    await say(story, 'fence', 'revoked');
    asked = await story.waiting('telegram-token');
    await story.answer('telegram-token', '', { sealed: 'age' });
  });
  expect(asked?.sealTo).toBe('age1worker');
  expect(set.calls).toContain('storeSecret');
  expect(state).toMatchObject({ status: 'done', moved: 'kept' });
});

it('a failure before the proof: the new one is stopped, and the old one goes on', async () => {
  const reach = [true, true, true];
  const set = world({
    canReach: async () => reach.pop() ?? true,
    recoverState: () => Promise.reject(failing('BACKUP_FAILED')),
  });
  const state = await tell(set, (story) => say(story, 'failover', 'yes'));
  expect(state).toMatchObject({ status: 'failed', moved: 'back', error: { code: 'BACKUP_FAILED' } });
  expect(set.stopped).toEqual(['old.example.com', stackInput().server.address]);
  expect(set.calls.at(-3)).toBe('unfenceHost');
});

it('a damaged newest backup gives way to the one before, which is asked for', async () => {
  const set = world({
    fetchBackup: async ({ id }) => {
      if (id === NEW) throw failing('BACKUP_INVALID');
      return { backup: { id } as never, changes: [], remote: [] };
    },
  });
  const state = await tell(set, async (story) => {
    await say(story, 'failover', 'yes');
    await say(story, 'fence', 'powered-off');
    const seen = await say(story, `restore-${OLD.toLowerCase()}`, 'yes');
    expect(seen.gates[0]?.instructions[0]).toMatch(new RegExp(`^${NEW} cannot be used`));
  });
  expect(notes(state)).toContain(`from the backup ${OLD}`);
});

it('a standby that was never staged cannot say what backups there are: that is said, and nobody wants it', async () => {
  const never = world({
    listCopies: async () => {
      throw failing('REMOTE_FAILED');
    },
  });
  const ended = await tell(never, async (story) => {
    const seen = await say(story, 'failover', 'no');
    expect(seen.gates[0]?.instructions.join('\n')).toContain('There is no backup to go on from yet');
  });
  expect(ended.status).toBe('aborted');
  expect(never.stopped).toEqual([]);
});

describe('the far end does not answer', () => {
  const silent = async (): Promise<never> => {
    throw failing('OFFSITE_UNREACHABLE');
  };
  const kept = { id: OLD, manifest: {} } as never;

  it('what the standby has already is what it goes on from, and that is said', async () => {
    const set = world({ listCopies: silent, listBackups: async () => ({ backups: [kept], remote: [] }) });
    const state = await tell(set, (story) => say(story, 'failover', 'yes'), { fence: 'poweroff it' });
    expect(state).toMatchObject({ status: 'done', moved: 'kept' });
    expect(notes(state)).toMatch(/OFFSITE_UNREACHABLE.*: only what is here is known/);
    expect(notes(state)).toContain(`from the backup ${OLD}`);
    expect(set.calls).not.toContain('fetchBackup');
  });
  it('and nothing is here: that is an error, not an empty list', async () => {
    const set = world({ listCopies: silent });
    const state = await tell(set, (story) => say(story, 'failover', 'yes'), { fence: 'poweroff it' });
    expect(state).toMatchObject({ moved: 'back', error: { code: 'OFFSITE_UNREACHABLE' } });
  });
});

it('a failback wants the server that runs: else it is a failover', async () => {
  const set = world();
  expect(await tell(set, async () => {}, { runbook: 'failback' })).toMatchObject({
    error: { code: 'NOT_REACHED' },
  });
  expect(set.calls).not.toContain('retireState');
});
