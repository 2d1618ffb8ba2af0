// A far end that cannot be asked is an error of its own, with its name and rclone's words; nothing of it is guessed.
import { expect, it } from 'vitest';
import type { Deps } from '../../src/activities/deps.js';
import { listCopies } from '../../src/activities/offsite.js';
import type { OffsiteSettings, Reading } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const offsite = { type: 'sftp', host: 'far.example', user: 'copies', port: 22, path: 'clincher' };
const server = fixtureServer({ name: 'prod' });
server.backup = { ...server.backup, offsite: offsite as OffsiteSettings };

const WHERE = 'sftp://copies@far.example:22/clincher/prod';
const said = (stdout: string, exitCode = 0, stderr = ''): Reading => ({ stdout, stderr, exitCode });

const deps = (...readings: Reading[]) =>
  ({ hosts: { open: async () => ({ read: async () => readings }) } }) as unknown as Deps;

it('what it lists, under its name', async () => {
  const there = said(
    '1795791600\n1795788000\n20261120T030000Z/archive.tar.zst.age\t9\n20261120T030000Z/manifest.json\t5\n',
  );
  expect(await listCopies(deps(said(''), there), { server })).toMatchObject({
    backups: [],
    offsite: { where: WHERE, copies: [{ id: '20261120T030000Z', bytes: 9, isWhole: true, isHere: false }] },
  });
});

it('away: its name, its words, exit 5', async () => {
  const away = said('1\n1\n', 1, '2026/11/27 ERROR\nFailed to create file system: dial tcp: i/o timeout\n');
  await expect(listCopies(deps(said(''), away), { server })).rejects.toMatchObject({
    code: 'OFFSITE_UNREACHABLE',
    exitCode: 5,
    message: expect.stringContaining(WHERE),
    evidence: [expect.stringContaining('i/o timeout')],
  });
});
