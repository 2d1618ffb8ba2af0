// The one graph of compose files: every start, backup and recovery reads it, so that none forgets an overlay.
import type { Server } from '../model.js';
import { hasFilebrowser } from './convenience.js';
import type { ServiceName } from './limits.js';
import { isWatched } from './watched.js';

export const BASE_FILE = 'docker-compose.yml';

export interface Overlay {
  name: string;
  file: string;
  services: readonly ServiceName[];
  /** Overlays that must come before it. */
  needs: readonly string[];
  isWanted(server: Server): boolean;
}

/** A new one is an entry here, its services in the table of services.ts, and nothing else. */
export const OVERLAYS: readonly Overlay[] = [
  {
    name: 'caddy',
    file: 'compose.caddy.yml',
    services: ['caddy'],
    needs: [],
    isWanted: ({ proxy }) => proxy.kind === 'caddy',
  },
  {
    name: 'tunnel',
    file: 'compose.tunnel.yml',
    services: ['cloudflared'],
    needs: [],
    isWanted: ({ proxy }) => proxy.kind === 'tunnel',
  },
  {
    name: 'filebrowser',
    file: 'compose.filebrowser.yml',
    services: ['filebrowser'],
    needs: ['caddy'],
    isWanted: hasFilebrowser,
  },
  {
    name: 'metrics',
    file: 'compose.metrics.yml',
    services: ['node-exporter', 'redis-exporter', 'metrics-door'],
    needs: [],
    isWanted: isWatched,
  },
];

/** Those of this server, each after what it needs. */
export function overlays(server: Server): Overlay[] {
  const wanted = OVERLAYS.filter((overlay) => overlay.isWanted(server));
  const sorted: Overlay[] = [];
  const add = (overlay: Overlay): void => {
    if (sorted.includes(overlay)) return;
    for (const name of overlay.needs) wanted.filter((each) => each.name === name).forEach(add);
    sorted.push(overlay);
  };
  wanted.forEach(add);
  return sorted;
}

/** What COMPOSE_FILE says, in this order. */
export const composeFiles = (server: Server): string[] => [
  BASE_FILE,
  ...overlays(server).map(({ file }) => file),
];

/** Undefined: a service of the base file. */
export const overlayOf = (service: ServiceName): Overlay | undefined =>
  OVERLAYS.find(({ services }) => services.includes(service));
