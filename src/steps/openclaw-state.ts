// openclaw.state: conversations that an older version kept as files are in the database of the one that is wanted.
import { fileSessions, migrateState } from '../commands/openclaw-state.js';
import type { Server } from '../model.js';
import { pinned } from '../stack/images.js';
import { versionOf } from '../stack/openclaw-version.js';
import { backupsFolder } from './backup-files.js';
import { change, defineStep } from './define.js';
import { placeOf } from './place.js';
import { runsStack } from './stack-file-step.js';

const isDatabase = ({ stack }: Server): boolean =>
  versionOf(stack.images.openclaw.version).generation === '2026.8';

/** Without its date and ending; none of what is a copy itself. Beside the backups, so that none of them has it too. */
function copyOf(server: Server): string {
  const { is_trial, partition, images } = server.stack;
  const name = [partition, versionOf(images.openclaw.version).release].filter(Boolean).join('-');
  return is_trial ? '' : `${backupsFolder(server)}/state-before-${name}`;
}

export const openclawState = defineStep({
  id: 'openclaw.state',
  title: 'Conversations are where the version that runs looks for them',
  why: 'Since 2026.8 they are in a database. A gateway that finds files takes them over as it starts: with no copy for the way back, and while its health check counts the minutes.',
  source: 'docs.openclaw.ai/cli/doctor (session SQLite migration), docs.openclaw.ai/install/updating',
  after: ['openclaw.config'],
  timeoutMs: 30 * 60_000,
  wanted: runsStack,
  facts: ({ stack }) => ({ files: fileSessions(`${stack.directory}/data`) }),
  plan({ files }, want) {
    if (files.length === 0 || !isDatabase(want)) return [];
    const { directory } = want.stack;
    const copy = copyOf(want);
    const what = `take over ${files.join(', ')} into the database, when the way back is kept`;
    return [change(what, migrateState(directory, pinned(want, 'openclaw'), copy, placeOf(want).container))];
  },
});
