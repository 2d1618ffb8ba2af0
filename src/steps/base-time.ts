// base.time: some daemon keeps the clock right.
import { sh } from '../commands/shell.js';
import { bringUp, container, isUpAndStays, running, units } from '../commands/systemd.js';
import type { Fact } from '../model.js';
import { change, defineStep } from './define.js';

/** Any of them will do; the guide's hosts have systemd's own. */
const OTHERS = ['chrony.service', 'ntpsec.service', 'ntp.service', 'ntpd.service', 'openntpd.service'];

/** systemd-timesyncd touches this file each time it has set the clock. */
const synchronised: Fact<boolean> = {
  read: sh('[ -e /run/systemd/timesync/synchronized ]'),
  parse: ({ exitCode }) => exitCode === 0,
};

export const baseTime = defineStep({
  id: 'base.time',
  title: 'The clock is kept right',
  why: 'Certificates, tokens and one-time codes fail on a wrong clock, in ways that never name it.',
  source: 'systemd-timesyncd(8); CIS Debian Linux Benchmark 2.3',
  after: ['base.packages'],
  wanted: (want) => want.system.time_sync,
  facts: () => ({ units, running, container, synchronised }),
  plan({ units: now, running: names, container: kind }) {
    const isKept =
      OTHERS.some((name) => names.includes(name)) || isUpAndStays(now['systemd-timesyncd.service']);
    // A container has its host's clock, and systemd-timesyncd refuses to start in one.
    if (isKept || kind !== 'none') return [];
    return [change('start systemd-timesyncd, now and at boot', bringUp('systemd-timesyncd.service'))];
  },
  notes({ running: names, container: kind, synchronised: isSet }) {
    const other = OTHERS.find((name) => names.includes(name));
    if (other) return [`${other} keeps the clock`];
    if (kind !== 'none')
      return [`not possible here: this is a container (${kind}), and has the clock of its host`];
    return isSet ? [] : ['the clock has not been set since boot yet'];
  },
});
