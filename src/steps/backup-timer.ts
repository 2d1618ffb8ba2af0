// backup.timer: the server makes its nightly backup by itself.

import { bringUp, isUpAndStays, show } from '../commands/systemd.js';
import { TIMER } from './backup-files.js';
import { isBackedUp } from './backup-program.js';
import { change, defineStep } from './define.js';

const unit = show(TIMER);

export const backupTimer = defineStep({
  id: 'backup.timer',
  title: 'A backup is made every day',
  why: 'What is lost on a bad day is what was written since the last backup.',
  source: 'guide Step 11; systemd.timer(5)',
  wanted: isBackedUp,
  facts: () => ({ timer: unit }),
  plan: ({ timer }) =>
    isUpAndStays(timer[TIMER]) ? [] : [change(`start ${TIMER}, now and at boot`, bringUp(TIMER))],
});
