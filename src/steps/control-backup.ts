// control.backup and control.timer: the control plane is copied every night, closed with a key that is not on its server.
import { type OwnedFile, ownedChange, ownedFiles } from '../commands/owned-files.js';
import { action } from '../commands/shell.js';
import { bringUp, isUpAndStays, show } from '../commands/systemd.js';
import type { Server } from '../model.js';
import { CONTROL_FOLDER, hasControl } from '../stack/control.js';
import { mustBeShipped, shippedText } from './control-files.js';
import { change, defineStep } from './define.js';

const PROGRAM = '/usr/local/sbin/clincher-plane-backup';
const SHIPPED = 'templates/control-plane/clincher-plane-backup';
const SERVICE = 'clincher-plane-backup.service';
const TIMER = 'clincher-plane-backup.timer';
const UNITS = '/etc/systemd/system';
export const RECIPIENTS = '/etc/clincher/plane-recipients';

const serviceText = `# Written by clincher (control.backup).
[Unit]
Description=Backup of the control plane
After=docker.service
# Until somebody is named who could open it, there is nothing to back up either.
ConditionPathExists=${RECIPIENTS}
[Service]
Type=oneshot
ExecStart=${PROGRAM} make ${CONTROL_FOLDER} /var/backups/clincher ${RECIPIENTS}
Nice=10
TimeoutStartSec=3600
`;

const timerText = `# Written by clincher (control.backup).
[Unit]
Description=Backup of the control plane, every night
[Timer]
OnCalendar=*-*-* 02:30:00
RandomizedDelaySec=15min
Persistent=true
[Install]
WantedBy=timers.target
`;

const files = (want: Server): OwnedFile[] => [
  { path: PROGRAM, content: shippedText(want, SHIPPED), mode: '0755' },
  { path: `${UNITS}/${SERVICE}`, content: serviceText, mode: '0644' },
  { path: `${UNITS}/${TIMER}`, content: timerText, mode: '0644' },
];

export const controlBackup = defineStep({
  id: 'control.backup',
  title: 'The server knows how to copy its control plane',
  why: 'With it go the vault and every run that waits; a new one would know of none.',
  source: 'docs/control-plane.md; systemd.timer(5)',
  after: ['control.tools'],
  wanted: hasControl,
  ships: [SHIPPED],
  facts: (want) => ({ files: ownedFiles(files(want)) }),
  plan({ files: now }, want) {
    mustBeShipped(want, [SHIPPED]);
    const changes = files(want).flatMap((file) => ownedChange(now.get(file.path), file));
    return changes.length === 0
      ? []
      : [...changes, change('systemd reads its files again', action('systemctl', 'daemon-reload'))];
  },
});

export const controlTimer = defineStep({
  id: 'control.timer',
  title: 'The control plane is copied every night',
  why: 'What happened since the last copy is lost with the server.',
  source: 'systemd.timer(5)',
  after: ['control.backup', 'control.services'],
  wanted: hasControl,
  facts: () => ({ timer: show(TIMER) }),
  plan: ({ timer }) =>
    isUpAndStays(timer[TIMER]) ? [] : [change(`start ${TIMER}, now and at boot`, bringUp(TIMER))],
});
