// What several checks look at, each written once: equal readings are made once.

import type { DockerNow } from '../commands/docker-api.js';
import { type InsideAsk, inside } from '../commands/inside.js';
import { type OutsideAsk, outsideNow } from '../commands/outside.js';
import type { Fact, Server } from '../model.js';
import type { ServiceName } from '../stack/limits.js';
import { overlayOf } from '../stack/overlays.js';
import type { Service } from '../stack/service.js';
import { serviceDefinitions } from '../stack/services.js';
import { deniedTools } from './denied-tools.js';
import { privateTargets, REFUSED, reachable } from './egress-targets.js';

/** A public address that answers on 443; nothing may get there past the egress proxy. */
export const PUBLIC = '1.1.1.1:443';

const ask = (server: Server): InsideAsk => ({
  tools: deniedTools(server),
  connects: [...reachable(server), REFUSED, ...privateTargets(server)],
  direct: PUBLIC,
});

export const fromInside = (server: Server) => inside(ask(server));

/** What never ends by itself is ended, so that one hung call does not take all other readings with it. */
export const within = <T>(seconds: number, fact: Fact<T>): Fact<T> => ({
  ...fact,
  read: ['timeout', String(seconds), ...fact.read],
});

/** Services of the base file: they run before anything is exposed. */
export const core = (server: Server): Service[] =>
  serviceDefinitions(server).filter(({ service }) => overlayOf(service) === undefined);

const overlaid = (server: Server, isWanted: (overlay: string) => boolean): Service[] =>
  serviceDefinitions(server).filter(({ service }) => {
    const name = overlayOf(service)?.name;
    return name !== undefined && isWanted(name);
  });

/** Services of overlays that people reach: reverse proxy, tunnel. */
export const exposing = (server: Server): Service[] => overlaid(server, (name) => name !== 'metrics');

/** Those that a monitor reaches, and the door to them. */
export const metering = (server: Server): Service[] => overlaid(server, (name) => name === 'metrics');

/**
 * A container of the stack that is there to be reached, configured still or not. It comes and goes after everything else
 * was proved, so it is the `exposed.*` checks that judge it: else a new proxy would wait for a proof that waits for it.
 */
export const isExposing = ({ containers }: DockerNow, container: string): boolean => {
  const service = containers.find(({ name }) => name === container)?.service;
  return service !== undefined && overlayOf(service as ServiceName) !== undefined;
};

/** SSH before hardening, Docker's API, and everything that the stack listens on inside. */
const NEVER = [22, 2375, 2376, 3000, 4000, 4750, 6379, 8080, 9090, 18789];

const isPublic = ({ proxy }: Server): boolean => proxy.kind === 'caddy' || proxy.kind === 'tunnel';

/** Whom Cloudflare alone may reach, it is reached through Cloudflare; else at the server itself. */
export function webOf(server: Server): OutsideAsk['web'] {
  const { proxy, firewall, address } = server;
  if (!isPublic(server) || proxy.domain === undefined) return undefined;
  const isDirect = proxy.kind === 'caddy' && firewall.web_sources !== 'cloudflare';
  return { host: isDirect ? address : proxy.domain, port: 443, name: proxy.domain };
}

export const fromOutside = (server: Server) =>
  outsideNow({
    address: server.address,
    ports: [...new Set([...NEVER, server.ssh.port, 80, 443, ...server.firewall.web_ports])].sort(
      (a, b) => a - b,
    ),
    web: webOf(server),
  });
