// metrics.figures and metrics.timer: the host writes what it alone knows of OpenClaw, where the node exporter finds it.
import { FIGURES_PROGRAM, FIGURES_TEXT } from '../commands/figures-program.js';
import { folderChange, folders } from '../commands/files.js';
import { type OwnedFile, ownedChange, ownedFiles } from '../commands/owned-files.js';
import { action } from '../commands/shell.js';
import { bringUp, isUpAndStays, restart, show } from '../commands/systemd.js';
import type { Server } from '../model.js';
import { METRICS_FOLDER } from '../stack/figures.js';
import { servicesOf } from '../stack/limits.js';
import { isMonitor, isWatched } from '../stack/watched.js';
import { change, defineStep } from './define.js';

const TIMER = 'clincher-figures.timer';
const SERVICE = 'clincher-figures.service';
const UNITS = '/etc/systemd/system';
const FOLDER = { path: METRICS_FOLDER, mode: '0755', owner: 'root', group: 'root' };

const serviceText = (want: Server): string => `# Written by clincher (metrics.figures).
[Unit]
Description=Figures of OpenClaw for the monitor
After=docker.service
[Service]
Type=oneshot
ExecStart=${FIGURES_PROGRAM} ${want.stack.directory} ${METRICS_FOLDER}/openclaw.prom ${servicesOf(want).join(' ')}
Nice=10
TimeoutStartSec=60
`;

const timerText = `# Written by clincher (metrics.figures).
[Unit]
Description=Figures of OpenClaw, three times a minute
[Timer]
OnActiveSec=1s
OnUnitActiveSec=20s
AccuracySec=1s
[Install]
WantedBy=timers.target
`;

const files = (want: Server): OwnedFile[] => [
  { path: FIGURES_PROGRAM, content: FIGURES_TEXT, mode: '0755' },
  { path: `${UNITS}/${SERVICE}`, content: serviceText(want), mode: '0644' },
  { path: `${UNITS}/${TIMER}`, content: timerText, mode: '0644' },
];

export const metricsFolder = defineStep({
  id: 'metrics.folder',
  title: 'There is a folder for the host’s own figures',
  why: 'The node exporter reads it; where Docker had to make it, it would be there without figures.',
  source: 'https://github.com/prometheus/node_exporter#textfile-collector',
  after: [],
  wanted: (want) => isWatched(want) || isMonitor(want),
  facts: () => ({ folder: folders([METRICS_FOLDER]) }),
  plan: ({ folder }) => folderChange(folder.get(METRICS_FOLDER), FOLDER),
});

export const metricsFigures = defineStep({
  id: 'metrics.figures',
  title: 'The host writes what it alone knows of OpenClaw',
  why: 'Whether a service is well, what was spent and how old the backups are: no exporter of others knows that.',
  source: 'guide Step 13.2.1; https://github.com/prometheus/node_exporter#textfile-collector',
  wanted: isWatched,
  facts: (want) => ({ files: ownedFiles(files(want)) }),
  plan({ files: now }, want) {
    const changes = files(want).flatMap((each) => ownedChange(now.get(each.path), each));
    return changes.length === 0
      ? []
      : [...changes, change('systemd reads its files again', action('systemctl', 'daemon-reload'))];
  },
});

const unit = show(TIMER);

export const metricsTimer = defineStep({
  id: 'metrics.timer',
  title: 'Figures are written three times a minute',
  why: 'A figure that nobody writes any more looks like one that does not change.',
  source: 'systemd.timer(5)',
  wanted: isWatched,
  facts: () => ({ timer: unit }),
  plan: ({ timer }) =>
    isUpAndStays(timer[TIMER])
      ? []
      : [change(`start ${TIMER}, now and at boot`, bringUp(TIMER), action(...restart(TIMER)))],
});
