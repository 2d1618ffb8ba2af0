// backup.offsite: backups are copied elsewhere by a timer; where they are not, nothing that opens a far end stays.
import { remove } from '../commands/files.js';
import { ownedChange, ownedFiles } from '../commands/owned-files.js';
import { action } from '../commands/shell.js';
import { bringUp, isUpAndStays, show, type Unit } from '../commands/systemd.js';
import type { Change, Server } from '../model.js';
import { offsiteSecrets } from '../stack/needs.js';
import { keepsBackups } from './backup-program.js';
import { change, defineStep } from './define.js';
import { GUARD_SERVICE, OFFSITE_PATHS, OFFSITE_TIMER, offsiteFiles } from './offsite-files.js';

/** Those of before are read too, so that they can go. */
const looked = (want: Server) => {
  const files = offsiteFiles(want);
  const others = OFFSITE_PATHS.filter((path) => !files.some((file) => file.path === path));
  return [...files, ...others.map((path) => ({ path, content: '', mode: '0600' }))];
};

const isUnit = (path: string): boolean => /\.(?:timer|service)$/.test(path);
const RELOAD = action('systemctl', 'daemon-reload');

export const backupOffsite = defineStep({
  id: 'backup.offsite',
  title: 'Backups are copied elsewhere, or nothing is there that could',
  why: 'A backup on the disk that it is a backup of goes with that disk; and keys that nobody uses are only lost.',
  source: 'guide Step 11; rclone(1); systemd.timer(5)',
  wanted: keepsBackups,
  secrets: offsiteSecrets,
  facts: (want) => ({
    // A fact of secrets is not read as a text: the conf of before is only looked for.
    files: ownedFiles(looked(want).map((file) => (file.content === '' ? { ...file, format: 'env' } : file))),
    timer: show(OFFSITE_TIMER),
    guard: show(GUARD_SERVICE),
  }),
  plan({ files, timer, guard }, want) {
    const wanted = offsiteFiles(want);
    const left = OFFSITE_PATHS.filter(
      (path) => files.has(path) && !wanted.some((file) => file.path === path),
    );
    if (wanted.length === 0) return leave(left);
    const written = wanted.flatMap((file) =>
      ownedChange(files.get(file.path), file).map((one) =>
        isUnit(file.path) ? { ...one, run: [...one.run, RELOAD] } : one,
      ),
    );
    const started = isUpAndStays(timer[OFFSITE_TIMER])
      ? []
      : [change(`start ${OFFSITE_TIMER}, now and at boot`, bringUp(OFFSITE_TIMER))];
    return [...written, ...left.flatMap(gone), ...guarded(want, guard[GUARD_SERVICE]), ...started];
  },
});

const gone = (path: string): Change[] => [
  ...(path.endsWith(GUARD_SERVICE)
    ? [change(`${GUARD_SERVICE} asks no more at boot`, action('systemctl', 'disable', GUARD_SERVICE))]
    : []),
  change(`remove ${path}`, action(...remove(path))),
];

/** It only runs at boot. */
const guarded = (want: Server, guard: Unit): Change[] =>
  want.role === 'standby' || guard.atBoot === 'enabled'
    ? []
    : [change(`${GUARD_SERVICE} asks at boot`, action('systemctl', 'enable', GUARD_SERVICE))];

/** First the timer, then what it would have used. */
function leave(left: readonly string[]): Change[] {
  const stop = action('systemctl', 'disable', '--now', OFFSITE_TIMER);
  const hasTimer = left.some((path) => path.endsWith(OFFSITE_TIMER));
  return [
    ...(hasTimer ? [change(`stop ${OFFSITE_TIMER}`, stop)] : []),
    ...left.flatMap(gone),
    ...(left.some(isUnit) ? [change('systemd forgets what is gone', RELOAD)] : []),
  ];
}
