// How much each service may take of the server: guide Step 14's tiers, and what the configuration says instead.
import type { Machine, Server, ServiceLimit, Tier } from '../model.js';
import { hasFilebrowser } from './convenience.js';
import { autoLimits, HOST_BYTES, type Share, sandboxBytes } from './limits-auto.js';
import { neighboursOf, views } from './partitions.js';
import { isWatched } from './watched.js';

const SERVICES = [
  'docker-proxy',
  'redis',
  'openclaw-egress',
  'litellm',
  'openclaw',
  'caddy',
  'cloudflared',
  'filebrowser',
  'node-exporter',
  'redis-exporter',
  'metrics-door',
] as const;

/** As compose calls them. */
export type ServiceName = (typeof SERVICES)[number];

const limit = (cpus: number, memory: string): ServiceLimit => ({ cpus, memory });

const small = {
  ...{ caddy: limit(0.5, '128m'), cloudflared: limit(0.5, '128m') },
  ...{ 'node-exporter': limit(0.25, '64m'), 'redis-exporter': limit(0.25, '64m') },
  'metrics-door': limit(0.25, '96m'),
  filebrowser: limit(0.5, '64m'),
};

type FixedTier = Exclude<Tier, 'auto'>;

/** Measured at rest: OpenClaw 0.5 GB (0.9 GB since 2026.8), LiteLLM 0.3 GB, the rest below 50 MB each. */
const TIERS: Record<FixedTier, Record<ServiceName, ServiceLimit>> = {
  starter: {
    ...small,
    openclaw: limit(1.5, '2g'),
    litellm: limit(1, '768m'),
    'docker-proxy': limit(0.25, '96m'),
    'openclaw-egress': limit(0.25, '96m'),
    redis: limit(0.25, '256m'),
  },
  growth: {
    ...small,
    openclaw: limit(6, '10g'),
    litellm: limit(2, '2g'),
    'docker-proxy': limit(0.5, '256m'),
    'openclaw-egress': limit(0.5, '256m'),
    redis: limit(0.5, '256m'),
  },
  production: {
    ...small,
    openclaw: limit(8, '16g'),
    litellm: limit(2, '2g'),
    'docker-proxy': limit(0.5, '256m'),
    'openclaw-egress': limit(0.5, '128m'),
    redis: limit(0.5, '512m'),
  },
};

/** In the order in which they start. */
export function servicesOf(
  server: Pick<Server, 'proxy' | 'role' | 'stack' | 'monitoring' | 'convenience'>,
): ServiceName[] {
  const { proxy } = server;
  const isUnwatched = !isWatched(server);
  const unused = {
    ...{ caddy: proxy.kind !== 'caddy', cloudflared: proxy.kind !== 'tunnel' },
    ...{ 'node-exporter': isUnwatched, 'redis-exporter': isUnwatched, 'metrics-door': isUnwatched },
    filebrowser: !hasFilebrowser(server),
  };
  return SERVICES.filter((name) => !(name in unused) || !unused[name as keyof typeof unused]);
}

/** What the configuration says of a service wins. */
export const limitOf = (server: Server, service: ServiceName): ServiceLimit =>
  server.stack.limits[service] ?? tierOf(server)[service];

const tierOf = (server: Server): Record<ServiceName, ServiceLimit> =>
  server.stack.tier === 'auto' ? { ...small, ...autoLimits(shareOf(server)) } : TIERS[server.stack.tier];

const CORE = ['litellm', 'redis', 'docker-proxy', 'openclaw-egress'] as const;

function shareOf(server: Server): Share {
  const { machine, stack } = server;
  const said = CORE.flatMap((name) => {
    const own = stack.limits[name];
    return own === undefined ? [] : [[name, sizeBytes(own.memory)]];
  });
  return {
    machine,
    gateways: neighboursOf(server).length + 1,
    sandbox: sandboxBytes(server),
    said: Object.fromEntries(said),
  };
}

export const limitsOf = (server: Server): Partial<Record<ServiceName, ServiceLimit>> =>
  Object.fromEntries(servicesOf(server).map((service) => [service, limitOf(server, service)]));

const UNITS = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `512m` as bytes. */
export const sizeBytes = (size: string): number =>
  Number(size.slice(0, -1)) * UNITS[size.slice(-1) as keyof typeof UNITS];

export { SANDBOX_MEMORY } from './limits-auto.js';

/** Limits that together are more than there is would let the kernel choose whom to kill. */
export const memoryNeeded = (server: Server): number =>
  allLimits(server).reduce((sum, { memory }) => sum + sizeBytes(memory), HOST_BYTES + sandboxBytes(server));

/** Of every gateway on the host. */
const allLimits = (server: Server): ServiceLimit[] =>
  views(server).flatMap((view) => servicesOf(view).map((service) => limitOf(view, service)));

/** Docker refuses to create a container that may use more processors than there are. */
export const cpusNeeded = (server: Server): number => Math.max(...allLimits(server).map(({ cpus }) => cpus));

/** The largest first. */
const BY_SIZE: readonly FixedTier[] = ['production', 'growth', 'starter'];

/** The largest tier whose limits fit into a host; none where even the smallest is too large. */
export const fittingTier = (server: Server, host: Machine): Tier | undefined =>
  BY_SIZE.find((tier) => {
    const other = { ...server, stack: { ...server.stack, tier } };
    return memoryNeeded(other) <= host.memory && cpusNeeded(other) <= host.cpus;
  });
