// Could a standby take its primary's place now: is what it would go on from young and readable, and does nothing of it run yet?
import { standbyKept } from '../commands/backup.js';
import { dockerNow } from '../commands/docker-api.js';
import { rehearsed } from '../commands/occupy-program.js';
import type { Server } from '../model.js';
import { at, HOUR, hours } from './backups.js';
import { defineCheck, onHost, pass, unless } from './define.js';

export const standsBy = ({ role, standby_for }: Server): boolean =>
  role === 'standby' && standby_for !== undefined;

/** As a copy elsewhere may be, and an hour to get here. */
const NEWEST_SECONDS = 29 * HOUR;

export const standbyCopies = defineCheck({
  id: 'kept.copies',
  title: 'The standby has a young backup of its primary, and its key opens it',
  why: 'A standby whose copies stopped a month ago, or that cannot open them, is found out on the day it is needed.',
  source: 'guide Step 13.9; RPO of 24 hours',
  vantage: 'host',
  wanted: standsBy,
  facts: () => ({ copies: standbyKept }),
  judge({ copies: { now, backups } }, { name, standby_for }) {
    const newest = backups.filter(({ manifest }) => manifest !== undefined).at(-1);
    const age = newest?.manifest === undefined ? undefined : now - at(newest.manifest.made);
    return unless(
      [
        ...(age === undefined ? ['it has no backup of its primary'] : []),
        ...(age !== undefined && age > NEWEST_SECONDS ? [`its newest backup is ${hours(age)} old`] : []),
        ...(backups.length > 0 && !backups.some(({ verified }) => verified)
          ? ['none was ever opened with the key of the vault']
          : []),
      ],
      `the newest is ${hours(age ?? 0)} old`,
      `clincher backups ls -s ${standby_for ?? name}`,
      `clincher run stage-standby -s ${name}`,
      'on the standby: systemctl status clincher-offsite.service',
    );
  },
});

export const standbyIdle = defineCheck({
  id: 'kept.idle',
  title: 'No service of the stack runs on the standby',
  why: 'Two gateways that hold one bot take each other’s messages.',
  source: 'guide Step 13.9; core.telegram.org/bots/api (getUpdates, 409)',
  vantage: 'host',
  wanted: standsBy,
  facts: () => ({ docker: dockerNow, rehearsed }),
  judge({ docker, rehearsed: isDrill }, server) {
    if (isDrill) return pass('a drill of a recovery is under way: its channels are off');
    const running = docker.containers.filter(({ status }) => status !== 'exited' && status !== 'created');
    return unless(
      running.map(({ name, status }) => `${name} is ${status}`),
      'nothing of it runs',
      onHost(server, 'docker ps'),
      `clincher run stage-standby -s ${server.name}`,
    );
  },
});
