// backup.timer: a primary makes its nightly backup by itself; a standby, which may have been one, makes none.

import { action } from '../commands/shell.js';
import { bringUp, isUpAndStays, show } from '../commands/systemd.js';
import { TIMER } from './backup-files.js';
import { isBackedUp, keepsBackups } from './backup-program.js';
import { change, defineStep } from './define.js';

const unit = show(TIMER);

export const backupTimer = defineStep({
  id: 'backup.timer',
  title: 'A backup is made every day, by the server that runs',
  why: 'What is lost on a bad day is what was written since the last backup.',
  source: 'guide Step 11; systemd.timer(5)',
  wanted: keepsBackups,
  facts: () => ({ timer: unit }),
  plan({ timer }, want) {
    const isUp = isUpAndStays(timer[TIMER]);
    if (isUp === isBackedUp(want)) return [];
    return isUp
      ? [change(`stop ${TIMER}`, action('systemctl', 'disable', '--now', TIMER))]
      : [change(`start ${TIMER}, now and at boot`, bringUp(TIMER))];
  },
});
