// A new key of the backups: the old one goes when every backup opens with the new one, and not a moment sooner.
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { RunState } from '../../src/model.js';
import { failing, fakes, forever, stackInput, survey, useStage } from './harness.js';

const stage = useStage();
const from = () => stackInput({ onFailure: 'abort' });

/** A vault of one key, and a host whose backups each open with some. */
function host(ids: readonly string[], overrides: Partial<Activities> = {}) {
  const seen = { rewrapped: [] as string[], keys: [] as string[], newKeyOnly: [] as unknown[] };
  const opensWith = new Map(ids.map((id) => [id, 'old']));
  let keys = ['old'];
  const activities: Partial<Activities> = {
    beginRotation: async () => {
      if (keys.length === 1) keys = ['new', 'old'];
    },
    endRotation: async ({ keep }) => {
      keys = keep === 'new' ? ['new'] : ['old'];
    },
    makeBackup: async () => {
      opensWith.set('20261127T180000Z', keys[0]!);
      return { backup: { id: '20261127T180000Z' }, changes: [], remote: [] };
    },
    checkBackup: async ({ id = '', newKeyOnly }) => {
      seen.newKeyOnly.push(newKeyOnly);
      return { backup: { id }, changes: [], remote: [] };
    },
    listBackups: async () => ({ backups: [...opensWith.keys()].sort().map((id) => ({ id })), remote: [] }),
    rewrapBackup: async ({ id = '', key }) => {
      seen.rewrapped.push(id);
      seen.keys.push(key);
      opensWith.set(id, 'new');
      return { backup: { id }, changes: [], remote: [] };
    },
    ...overrides,
  };
  return { seen, set: fakes(activities), opensWith, vault: () => keys };
}

const tell = (set: ReturnType<typeof fakes>): Promise<RunState> =>
  stage.tell('rotateBackupKey', set, (story) => story.handle.result() as Promise<RunState>, from());

it('a backup for the new key, read with it alone; then each of the others, and the old key goes', async () => {
  const { seen, set, opensWith, vault } = host(['20261125T030000Z', '20261126T030000Z']);
  const state = await tell(set);
  expect(state.status).toBe('done');
  expect(seen.rewrapped).toEqual(['20261125T030000Z', '20261126T030000Z']);
  expect(new Set(seen.keys).size).toBe(2);
  expect(seen.newKeyOnly).toEqual([true]);
  expect([...opensWith.values()]).toEqual(['new', 'new', 'new']);
  expect(vault()).toEqual(['new']);
  expect(set.calls.filter((call) => !call.startsWith('rewrap'))).toEqual([
    ...['ensureSecrets', 'survey backup', 'beginRotation', 'survey backup', 'makeBackup', 'checkBackup'],
    ...['listBackups', 'listBackups', 'listBackups', 'endRotation', 'release'],
  ]);
});

it('one that fails keeps both keys, is named, and holds no other one up', async () => {
  const { set, opensWith, vault } = host(['20261125T030000Z', '20261126T030000Z']);
  const { rewrapBackup } = set.activities;
  set.activities.rewrapBackup = (input) =>
    input.id === '20261125T030000Z' ? Promise.reject(failing('BACKUP_INVALID')) : rewrapBackup(input);
  await stage.tell(
    'rotateBackupKey',
    set,
    async (story) => {
      await expect(story.handle.result()).rejects.toThrow();
      expect((await story.state()).error).toMatchObject({
        code: 'BACKUP_KEY_KEPT',
        message:
          'lab: with the new key open 20261126T030000Z, 20261127T180000Z; for whatever else is there, secret://lab/backup_key_before stays in the vault',
        evidence: ['20261125T030000Z: BACKUP_INVALID happened'],
      });
    },
    from(),
  );
  expect(opensWith.get('20261126T030000Z')).toBe('new');
  expect(vault()).toEqual(['new', 'old']);
});

it('one that was removed meanwhile needs no key', async () => {
  const { set, opensWith, vault } = host(['20261125T030000Z']);
  set.activities.rewrapBackup = async ({ id = '' }) => {
    opensWith.delete(id);
    throw failing('BACKUP_NOT_FOUND');
  };
  await tell(set);
  expect(vault()).toEqual(['new']);
});

it('one that the server made by itself meanwhile is gone through as well', async () => {
  const { seen, set, opensWith } = host(['20261125T030000Z']);
  const { rewrapBackup } = set.activities;
  set.activities.rewrapBackup = (input) => {
    if (!opensWith.has('20261127T190000Z')) opensWith.set('20261127T190000Z', 'new');
    return rewrapBackup(input);
  };
  await tell(set);
  expect(seen.rewrapped).toEqual(['20261125T030000Z', '20261127T190000Z']);
});

it('no backup for the new key: nothing is gone through, and both keys stay', async () => {
  const { seen, set, vault } = host(['20261125T030000Z'], {
    makeBackup: () => Promise.reject(failing('DISK_FULL')),
  });
  await expect(tell(set)).rejects.toThrow();
  expect(seen.rewrapped).toEqual([]);
  expect(vault()).toEqual(['new', 'old']);
});

it('cancelled in the middle: both keys stay, and the next run goes on with them', async () => {
  const { set, vault } = host(['20261125T030000Z'], { rewrapBackup: forever });
  await stage.tell(
    'rotateBackupKey',
    set,
    async (story) => {
      while (!set.calls.includes('rewrapBackup')) await new Promise((next) => setTimeout(next, 50));
      await story.handle.cancel();
      await expect(story.handle.result()).rejects.toThrow();
    },
    from(),
  );
  expect(vault()).toEqual(['new', 'old']);
  expect(set.calls.at(-1)).toBe('release');
});

it('what differs is put right before there is a new key', async () => {
  const { set, vault } = host([], { survey: async ({ checklist }) => survey(checklist, []) });
  set.activities.survey = () => Promise.reject(failing('FACT_UNKNOWN'));
  await expect(tell(set)).rejects.toThrow();
  expect(vault()).toEqual(['old']);
});
