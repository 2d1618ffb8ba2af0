// The peer’s lists of domains: what follows from providers and channels opens by itself, the rest waits for a reason.

import type { Left } from '../model.js';
import { covers, ownDoors } from '../stack/doors.js';
import { PROVIDERS } from '../stack/providers.js';

type Channels = Parameters<typeof ownDoors>[0]['channels'];

const CHANNELS = ['telegram', 'discord', 'slack', 'webhook'] as const;

export const channelsOn = (on: readonly string[]): Channels =>
  Object.fromEntries(CHANNELS.map((name) => [name, { enabled: on.includes(name) }])) as unknown as Channels;

const doorsOf = (providers: readonly string[], channels: Channels): string[] =>
  ownDoors({ channels, providers: Object.fromEntries(providers.map((id) => [id, {}])) }).map(
    ({ domain }) => domain,
  );

/** The wildcard of the peer's and the exact name of ours, or the other way round. */
const isFor = (domain: string, door: string): boolean =>
  covers(domain, door) || covers(door, domain) || domain === `*.${door}`;

export interface Opened {
  server: string;
  providers: readonly string[];
  channels: Channels;
}

export function leftDomains(domains: readonly string[], opened: Opened, place: string): Left[] {
  const open = doorsOf(opened.providers, opened.channels);
  const possible = doorsOf(
    PROVIDERS.map(({ id }) => id),
    channelsOn(CHANNELS),
  );
  const whyOf = (domain: string): string =>
    possible.some((door) => isFor(domain, door))
      ? 'opens by itself once its provider or channel is configured'
      : `each way out says why: clincher egress allow <domain> -s ${opened.server} --reason …`;
  return domains
    .filter((domain) => !open.some((door) => isFor(domain, door)))
    .map((domain) => ({ name: domain, place, why: whyOf(domain) }));
}
