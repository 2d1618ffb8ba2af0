// Kernel settings that somebody wrote down, IPv6, and updates. What a distribution does by itself was nobody's decision.
import * as apt from '../commands/apt.js';
import { sh } from '../commands/shell.js';
import * as sysctl from '../commands/sysctl.js';
import type { Fact, Found } from '../model.js';
import { defineDiscovery, found } from './define.js';

/** How the host is tuned. What protects it is not taken over: it is never less than clincher's own. */
const TUNING = [
  'vm.swappiness',
  'fs.inotify.max_user_watches',
  'fs.inotify.max_user_instances',
  'net.core.somaxconn',
];
const IPV6_OFF = 'net.ipv6.conf.all.disable_ipv6';

/** In files of the host's own, later ones over earlier ones. */
const written: Fact<Map<string, string>> = {
  read: sh('cat /etc/sysctl.d/*.conf /etc/sysctl.conf 2>/dev/null; true'),
  parse: ({ stdout }) =>
    new Map(
      [...stdout.matchAll(/^\s*([a-z][\w./-]*)\s*=\s*(.*?)\s*$/gm)].map(([, key = '', value = '']) => [
        key.replaceAll('/', '.'),
        value,
      ]),
    ),
};

/** Where file and kernel differ, nobody knows which of them is meant. */
const tuned = (files: Map<string, string>, live: Map<string, string>): Found[] =>
  TUNING.filter((key) => files.has(key) && files.get(key) === live.get(key)).map((key) => ({
    key: ['system', 'sysctl', key],
    value: Number(live.get(key)),
    from: '/etc/sysctl.d',
  }));

const HOUR = /^\d\d:\d\d$/;

export const discoverSystem = defineDiscovery({
  id: 'system',
  facts: () => ({
    written,
    live: sysctl.values([...TUNING, IPV6_OFF]),
    upgrades: apt.settings(['APT::Periodic::', 'Unattended-Upgrade::']),
  }),
  found({ written: files, live, upgrades }) {
    const last = new Map(upgrades);
    const reboot = last.get('Unattended-Upgrade::Automatic-Reboot');
    const time = last.get('Unattended-Upgrade::Automatic-Reboot-Time');
    return [
      ...tuned(files, live),
      ...found('system.ipv6', live.get(IPV6_OFF) === '1' ? false : undefined, IPV6_OFF),
      ...found(
        'system.unattended_upgrades.reboot',
        reboot === undefined ? undefined : reboot === 'true',
        'apt-config',
      ),
      ...found(
        'system.unattended_upgrades.reboot_time',
        time !== undefined && HOUR.test(time) ? time : undefined,
        'apt-config',
      ),
    ];
  },
});
