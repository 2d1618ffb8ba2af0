// recover as a run: which backup, asked with what is lost by it; a damaged one gives way to the one before; nothing without a yes.
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { RunState } from '../../src/model.js';
import { type Fakes, failing, fakes, type Story, stackInput, useStage } from './harness.js';

const stage = useStage();
const [OLD, NEW] = ['20261126T030000Z', '20261127T030000Z'];
const copy = (id: string, isWhole = true) => ({ id, isWhole, isHere: false, bytes: 1 });

function withCopies(
  overrides: Partial<Activities> = {},
  copies = [copy(OLD), copy(NEW)],
): Fakes & { got: string[] } {
  const got: string[] = [];
  const set = fakes({
    listCopies: async () => ({ backups: [], offsite: { where: 'far', copies }, remote: [] }),
    recoverState: async ({ id = '' }) => {
      got.push(id);
      return { changes: [{ what: 'x' }], remote: [] };
    },
    ...overrides,
  });
  return { ...set, got };
}
function tell(set: Fakes, act: (story: Story) => Promise<unknown>, more: object = {}): Promise<RunState> {
  const input = { ...stackInput(), ...more };
  input.server.backup = { ...input.server.backup, offsite: { type: 's3' } as never };
  return stage.tell(
    'recover',
    set,
    async (story) => {
      await act(story);
      await story.handle.result().catch(() => {});
      return story.state();
    },
    input,
  );
}
const yes = async (story: Story, id: string): Promise<RunState> => {
  const gate = `recover-${id.toLowerCase()}`;
  const seen = await story.waiting(gate);
  await story.answer(gate, 'yes');
  return seen;
};

it('the newest, after a yes that knows what is lost; then everything as a first time', async () => {
  const set = withCopies();
  let asked: RunState | undefined;
  const state = await tell(set, async (story) => {
    asked = await yes(story, NEW);
  });
  expect(set.got).toEqual([NEW]);
  expect(asked?.gates[0]?.instructions.join()).toMatch(
    /whatever came after it is lost.*has to be gone for good/,
  );
  expect(state.status).toBe('done');
  const order = [
    'survey base',
    'survey backup',
    'fetchBackup',
    'recoverState',
    'survey stack',
    'survey services',
  ];
  expect(set.calls.filter((call) => order.includes(call)).slice(0, order.length)).toEqual(order);
});

it('a damaged one gives way to the one before, which is asked for', async () => {
  const set = withCopies({
    fetchBackup: async ({ id }) => {
      if (id === NEW) throw failing('BACKUP_INVALID');
      return { backup: { id }, changes: [], remote: [] };
    },
  });
  let second: RunState | undefined;
  const state = await tell(set, async (story) => {
    await yes(story, NEW);
    second = await yes(story, OLD);
  });
  expect(second?.gates[0]?.instructions[0]).toMatch(new RegExp(`^${NEW} cannot be used`));
  expect(set.got).toEqual([OLD]);
  expect(state).toMatchObject({ status: 'done', outcome: { failed: 0 } });
  expect(state.groups.flatMap(({ steps }) => steps.map(({ title }) => title)).join()).toContain(
    'cannot be used',
  );
});

describe('nothing is restored', () => {
  it('without a yes', async () => {
    const set = withCopies();
    const state = await tell(set, async (story) => {
      await story.waiting(`recover-${NEW.toLowerCase()}`);
      await story.answer(`recover-${NEW.toLowerCase()}`, 'no');
    });
    expect(state).toMatchObject({ status: 'aborted', error: { code: 'DECLINED' } });
    expect(set.calls).not.toContain('fetchBackup');
  });
  it('where there is no whole backup', async () => {
    const set = withCopies({}, [copy(NEW, false)]);
    expect(await tell(set, async () => {}, { onFailure: 'abort' })).toMatchObject({
      error: { code: 'BACKUP_NOT_FOUND' },
    });
  });
  it('where the server has a state of its own: the one before would be refused as well', async () => {
    const set = withCopies({ recoverState: () => Promise.reject(failing('BACKUP_FAILED')) });
    const state = await tell(set, (story) => yes(story, NEW), { onFailure: 'abort' });
    expect(state).toMatchObject({ status: 'failed', error: { code: 'BACKUP_FAILED' } });
    expect(set.calls).not.toContain('survey stack');
  });
});

it('one that was named, and no other', async () => {
  const set = withCopies();
  await tell(set, (story) => yes(story, OLD), { backup: OLD });
  expect(set.got).toEqual([OLD]);
});
