// partition as a run: its gateway alone is planned, proved and undone; and a run of everything goes through each gateway in turn.
import { describe, expect, it } from 'vitest';
import type { CheckResult, Proof, RunState } from '../../src/model.js';
import type { PartitionChoice } from '../../src/workflows/partition.js';
import { partitioned } from '../fixture-partitions.js';
import { type Fakes, failing, fakes, plan, type Story, stackInput, survey, useStage } from './harness.js';
import { SWAP } from './swap.js';

const stage = useStage();

const server = partitioned({ channels: { telegram: { enabled: true } }, tailscale: { enabled: false } });

const choice = (more: Partial<PartitionChoice> = {}): PartitionChoice => ({
  ...stackInput({ onFailure: 'abort', server }),
  ...{ partition: 'team', act: 'add', isNew: true },
  ...more,
});

const drifting = {
  survey: async ({ checklist }: { checklist: string }) =>
    survey(checklist, [plan(`${checklist}.a`, checklist === 'backup' ? 'ok' : 'drift')]),
};

const proof = (verdict: CheckResult['verdict']): Proof => ({
  checks: [
    {
      ...{ id: 'verify.services@team', title: 'x', why: '', source: '', vantage: 'host', verdict },
      ...{ evidence: ['seen'], remedy: ['type this'] },
    },
  ],
  ...{ outside: 'here', remoteMs: 0, remote: [], roundTrips: 1 },
});

const end = (story: Story) => story.handle.result() as Promise<RunState>;
const run = (set: Fakes, start = choice()): Promise<RunState> => stage.tell('partition', set, end, start);

/** The state of a run that failed. */
const failed = (set: Fakes, start = choice()): Promise<RunState> =>
  stage.tell(
    'partition',
    set,
    async (story) => {
      await expect(end(story)).rejects.toThrow();
      return story.state();
    },
    start,
  );

const touching = ({ calls }: Fakes): string[] =>
  calls.filter((call) => /^(converge|makeBackup|removePartition)/.test(call));

describe('one that is added', () => {
  it('is planned, proved and backed up; the server’s own gateway is not touched', async () => {
    const set = fakes({ ...drifting, prove: async () => proof('pass') });
    const state = await run(set);
    expect(state.partition).toEqual({ name: 'team', act: 'add', outcome: 'done', isNew: true });
    expect(touching(set)).toEqual([
      ...['converge stack.a @team', 'converge harden.openclaw.a @team', 'converge services.a @team'],
      'makeBackup',
    ]);
    expect(set.calls.indexOf('ownBot @team')).toBeLessThan(set.calls.indexOf('converge stack.a @team'));
    expect(state.groups.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['team: stack', 'team: services', 'backup']),
    );
  });

  it('has effects of its own: another key than the same step of the server', async () => {
    const keys: string[] = [];
    const set = fakes({
      ...drifting,
      prove: async () => proof('pass'),
      converge: async ({ key }) => {
        keys.push(key.replace(/^[^.]*\./, ''));
        return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
      },
    });
    await run(set);
    expect(keys).toEqual(['team.stack.a.0', 'team.harden.openclaw.a.0', 'team.services.a.0']);
  });

  it('whose bot is somebody else’s is refused before anything is done', async () => {
    const set = fakes({ ...drifting, ownBot: () => Promise.reject(failing('BOT_IN_USE')) });
    const state = await failed(set);
    expect(state.error?.code).toBe('BOT_IN_USE');
    expect(state.partition?.outcome).toBe('begun');
    expect(touching(set)).toEqual([]);
  });

  it('and differs from what it was is backed up before: another version may take its state over', async () => {
    const set = fakes({ ...drifting, prove: async () => proof('pass') });
    await run(set, choice({ isNew: false }));
    expect(touching(set)[0]).toBe('makeBackup');
    const same = fakes({
      survey: async ({ checklist }) => survey(checklist, []),
      prove: async () => proof('pass'),
    });
    await run(same, choice({ isNew: false }));
    expect(touching(same)).toEqual([]);
  });

  it('that cannot be proved is taken away again', async () => {
    const set = fakes({ ...drifting, prove: async () => proof('fail') });
    const state = await failed(set);
    expect(state.error?.code).toBe('NOT_PROVED');
    expect(state.partition?.outcome).toBe('undone');
    expect(touching(set).at(-1)).toBe('removePartition @team');
  });

  it('and was there before is left as it is, to be mended', async () => {
    const set = fakes({ ...drifting, prove: async () => proof('fail') });
    const state = await failed(set, choice({ isNew: false }));
    expect(state.partition?.outcome).toBe('begun');
    expect(set.calls).not.toContain('removePartition @team');
  });

  it('and cannot be taken away either is told, with what to type', async () => {
    const removePartition = () => Promise.reject(failing('PARTITION_LEFT'));
    const set = fakes({ ...drifting, prove: async () => proof('fail'), removePartition });
    const state = await failed(set);
    expect(state.partition?.outcome).toBe('stuck');
    expect(JSON.stringify(state.groups)).toContain('clincher run partition --remove team');
  });

  it('asks for the token of its bot, under the name of the partition', async () => {
    const missing = ['secret://prod/team_telegram_bot_token'];
    const set = fakes({
      prove: async () => proof('pass'),
      survey: async ({ checklist }) => survey(checklist, [], missing),
    });
    const state = await stage.tell(
      'partition',
      set,
      async (story) => {
        const { gates } = await story.waiting('team-telegram-bot-token');
        expect(gates[0]).toMatchObject({
          ...{ kind: 'secret', ref: missing[0], shape: 'telegram-bot-token' },
          title: 'Paste the token BotFather gave you: for team',
        });
        await story.answer('team-telegram-bot-token', '', { sealed: 'x' });
        return end(story);
      },
      choice(),
    );
    expect(state.status).toBe('done');
  });
});

describe('one that is removed', () => {
  const remove = choice({ act: 'remove', isNew: false });
  const answered = (set: Fakes, value: string): Promise<RunState> =>
    stage.tell(
      'partition',
      set,
      async (story) => {
        await story.waiting('remove-partition');
        await story.answer('remove-partition', value);
        await end(story).catch(() => {});
        return story.state();
      },
      remove,
    );

  it('is backed up before a person is asked, and goes alone', async () => {
    const seen: string[][] = [];
    const set = fakes({
      ...drifting,
      survey: async ({ checklist, server: { partitions = {} } }) => {
        seen.push(Object.keys(partitions));
        return survey(checklist, []);
      },
    });
    const state = await answered(set, 'yes');
    expect(state.partition?.outcome).toBe('done');
    expect(touching(set)).toEqual(['makeBackup', 'removePartition @team']);
    // The backup of the night after knows nothing of it any more.
    expect(seen).toEqual([['team', 'lab'], ['lab']]);
  });

  it('stays where nobody wants it to go', async () => {
    const set = fakes(drifting);
    const state = await answered(set, 'no');
    expect(state).toMatchObject({ status: 'aborted', error: { code: 'DECLINED' } });
    expect(state.partition?.outcome).toBe('begun');
    expect(set.calls).not.toContain('removePartition @team');
  });
});

it('an upgrade is of the server’s own gateway, while the backup that it makes is of all', async () => {
  const seen: string[] = [];
  const note = (what: string, { stack, partitions = {} }: PartitionChoice['server']): void => {
    seen.push(
      `${what} ${stack.partition ?? Object.keys(partitions).join()}${stack.is_alone ? ' alone' : ''}`,
    );
  };
  const set = fakes({
    planSwap: async () => ({ swap: SWAP, remote: [] }),
    survey: async ({ checklist, server: each }) => {
      note(checklist, each);
      return survey(checklist, []);
    },
    prove: async ({ server: each }) => {
      note('prove', each);
      return proof('pass');
    },
  });
  await stage.tell('upgrade', set, end, stackInput({ onFailure: 'abort', server })).catch(() => {});
  expect(seen).toContain('backup team,lab alone');
  expect(new Set(seen.map((each) => each.replace(/^\S+ /, '')))).toEqual(new Set(['team,lab alone']));
  expect(seen.filter((each) => each.startsWith('prove'))).not.toEqual([]);
});

describe('where gateways share what the host has', () => {
  const shared = { ...server, stack: { ...server.stack, tier: 'auto' as const } };

  it('the others give up theirs before the new one starts, hardened', async () => {
    const set = fakes({ ...drifting, prove: async () => proof('pass') });
    await run(set, choice({ server: shared }));
    expect(touching(set)).toEqual([
      ...[
        'converge stack.a',
        'converge stack.a @team',
        'converge stack.a @lab',
        'converge harden.openclaw.a @team',
      ],
      ...['converge services.a', 'converge services.a @team', 'converge services.a @lab', 'makeBackup'],
    ]);
    expect(set.calls[0]).toBe('sizeOf');
  });

  it('and get it back where it is not proved', async () => {
    const gateways: string[] = [];
    const set = fakes({
      ...drifting,
      prove: async () => proof('fail'),
      converge: async ({ step, server: { stack, partitions = {}, machine } }) => {
        gateways.push(`${step} ${stack.partition ?? ''} ${Object.keys(partitions).join()} ${machine?.cpus}`);
        return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
      },
    });
    expect((await failed(set, choice({ server: shared }))).partition?.outcome).toBe('undone');
    expect(gateways.slice(-4)).toEqual([
      ...['stack.a  lab 4', 'stack.a lab lab 4', 'services.a  lab 4', 'services.a lab lab 4'],
    ]);
  });
});

it('a provision goes through every gateway, the server’s own first, and asks for every bot', async () => {
  const set = fakes({ ...drifting, prove: async () => proof('pass') });
  await stage.tell('provision', set, end, stackInput({ onFailure: 'abort', server }));
  const converged = set.calls.filter((call) => /^converge (stack|services)/.test(call));
  expect(converged).toEqual([
    ...['converge stack.a', 'converge stack.a @team', 'converge stack.a @lab'],
    ...['converge services.a', 'converge services.a @team', 'converge services.a @lab'],
  ]);
  expect(set.calls.filter((call) => call.startsWith('ownBot'))).toEqual(['ownBot @team', 'ownBot @lab']);
});

it('the host is looked at as a whole before a first change, whichever gateway it is of', async () => {
  const seen: (string | undefined)[] = [];
  const set = fakes({
    ...drifting,
    prove: async () => proof('pass'),
    preflight: async ({ server: { stack, partitions } }) => {
      seen.push(stack.partition, Object.keys(partitions ?? {}).join());
      return { remote: [] };
    },
  });
  await run(set);
  expect(seen).toEqual([undefined, 'team,lab']);
});
