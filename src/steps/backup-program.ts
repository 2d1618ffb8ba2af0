// backup.program: the host can back itself up: the tools, the program, its settings, and a timer that runs it.

import * as apt from '../commands/apt.js';
import { file, fileChange } from '../commands/files.js';
import { action } from '../commands/shell.js';
import type { Server } from '../model.js';
import { backupFiles, backupKey } from './backup-files.js';
import { change, defineStep } from './define.js';

/** rsync: for the copy that an upgrade can go back to. */
const TOOLS = ['age', 'rsync', 'zstd'];
const tools = ({ backup }: Server): string[] => (backup.offsite ? [...TOOLS, 'rclone'] : TOOLS);

/** It makes backups: a standby holds nothing that the primary does not. */
export const isBackedUp = ({ role, stack, backup }: Server): boolean =>
  role === 'primary' && stack.enabled && backup.enabled;

/** It makes them, or takes in those of the server whose place it is to take. */
export const keepsBackups = (server: Server): boolean =>
  isBackedUp(server) || (server.standby_for !== undefined && server.role === 'standby');

export const backupTools = defineStep({
  id: 'backup.tools',
  title: 'The tools that write and read backups are installed',
  why: 'They are needed on the day of a restore, when nothing else may work.',
  source: 'guide Step 11; age(1); rclone(1); rsync(1); zstd(1)',
  after: [],
  wanted: keepsBackups,
  facts: (want) => ({ installed: apt.installed(tools(want)) }),
  plan({ installed }, want) {
    const missing = tools(want).filter((name) => !installed.has(name));
    return missing.length > 0 ? [change(`install ${missing.join(', ')}`, apt.install(...missing))] : [];
  },
});

export const backupProgram = defineStep({
  id: 'backup.program',
  title: 'The server knows how to back itself up',
  why: 'A backup that needs the control plane is not made on the night when that is away.',
  source: 'guide Step 11; systemd.timer(5)',
  wanted: keepsBackups,
  publicKeys: (want) => [backupKey(want)],
  facts: (want) => Object.fromEntries(backupFiles(want).map(({ path }) => [path, file(path)])),
  plan: (now, want) =>
    backupFiles(want).flatMap((each) =>
      fileChange(
        now[each.path] ?? null,
        each,
        ...(each.path.endsWith('.timer') || each.path.endsWith('.service')
          ? [action('systemctl', 'daemon-reload')]
          : []),
      ),
    ),
});
