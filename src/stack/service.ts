// What all services have in common: the walls around each, how its health is asked, and how little it may take.
import type { HostContext, Server } from '../model.js';
import { limitOf, type ServiceName } from './limits.js';

/** The operating system decides which Docker is there; absent: a current one. */
export type Host = Pick<HostContext, 'os'>;

export interface Service {
  service: ServiceName;
  container: string;
  image: string;
  /** As compose reads it, without image, names, labels and what `walled` adds. */
  definition: Record<string, unknown>;
  /** Why, by key of the definition. */
  notes: Record<string, string>;
  health: Health;
  /** Files below the stack's folder that it reads when it starts. */
  reads: readonly string[];
}

export interface Health {
  test: readonly string[];
  /** Failures before that do not count: as long as a start may take on a slow or busy machine. */
  startSeconds: number;
  /** How often to ask meanwhile; absent: three times a second. */
  startInterval?: string;
  timeoutSeconds?: number;
}

export const CORE_NET = 'openclaw-net';
export const EGRESS_NET = 'egress-net';
export const PROXY_NET = 'proxy-net';
export const DOCKER_NET = 'docker-net';
export const FILES_NET = 'files-net';

/** Variable of .env; compose stops where it is not set, instead of starting with an empty key. */
export const fromEnv = (name: string): string => `\${${name}:?is not set in .env}`;

/** Compose reads `$` as the start of a variable. */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** A source that is missing is an error; the short form would make a folder of root's in its place. */
export const bind = (source: string, target: string, { writable = false } = {}): Record<string, unknown> => ({
  type: 'bind',
  source,
  target,
  ...(writable ? {} : { read_only: true }),
  bind: { create_host_path: false },
});

export const healthy = (...services: ServiceName[]): Record<string, unknown> =>
  Object.fromEntries(services.map((service) => [service, { condition: 'service_healthy' }]));

/** Compose refuses `start_interval` on Docker before 25, which these distributions have; of `present` nothing is known. */
export function knowsStartInterval({ docker }: Server, host?: Host): boolean {
  if (docker.source !== 'distribution') return docker.source === 'docker';
  return host === undefined || !['debian 12', 'ubuntu 22.04'].includes(`${host.os.id} ${host.os.version}`);
}

export function healthcheck({ test, startSeconds, startInterval, timeoutSeconds }: Health, isQuick: boolean) {
  return {
    test: [...test],
    // Without start_interval the first question comes after one interval.
    interval: isQuick ? '30s' : '10s',
    timeout: `${timeoutSeconds ?? 5}s`,
    retries: 3,
    start_period: `${startSeconds}s`,
    ...(isQuick ? { start_interval: startInterval ?? '300ms' } : {}),
  };
}

/** Nothing of root's is left to a process that was taken over, and nothing on its disk can be changed. */
export function walled(server: Server, { service, definition }: Service): Record<string, unknown> {
  const { cpus, memory } = limitOf(server, service);
  return {
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    restart: 'unless-stopped',
    ...definition,
    deploy: { resources: { limits: { cpus: String(cpus), memory, pids: PIDS[service] ?? 128 } } },
  };
}

/** A fork bomb ends here and not at the host's limit. */
const PIDS: Partial<Record<ServiceName, number>> = { openclaw: 1024, litellm: 256 };
