// What backup.program writes is what it then finds, and the key that opens backups is never on the server.
import { expect, it } from 'vitest';
import { backupFiles } from '../../src/steps/backup-files.js';
import { backupProgram } from '../../src/steps/backup-program.js';
import { HOST, server } from './fixture.js';

const OWN = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
const PAPER = 'age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg';
const want = server({
  publicKeys: { 'secret://prod/backup_key': OWN },
  backup: { at: '02:15', keep_days: 30, recipients: [PAPER, OWN] },
});

const now = (edit: (path: string, content: string) => string = (_, content) => content) =>
  Object.fromEntries(
    backupFiles(want).map(({ path, content, mode }) => [
      path,
      { content: edit(path, content), mode, owner: 'root', group: 'root' },
    ]),
  );
const textOf = (path: string): string =>
  backupFiles(want).find((each) => each.path.endsWith(path))?.content ?? '';

it('leaves alone what is as it wrote it', () => expect(backupProgram.plan(now(), want, HOST)).toEqual([]));

it('puts an edited unit back, and tells systemd', () => {
  const edited = now((path, content) =>
    path.endsWith('.timer') ? content.replace('02:15', '04:00') : content,
  );
  const [change, ...others] = backupProgram.plan(edited, want, HOST);
  expect(others).toEqual([]);
  expect(change?.what).toMatch(/clincher-backup\.timer/);
  expect(change?.run.at(-1)?.command).toEqual(['systemctl', 'daemon-reload']);
});

it('asks for no more than was configured, each key once', () => {
  expect(
    textOf('backup-recipients')
      .split('\n')
      .filter((line) => line.startsWith('age1')),
  ).toEqual([OWN, PAPER]);
  expect(textOf('backup.conf')).toContain('KEEP_DAYS=30\n');
  expect(textOf('.timer')).toContain('OnCalendar=*-*-* 02:15:00\n');
  for (const { content } of backupFiles(want)) expect(content).not.toMatch(/AGE-SECRET-KEY-1[0-9A-Z]/);
});

it('before the key is made there are no recipients, so that no backup is made that nobody can open', () =>
  expect(backupFiles(server()).map(({ path }) => path)).not.toContain('/etc/clincher/backup-recipients'));
