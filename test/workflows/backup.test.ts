// Backups as runs: one task each, under the lock, once; and a drill that finds something wrong ends badly.
import { expect, it } from 'vitest';
import type { BackupInput } from '../../src/activities/api.js';
import type { Backup, CheckResult, OffsiteSettings, RunState } from '../../src/model.js';
import { failing, fakes, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

const tell = (workflow: string, set: ReturnType<typeof fakes>, from = stackInput({ onFailure: 'abort' })) =>
  stage.tell(workflow, set, (story) => story.handle.result() as Promise<RunState>, from);

const made: Backup = { id: '20261127T030000Z', bytes: 34304 };
const done = { backup: made, changes: [{ what: 'backup 20261127T030000Z' }], remote: [] };

it('what the server needs for it is put right first, then one is made, by a key of its own', async () => {
  const keys: string[] = [];
  const set = fakes({
    survey: async ({ checklist }) => survey(checklist, [plan('backup.timer', 'drift')]),
    makeBackup: async ({ key }) => {
      keys.push(key);
      return done;
    },
  });
  const state = await tell('backup', set);
  expect(state).toMatchObject({ status: 'done', outcome: { changed: 2 }, backups: [made] });
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]+\.backup\.make\.0$/)]);
  expect(set.calls).toEqual([
    ...['ensureSecrets', 'survey backup', 'preflight', 'converge backup.timer'],
    ...['makeBackup', 'release'],
  ]);
});

it('one that is not made ends the run, and frees the host', async () => {
  const set = fakes({ makeBackup: () => Promise.reject(failing('DISK_FULL')) });
  await expect(tell('backup', set)).rejects.toThrow();
  expect(set.calls.at(-1)).toBe('release');
});

it('the one that is named is read, else the newest', async () => {
  const asked: BackupInput[] = [];
  const set = fakes({
    checkBackup: async (one) => {
      asked.push(one);
      return done;
    },
  });
  await tell('verifyBackup', set, { ...stackInput(), backup: made.id } as never);
  await tell('verifyBackup', set);
  expect(asked.map(({ id }) => id)).toEqual([made.id, undefined]);
});

const check = (verdict: CheckResult['verdict']): CheckResult => ({
  ...{ id: 'drill.boots', title: 'It boots', why: '', source: 'guide', vantage: 'host' },
  ...{ verdict, evidence: ['/readyz says 503'], remedy: [] },
});

it.each([
  ['pass', 'done'],
  ['fail', 'failed'],
] as const)('a drill whose check says %s is %s', async (verdict, status) => {
  const set = fakes({ drillBackup: async () => ({ checks: [check(verdict)], changes: [], remote: [] }) });
  const state = await tell('restoreDrill', set);
  expect(state).toMatchObject({ status, proof: { checks: [{ id: 'drill.boots', verdict }] } });
});

it('a list is a look: no mark, no lock', async () => {
  const set = fakes({ listBackups: async () => ({ backups: [made], remote: [[0, 5]] }) });
  expect(await tell('backupList', set)).toMatchObject({ status: 'done', remoteMs: 5, backups: [made] });
  expect(set.calls).toEqual(['listBackups']);
});

const offsite: OffsiteSettings = {
  ...{ type: 'b2', path: 'clincher', provider: 'Other', port: 22, host_keys: [], bucket: 'copies' },
  ...{ key: 'env:K', access_key: 'env:A', secret_key: 'env:S' },
};

function copied() {
  const input = stackInput({ onFailure: 'abort' });
  return { ...input, server: { ...input.server, backup: { ...input.server.backup, offsite } } };
}

it.each([
  ['pass', 'done'],
  ['fail', 'failed'],
] as const)(
  'a far end whose check says %s leaves the run %s, and the backup made',
  async (verdict, status) => {
    const copy = { at: '2026-11-27T03:01:00Z', sha256: '00', where: 'b2:copies/clincher/prod' };
    const set = fakes({
      makeBackup: async () => done,
      copyOffsite: async () => ({
        ...{ checks: [check(verdict)], backups: [{ ...made, offsite: copy }] },
        ...{ changes: [], remote: [] },
      }),
    });
    const state = await tell('backup', set, copied());
    expect(state).toMatchObject({ status, backups: [{ id: made.id, offsite: copy }] });
    expect(set.calls.slice(-3)).toEqual(['makeBackup', 'copyOffsite', 'release']);
  },
);

it('what is verified here is read back there, too', async () => {
  const asked: boolean[] = [];
  const set = fakes({
    copyOffsite: async ({ all }) => {
      asked.push(all);
      return { checks: [], backups: [], changes: [], remote: [] };
    },
  });
  await tell('verifyBackup', set, copied());
  await tell('verifyBackup', set);
  expect(asked).toEqual([true]);
});
