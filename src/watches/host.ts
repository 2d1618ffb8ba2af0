// How full the host is, whether its clock is right, and whether it waits for a reboot.
import { type FileSystem, fileSystems, memoryNow } from '../commands/host-load.js';
import { clock as hostClock } from '../commands/machine.js';
import { bootSeen, reasonsToReboot } from '../commands/reboot.js';
import type { Server, Symptom } from '../model.js';
import { above, defineWatch, seen } from './define.js';

/** Above this a database stops in the middle of a write. */
const ALMOST_FULL = 95;

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const makeRoom = ({ name }: Server): string[] => [
  `clincher run prune -s ${name}`,
  'on the server: docker system df; du -xh --max-depth=2 / | sort -h | tail',
];

const levelOf = (percent: number): Symptom['level'] => (percent > ALMOST_FULL ? 'critical' : 'warning');

export const disk = defineWatch({
  id: 'watch.disk',
  title: 'There is room on the file systems of system, Docker and stack',
  why: 'A full disk stops every service in the middle of a write, and the backup before all others.',
  source: 'guide Step 13.2 (DISK_THRESHOLD=85)',
  vantage: 'host',
  facts: ({ stack }) => ({ systems: fileSystems(stack.directory) }),
  judge({ systems }, server) {
    const limit = server.watchdog.disk_percent;
    const full = ({ mount, usedPercent, freeBytes }: FileSystem) =>
      above(usedPercent, limit, (told) => ({
        about: mount,
        level: levelOf(usedPercent),
        text: `${mount} is ${told} full, ${gb(freeBytes)} are free`,
        remedy: makeRoom(server),
      }));
    return seen(
      systems.map(full),
      systems.map(({ mount, usedPercent }) => `${mount} ${Math.floor(usedPercent)} %`).join(', '),
    );
  },
});

export const inodes = defineWatch({
  id: 'watch.inodes',
  title: 'The file systems have inodes left',
  why: 'Without inodes no file can be made, though the disk is half empty: it is told apart, since other things help.',
  source: 'df(1) -i; guide Step 13.2',
  vantage: 'host',
  facts: ({ stack }) => ({ systems: fileSystems(stack.directory) }),
  judge({ systems }, server) {
    const limit = server.watchdog.disk_percent;
    const out = ({ mount, inodesPercent }: FileSystem) =>
      above(inodesPercent, limit, (told) => ({
        about: mount,
        level: levelOf(inodesPercent ?? 0),
        text: `${told} of the inodes of ${mount} are in use`,
        remedy: [
          `clincher run prune -s ${server.name}`,
          `on the server: du --inodes -x ${mount} | sort -n | tail`,
        ],
      }));
    const told = systems.flatMap(({ mount, inodesPercent }) =>
      inodesPercent === undefined ? [] : [`${mount} ${Math.floor(inodesPercent)} %`],
    );
    return seen(systems.map(out), told.join(', ') || 'made as they are needed');
  },
});

export const memory = defineWatch({
  id: 'watch.memory',
  title: 'There is memory left',
  why: 'Without memory the kernel ends whoever is largest, which is the gateway.',
  source: 'guide Step 13.2 (MEMORY_THRESHOLD=90)',
  vantage: 'host',
  facts: () => ({ now: memoryNow }),
  judge({ now: { usedPercent, totalBytes } }, server) {
    const symptom = above(usedPercent, server.watchdog.memory_percent, (told) => ({
      about: '',
      level: 'critical',
      text: `${told} of ${gb(totalBytes)} of memory are in use`,
      remedy: ['on the server: docker stats --no-stream; ps aux --sort -rss | head'],
      // What lasts for one look is somebody’s large file, or a backup.
      looks: 2,
    }));
    return seen([symptom], `${Math.floor(usedPercent)} % of ${gb(totalBytes)}`);
  },
});

export const swap = defineWatch({
  id: 'watch.swap',
  title: 'The host is not under memory pressure',
  why: 'Who swaps answers late, long before anything is ended.',
  source: 'guide Step 13.2 (swap above 50 %)',
  vantage: 'host',
  facts: () => ({ now: memoryNow }),
  judge({ now: { swapPercent, usedPercent } }, server) {
    const { swap_percent: limit } = server.watchdog;
    const symptom = above(swapPercent, limit, (told) => ({
      about: '',
      level: 'warning',
      text: `${told} of the swap are in use, with ${Math.floor(usedPercent)} % of the memory`,
      remedy: ['on the server: vmstat 1 5 shows whether it still swaps (si, so)'],
      looks: 2,
    }));
    return seen([symptom], swapPercent === undefined ? 'there is none' : `${Math.floor(swapPercent)} %`);
  },
});

/** So far apart, certificates, one-time codes and the age of backups are judged wrongly. */
const CLOCK_MS = 30_000;

export const clock = defineWatch({
  id: 'watch.clock',
  title: 'The clock of the host is right',
  why: 'With a wrong clock certificates are refused, tokens expire, and a backup looks younger than it is.',
  source: 'guide Step 1; timedatectl(1)',
  vantage: 'host',
  facts: () => ({ host: hostClock }),
  judge({ host }, { name }, { nowMs }) {
    const apart = Math.round(Math.abs(host - nowMs) / 1000);
    const isWrong = apart * 1000 > CLOCK_MS;
    const symptom: Symptom = {
      about: '',
      level: 'warning',
      text: `its clock and the one of the worker are ${apart} s apart`,
      remedy: [
        'on both: timedatectl says whether the clock is kept',
        `clincher run provision -s ${name} --only base.time`,
      ],
      looks: 2,
    };
    return seen([isWrong ? symptom : undefined], `within ${CLOCK_MS / 1000} s of the worker’s`);
  },
});

export const reboot = defineWatch({
  id: 'watch.reboot',
  title: 'Nothing waits for a reboot',
  why: 'A kernel that was mended on the disk is not mended in memory.',
  source: 'guide Step 13.3 (/var/run/reboot-required)',
  vantage: 'host',
  facts: () => ({ boot: bootSeen }),
  judge({ boot }, { name }) {
    const reasons = reasonsToReboot(boot);
    const symptom: Symptom = {
      about: '',
      level: 'warning',
      text: `a reboot is due: ${reasons.join('; ')}`,
      remedy: [`clincher run reboot -s ${name}`],
    };
    return seen([reasons.length > 0 ? symptom : undefined], `kernel ${boot.kernel}`);
  },
});
