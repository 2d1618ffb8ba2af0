// `stack.tier: auto`: the limits of each service out of what the host has, shared by all the gateways on it.
import type { Machine, Server, ServiceLimit } from '../model.js';

const MIB = 2 ** 20;
const GIB = 1024 * MIB;

/** Where nobody could look yet (`render`): the smallest server that the guide names. */
const ASSUMED: Machine = { memory: 4 * GIB, cpus: 2 };

/** The kernel, sshd, dockerd and what else runs on the host itself. */
export const HOST_BYTES = 256 * MIB;

/** Of the one container that tools run in; with less OpenClaw's tools end in the middle. */
export const SANDBOX_MEMORY = '1g';

/** A way in and the exporters, whether there are some or not: one that comes must not make every container anew. */
const OVERLAYS = 352 * MIB;

/** What a sandbox takes of the host; of a partition, which has none, that of its server. */
export const sandboxBytes = ({ openclaw, stack }: Pick<Server, 'openclaw' | 'stack'>): number =>
  stack.sandbox_bytes ?? (openclaw.sandbox === 'docker' ? GIB : 0);

type Core = 'openclaw' | 'litellm' | 'redis' | 'docker-proxy' | 'openclaw-egress';

/** Of several gateways each gets the same. */
export interface Share {
  machine: Machine | undefined;
  gateways: number;
  /** Bytes of a sandbox. */
  sandbox: number;
  /** Bytes that the configuration gives to services: the gateway gets what they leave. */
  said: Partial<Record<Core, number>>;
}

/** In whole steps, so that a kernel that takes some megabytes more does not make every container anew. */
const STEP = 64 * MIB;
const stepped = (bytes: number): number => Math.floor(bytes / STEP) * STEP;
const within = (bytes: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, stepped(bytes)));

/** Below it OpenClaw ends in the middle of a turn: it takes 0.9 GB at rest since 2026.8. */
export const LEAST_GATEWAY = 1280 * MIB;

/** LiteLLM takes 0.3 GB at rest, Redis what it is given; the gateway gets what is left, at most what the guide gives it. */
function memoryOf(share: number, said: Share['said']): Record<Core, number> {
  const litellm = within(share / 7, 512 * MIB, 2 * GIB);
  const redis = within(share / 16, 128 * MIB, 512 * MIB);
  const door = within(share / 32, 64 * MIB, 256 * MIB);
  const others = { litellm, redis, 'docker-proxy': door, 'openclaw-egress': door, ...said };
  const taken = others.litellm + others.redis + others['docker-proxy'] + others['openclaw-egress'];
  return { ...others, openclaw: within(share - taken, LEAST_GATEWAY, 16 * GIB) };
}

/** Half a processor stays for the others, sshd among them: what is always busy must not starve them. */
const cpusOf = (cpus: number): Record<Core, number> => ({
  openclaw: Math.min(8, Math.max(0.5, cpus - 0.5)),
  litellm: Math.min(2, cpus / 2),
  ...{ redis: 0.25, 'docker-proxy': 0.25, 'openclaw-egress': 0.25 },
});

export function autoLimits({
  machine = ASSUMED,
  gateways,
  sandbox,
  said,
}: Share): Record<Core, ServiceLimit> {
  // What a kernel keeps for itself differs from boot to boot.
  const memory = Math.floor(machine.memory / (256 * MIB)) * 256 * MIB;
  const free = memory - HOST_BYTES - OVERLAYS - sandbox;
  const bytes = memoryOf(free / gateways, said);
  const cpus = cpusOf(machine.cpus);
  const limit = (name: Core): ServiceLimit => ({
    cpus: cpus[name],
    memory: `${Math.floor(bytes[name] / MIB)}m`,
  });
  return {
    openclaw: limit('openclaw'),
    litellm: limit('litellm'),
    redis: limit('redis'),
    'docker-proxy': limit('docker-proxy'),
    'openclaw-egress': limit('openclaw-egress'),
  };
}
