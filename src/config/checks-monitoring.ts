// Cross-checks of `monitoring`: that whoever is to watch is there to watch, can be told from a stranger, and can tell people.

import { didYouMean } from './nearest.js';
import { isAddress } from './network.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export interface Watching {
  server: string;
  /** Its path begins at the server. */
  finding: Finding;
}

export const checkWatching = (servers: readonly NamedServer[]): Watching[] =>
  servers.flatMap((server) =>
    [...watched(server, servers), ...watcher(server)].map((each) => ({
      server: server.name,
      finding: each,
    })),
  );

function watched(server: NamedServer, servers: readonly NamedServer[]): Finding[] {
  const { role, stack, monitoring, firewall, ssh } = server;
  if (role === 'monitor' || !stack.enabled || monitoring.monitor === undefined) return [];
  const monitor = servers.find(({ name }) => name === monitoring.monitor);
  const names = servers.filter((each) => each.role === 'monitor').map(({ name }) => name);
  if (monitor?.role !== 'monitor') return [finding('monitoring.monitor', nobody(monitoring.monitor, names))];
  const taken = [ssh.port, ...firewall.web_ports, 80, 443].includes(monitoring.port);
  return [
    ...(taken ? [finding('monitoring.port', `is ${monitoring.port}, which others use on this server`)] : []),
    ...(monitoring.from.length > 0 || isAddress(monitor.address)
      ? []
      : [
          finding(
            'monitoring.from',
            `is empty, and \`${monitor.name}\` is known by name alone: a firewall wants the address that it comes from`,
          ),
        ]),
  ];
}

const nobody = (name: string, monitors: readonly string[]): string =>
  `names \`${name}\`, which is no server with \`role: monitor\` here${didYouMean(name, [...monitors])}`;

/** Alertmanager knows chats by number (https://prometheus.io/docs/alerting/latest/configuration/#telegram_config). */
function watcher({ role, alerts }: NamedServer): Finding[] {
  if (role !== 'monitor') return [];
  return alerts.channels.flatMap(({ type, chat }, at) =>
    type === 'telegram' && !/^-?\d+$/.test(chat ?? '')
      ? [
          finding(
            `alerts.channels.${at}.chat`,
            'is no number, and Alertmanager on a monitor knows chats by number alone',
          ),
        ]
      : [],
  );
}
