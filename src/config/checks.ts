// Rules that no single key can break: combinations that would lock people out or contradict each other.
import { parseReference, SHARED } from '../secrets/reference.js';
import { checkAlerts } from './checks-alerts.js';
import { checkConvenience } from './checks-convenience.js';
import { checkEgress } from './checks-egress.js';
import { checkEnvironment } from './checks-environment.js';
import { checkModels } from './checks-models.js';
import { checkOffsite } from './checks-offsite.js';
import { checkNoPartitions, checkPartitions } from './checks-partitions.js';
import { checkPins } from './checks-pins.js';
import { checkProxy } from './checks-proxy.js';
import { checkRedteam } from './checks-redteam.js';
import { checkTelegram } from './checks-telegram.js';
import { didYouMean } from './nearest.js';
import { canonicalHost, parseNetwork } from './network.js';
import type { NamedServer } from './schema.js';
import { secretUses } from './secret-refs.js';
import { type Finding, finding } from './sentence.js';

/** Paths of the answers begin at the server. */
export function checkServer(server: NamedServer, servers: readonly string[]): Finding[] {
  return [
    ...waysIn(server),
    ...keys(server),
    ...ports(server),
    ...ipv6(server),
    ...references(server, servers),
    ...checkNoPartitions(server),
    ...(server.role === 'monitor' || !server.stack.enabled ? [] : stack(server)),
  ];
}

/** Where none runs, nothing of it can be wrong, whatever the defaults say. */
const stack = (server: NamedServer): Finding[] => [
  ...checkModels(server),
  ...checkPins(server),
  ...checkEgress(server),
  ...checkProxy(server),
  ...checkEnvironment(server),
  ...checkOffsite(server),
  ...checkRedteam(server),
  ...checkAlerts(server),
  ...checkTelegram(server),
  ...checkPartitions(server),
  ...checkConvenience(server),
];

function waysIn({ ssh, tailscale }: NamedServer): Finding[] {
  const found: Finding[] = [];
  if (ssh.admin_addresses.length === 0 && !tailscale.ssh_only)
    found.push(
      finding(
        'ssh.admin_addresses',
        'is empty, so the firewall would lock everybody out; name the addresses you come from, or set `tailscale.ssh_only`',
      ),
    );
  if (tailscale.ssh_only && !tailscale.enabled)
    found.push(finding('tailscale.ssh_only', 'needs `tailscale.enabled: true`, or nobody could log in'));
  if (ssh.authorized_keys.length === 0)
    found.push(
      finding('ssh.authorized_keys', 'is empty, so nobody could log in; put the line of your .pub file here'),
    );
  return found;
}

function keys({ ssh }: NamedServer): Finding[] {
  const found: Finding[] = [];
  if (!ssh.agent && ssh.identity_file === undefined)
    found.push(
      finding('ssh.agent', 'is off and there is no `identity_file`, so there is no key to log in with'),
    );
  if (ssh.identity_passphrase !== undefined && ssh.identity_file === undefined)
    found.push(finding('ssh.identity_passphrase', 'opens `identity_file`, which is not set'));
  return found;
}

function ports({ ssh, firewall }: NamedServer): Finding[] {
  if (!firewall.web_ports.includes(ssh.port)) return [];
  return [
    finding(
      'firewall.web_ports',
      `holds ${ssh.port}, which is the SSH port: it would be open to the web sources`,
    ),
  ];
}

function ipv6({ ssh, system, address }: NamedServer): Finding[] {
  if (system.ipv6) return [];
  const isV6 = (text: string): boolean => parseNetwork(text)?.family === 6;
  const admins = ssh.admin_addresses.flatMap((text, at) =>
    isV6(text) ? [{ path: ['ssh', 'admin_addresses', at], on: 'value' as const, sentence: OFF }] : [],
  );
  return isV6(address) ? [finding('address', OFF), ...admins] : admins;
}

const OFF = 'is an IPv6 address, and `system.ipv6` is off';

const references = (server: NamedServer, servers: readonly string[]): Finding[] =>
  secretUses(server).flatMap(({ path, ref }) => foreign(path, ref, servers));

function foreign(path: string, ref: string, servers: readonly string[]): Finding[] {
  const reference = parseReference(ref);
  if ('problem' in reference || reference.kind !== 'vault') return [];
  if (reference.server === SHARED || servers.includes(reference.server)) return [];
  const hint = didYouMean(reference.server, [...servers, SHARED]);
  return [finding(path, `refers to a secret of \`${reference.server}\`, which is no server here${hint}`)];
}

/** Two names for one host would be two locks for one host. Paths begin at `servers`. */
export function checkAddresses(servers: readonly NamedServer[]): Finding[] {
  const seen = new Map<string, string>();
  return servers.flatMap((server) => {
    const host = [server.ssh.jump?.address ?? '', canonicalHost(server.address), server.ssh.port].join(' ');
    const other = seen.get(host);
    if (other === undefined) seen.set(host, server.name);
    if (other === undefined) return [];
    return [
      finding(`servers.${server.name}.address`, `is the address of \`${other}\` too; one host is one server`),
    ];
  });
}
