// Cross-checks of the ways out: each is opened once, leads outwards, and the proxy that guards them can be had.
import { covers, hostOf, ownDoors } from '../stack/doors.js';
import { providerUses } from '../stack/needs.js';
import { contains, isPrivate, parseNetwork } from './network.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export function checkEgress(server: NamedServer): Finding[] {
  return [...source(server), ...doubles(server), ...privateDomains(server), ...privateBases(server)];
}

function source({ stack: { egress, images } }: NamedServer): Finding[] {
  const { repository, version } = images.egress;
  if (egress.source !== 'image' || (!repository.startsWith('ghcr.io/example/') && version !== 'unset'))
    return [];
  return [
    finding(
      'stack.egress.source',
      '`image` needs `stack.images.egress`: repository and version of a Smokescreen that you built',
    ),
  ];
}

/** A door that is opened twice stays open when its reason goes. */
function doubles(server: NamedServer): Finding[] {
  const extra = server.stack.egress.extra_domains;
  const others = ownDoors({ channels: server.channels, providers: usedProviders(server) });
  return extra.flatMap(({ domain }, at) => {
    const path = ['stack', 'egress', 'extra_domains', at, 'domain'];
    const opener = others.find((door) => covers(door.domain, domain));
    if (opener !== undefined) return [finding(path, `is open already, for ${opener.why}`)];
    const twin = extra.findIndex((other, place) => place < at && covers(other.domain, domain));
    return twin < 0 ? [] : [finding(path, `is open already, by \`${extra[twin]?.domain}\` above it`)];
  });
}

/** The others open no door. */
function usedProviders(server: NamedServer): NamedServer['providers'] {
  const used = new Set(providerUses(server).map(({ provider }) => provider));
  return Object.fromEntries(Object.entries(server.providers).filter(([name]) => used.has(name)));
}

/** Smokescreen refuses private addresses whatever its list of names says. */
const REFUSED =
  'is a private address, which the egress proxy refuses; add its network to `stack.egress.allow_ranges`';

function isRefused(host: string, { stack }: NamedServer): boolean {
  const address = parseNetwork(host);
  if (address === undefined || !isPrivate(host)) return false;
  return !stack.egress.allow_ranges.some((range) => {
    const open = parseNetwork(range);
    return open !== undefined && contains(open, address);
  });
}

const privateDomains = (server: NamedServer): Finding[] =>
  server.stack.egress.extra_domains.flatMap(({ domain }, at) =>
    isRefused(domain, server) ? [finding(['stack', 'egress', 'extra_domains', at, 'domain'], REFUSED)] : [],
  );

const LOOPBACK = /^(?:localhost|127\..*|::1)$/;

function privateBases(server: NamedServer): Finding[] {
  const bases = Object.entries(server.providers).map(
    ([name, { api_base }]) => [`providers.${name}.api_base`, api_base] as const,
  );
  const { enabled, api_root } = server.channels.telegram;
  const roots = enabled ? [['channels.telegram.api_root', api_root] as const] : [];
  return [...bases, ...roots].flatMap(([path, address]) => {
    if (address === undefined) return [];
    const host = hostOf(address);
    if (LOOPBACK.test(host))
      return [
        finding(path, 'is the container’s own loopback; name the machine by its address in the network'),
      ];
    return isRefused(host, server) ? [finding(path, REFUSED)] : [];
  });
}
