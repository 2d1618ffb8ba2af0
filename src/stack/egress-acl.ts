// Smokescreen's list: each domain that something enabled needs, with the reason beside it. Everything else is refused.
import type { Server } from '../model.js';
import { covers, ownDoors } from './doors.js';
import { whyOf } from './egress-extras.js';
import { providerUses } from './needs.js';
import { yamlText } from './yaml-text.js';

export interface EgressDomain {
  domain: string;
  reasons: string[];
}

/** Sorted, each once. A domain below a wildcard that is there too keeps its own line: it goes when its reason goes. */
export function egressDomains(server: Server): EgressDomain[] {
  const doors = [...usedDoors(server), ...extras(server)];
  const domains = [...new Set(doors.map(({ domain }) => domain))].sort();
  return domains.map((domain) => ({
    domain,
    reasons: [...new Set(doors.filter((door) => door.domain === domain).map(({ why }) => why))],
  }));
}

/** A provider that is configured and that nothing uses opens no door. */
function usedDoors(server: Server): { domain: string; why: string }[] {
  const uses = usesByProvider(server);
  const used = Object.entries(server.providers).filter(([name]) => uses.has(name));
  return ownDoors({ channels: server.channels, providers: Object.fromEntries(used) }).map(
    ({ domain, why }) => {
      const users = uses.get(why.replace(/^provider /, ''));
      return { domain, why: users === undefined ? why : `${why}: ${users.join(', ')}` };
    },
  );
}

function usesByProvider(server: Server): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const { provider, path } of providerUses(server))
    uses.set(provider, [...(uses.get(provider) ?? []), userName(server, path)]);
  return uses;
}

function userName({ models }: Server, [area, , place]: readonly (string | number)[]): string {
  if (area === 'models') return models.list[Number(place)]?.name ?? 'a model';
  return area === 'memory' ? 'embeddings of memory' : 'embeddings of the cache';
}

const extras = ({ stack }: Server): { domain: string; why: string }[] =>
  stack.egress.extra_domains.map((extra) => ({ domain: extra.domain, why: whyOf(extra) }));

/** True when the list lets this host through. */
export const letsOut = (server: Server, host: string): boolean =>
  egressDomains(server).some(({ domain }) => covers(domain, host));

const HEADING = `Domains that may be reached from inside; Smokescreen refuses every other, and every private address.
Written by clincher from the providers, channels and stack.egress.extra_domains that are on in clincher.yaml:
edit those, then \`clincher run provision\`. An edit here is found and asked about.`;

export function egressAcl(server: Server): string {
  const domains = egressDomains(server);
  const list = {
    version: 'v1',
    services: [],
    default: {
      name: 'default',
      project: 'openclaw',
      action: 'enforce',
      allowed_domains: domains.map(({ domain }) => domain),
    },
  };
  const notes = domains.map(
    ({ reasons }, place) => [['default', 'allowed_domains', place], reasons.join('\n')] as const,
  );
  return yamlText(HEADING, list, [
    ...notes,
    [['services'], 'Nobody has a role of its own: whoever asks is `default`.'],
  ]);
}
