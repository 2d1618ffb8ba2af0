// How much each service may take of the server: guide Step 14's tiers, and what the configuration says instead.
import type { Server, ServiceLimit, Tier } from '../model.js';
import { views } from './partitions.js';
import { isWatched } from './watched.js';

const SERVICES = [
  'docker-proxy',
  'redis',
  'openclaw-egress',
  'litellm',
  'openclaw',
  'caddy',
  'cloudflared',
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
};

/** Measured at rest: OpenClaw 0.5 GB (0.9 GB since 2026.8), LiteLLM 0.3 GB, the rest below 50 MB each. */
const TIERS: Record<Tier, Record<ServiceName, ServiceLimit>> = {
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
export function servicesOf(server: Pick<Server, 'proxy' | 'role' | 'stack' | 'monitoring'>): ServiceName[] {
  const { proxy } = server;
  const isUnwatched = !isWatched(server);
  const unused = {
    ...{ caddy: proxy.kind !== 'caddy', cloudflared: proxy.kind !== 'tunnel' },
    ...{ 'node-exporter': isUnwatched, 'redis-exporter': isUnwatched, 'metrics-door': isUnwatched },
  };
  return SERVICES.filter((name) => !(name in unused) || !unused[name as keyof typeof unused]);
}

export const limitOf = ({ stack }: Pick<Server, 'stack'>, service: ServiceName): ServiceLimit =>
  stack.limits[service] ?? TIERS[stack.tier][service];

export const limitsOf = (server: Server): Partial<Record<ServiceName, ServiceLimit>> =>
  Object.fromEntries(servicesOf(server).map((service) => [service, limitOf(server, service)]));

const UNITS = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `512m` as bytes. */
export const sizeBytes = (size: string): number =>
  Number(size.slice(0, -1)) * UNITS[size.slice(-1) as keyof typeof UNITS];

/** The kernel, sshd, dockerd and what else runs on the host itself. */
const HOST_BYTES = 256 * UNITS.m;

/** Of the one container that tools run in; with less OpenClaw's tools end in the middle. */
export const SANDBOX_MEMORY = '1g';

const besides = ({ openclaw }: Server): number =>
  HOST_BYTES + (openclaw.sandbox === 'docker' ? sizeBytes(SANDBOX_MEMORY) : 0);

/** Limits that together are more than there is would let the kernel choose whom to kill. */
export const memoryNeeded = (server: Server): number =>
  allLimits(server).reduce((sum, { memory }) => sum + sizeBytes(memory), besides(server));

/** Of every gateway on the host. */
const allLimits = (server: Server): ServiceLimit[] =>
  views(server).flatMap((view) => servicesOf(view).map((service) => limitOf(view, service)));

/** Docker refuses to create a container that may use more processors than there are. */
export const cpusNeeded = (server: Server): number => Math.max(...allLimits(server).map(({ cpus }) => cpus));

/** The largest first. */
const BY_SIZE: readonly Tier[] = ['production', 'growth', 'starter'];

/** The largest tier whose limits fit into a host; none where even the smallest is too large. */
export const fittingTier = (server: Server, host: { memory: number; cpus: number }): Tier | undefined =>
  BY_SIZE.find((tier) => {
    const other = { ...server, stack: { ...server.stack, tier } };
    return memoryNeeded(other) <= host.memory && cpusNeeded(other) <= host.cpus;
  });
