// base.directories: the guide's folders, for the deploy user alone.
import { folderChange, folders } from '../commands/files.js';
import type { Server } from '../model.js';
import { defineStep } from './define.js';

const paths = ({ stack: { directory } }: Server): string[] =>
  ['', '/config', '/monitoring', '/monitoring/logs', '/monitoring/backups'].map(
    (below) => `${directory}${below}`,
  );

export const baseDirectories = defineStep({
  id: 'base.directories',
  title: 'Folders of the stack exist, for their owner alone',
  why: 'Keys, backups and conversations lie there; others on the host have no business in them.',
  source: 'guide Step 3',
  after: ['base.user'],
  facts: (want) => ({ folders: folders(paths(want)) }),
  plan: ({ folders: now }, want) =>
    paths(want).flatMap((path) =>
      folderChange(now.get(path), { path, mode: '0700', owner: want.ssh.user, group: want.ssh.user }),
    ),
});
