// The files that make a server back itself up: the program, what it must know, and systemd's timer for it.

import { CONF, PROGRAM, PROGRAM_TEXT } from '../commands/backup-program.js';
import { DRILL_FOLDER } from '../commands/drill-program.js';
import type { FileWant } from '../commands/files.js';
import type { SecretRef, Server } from '../model.js';
import { PROJECT } from '../stack/env.js';
import { nameIn, serverFolder, views } from '../stack/partitions.js';
import { internal, ownerOf } from '../stack/tokens.js';
import { OFFSITE_SERVICE, offsiteConf } from './offsite-files.js';

const RECIPIENTS = '/etc/clincher/backup-recipients';
export const TIMER = 'clincher-backup.timer';
const UNITS = '/etc/systemd/system';
/** tmpfiles.d(5): at boot a drill that a power cut ended is taken away, since it lies there in clear. */
const BOOT = { path: '/etc/tmpfiles.d/clincher-drill.conf', content: `R! ${DRILL_FOLDER}\n`, mode: '0644' };

/** These write state while they run, of every gateway on the host. */
const writers = (want: Server): string[] =>
  views(want).flatMap((view) => ['openclaw', 'openclaw-redis'].map((name) => nameIn(view, name)));

/** One for all gateways of a server. */
export const backupsFolder = (server: Pick<Server, 'stack'>): string =>
  `${serverFolder(server)}/monitoring/backups`;

/** Held while one is made; there is none where none was ever made. */
export const backupLock = (server: Pick<Server, 'stack'>): string => `${backupsFolder(server)}/.lock`;

/** The server's own key. Its private half stays in the vault. */
export const backupKey = (server: Pick<Server, 'name' | 'standby_for'>): SecretRef =>
  internal(server, 'backup_key');

const conf = (want: Server, folder: string): string => {
  const { stack, backup } = want;
  return `# Written by clincher (backup.program).
SERVER=${ownerOf(want)}
STACK=${stack.directory}
BACKUPS=${folder}
PROJECT=${PROJECT}
WRITERS="${writers(want).join(' ')}"
KEEP_DAYS=${backup.keep_days}
EVERY_HOURS=24
RECIPIENTS=${RECIPIENTS}
${offsiteConf(want)}`;
};

/** Without the server's own key nobody could verify: then there is no such file yet. */
function recipients(want: Server): string | undefined {
  const own = want.publicKeys?.[backupKey(want)];
  if (own === undefined) return undefined;
  const all = [...new Set([own, ...want.backup.recipients])];
  return `# Written by clincher (backup.program): whoever has a key of one of these opens the backups.\n${all.join('\n')}\n`;
}

/** What was made is copied at once, and the timer does not wait for it. */
const COPY = `ExecStartPost=-/usr/bin/systemctl start --no-block ${OFFSITE_SERVICE}\n`;

const serviceText = ({ backup }: Server): string => `# Written by clincher (backup.program).
[Unit]
Description=Backup of OpenClaw
After=docker.service
[Service]
Type=oneshot
ExecStart=${PROGRAM} due
${backup.offsite ? COPY : ''}# Whatever ended it: no container stays paused, and no half of an archive stays.
ExecStopPost=-${PROGRAM} tidy
TimeoutStartSec=6h
`;

const timerText = ({ backup }: Server): string => `# Written by clincher (backup.program).
[Unit]
Description=A backup every day, also when no control plane asks for it
[Timer]
OnCalendar=*-*-* ${backup.at}:00
# One that was missed is made up for at the next start.
Persistent=true
AccuracySec=1s
[Install]
WantedBy=timers.target
`;

const units = (want: Server): FileWant[] => [
  { path: `${UNITS}/clincher-backup.service`, content: serviceText(want), mode: '0644' },
  { path: `${UNITS}/${TIMER}`, content: timerText(want), mode: '0644' },
];

/** Sorted by when they are needed: the timer comes last. */
export function backupFiles(want: Server): FileWant[] {
  const opened = recipients(want);
  return [
    { path: PROGRAM, content: PROGRAM_TEXT, mode: '0755' },
    { path: CONF, content: conf(want, backupsFolder(want)), mode: '0644' },
    ...(opened === undefined ? [] : [{ path: RECIPIENTS, content: opened, mode: '0644' }]),
    BOOT,
    ...(want.role === 'standby' ? [] : units(want)),
  ];
}
