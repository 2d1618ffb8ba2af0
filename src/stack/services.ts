// The services of the stack by name: what is in each file, and under which label each runs.
import type { Server } from '../model.js';
import { filebrowser } from './filebrowser.js';
import { type ServiceName, servicesOf } from './limits.js';
import { overlayOf } from './overlays.js';
import { partOf } from './part.js';
import { nameIn } from './partitions.js';
import { readFiles } from './read-files.js';
import { healthcheck, type Service, walled } from './service.js';
import { dockerProxy, egress } from './services-doors.js';
import { gateway } from './services-gateway.js';
import { metricsDoor, nodeExporter, redisExporter } from './services-metrics.js';
import { litellm, redis } from './services-models.js';
import { caddy, cloudflared } from './services-proxies.js';

export { PROJECT, projectOf } from './env.js';

const TABLE: Record<ServiceName, (server: Server) => Service> = {
  'docker-proxy': dockerProxy,
  redis,
  'openclaw-egress': egress,
  litellm,
  openclaw: gateway,
  caddy,
  cloudflared,
  filebrowser,
  'node-exporter': nodeExporter,
  'redis-exporter': redisExporter,
  'metrics-door': metricsDoor,
};

export const serviceDefinitions = (server: Server): Service[] =>
  servicesOf(server).map((name) => named(server, TABLE[name](server)));

/** In the networks of a partition each is found by the same name as in the server's own: so all that is said of it is the same. */
function named(server: Server, service: Service): Service {
  if (server.stack.partition === undefined) return service;
  const networks = Object.entries((service.definition['networks'] ?? {}) as Record<string, object>);
  const found = networks.map(([name, own]) => [name, { ...own, aliases: [service.container] }]);
  return {
    ...service,
    container: nameIn(server, service.container),
    definition: { ...service.definition, networks: Object.fromEntries(found) },
  };
}

export interface StackService {
  service: ServiceName;
  container: string;
  /** As it is asked for: `repository:tag@sha256:…`, or the tag of what is built. */
  image: string;
  /** Name of the overlay; absent: of the base file. */
  overlay?: string | undefined;
  /** Its label `clincher.part`. */
  part: string;
}

/** The core ones first, in the order in which they start. */
export const services = (server: Server): StackService[] =>
  serviceDefinitions(server).map((each) => ({
    service: each.service,
    container: each.container,
    image: each.image,
    overlay: overlayOf(each.service)?.name,
    part: partLabel(server, each),
  }));

/** How often Docker asks for its health is no part of it: that depends on the host. */
export function partLabel(server: Server, service: Service): string {
  const files = readFiles(server);
  const contents = service.reads.map((path) => files[path]?.(server) ?? '');
  return partOf(
    { image: service.image, ...walled(server, service), healthcheck: healthcheck(service.health, false) },
    contents,
  );
}

/** The gateway waits for LiteLLM, and LiteLLM for the two that start at once. */
export function startBudgetSeconds(server: Server): number {
  if (server.stack.start_within_seconds !== undefined) return server.stack.start_within_seconds;
  const start = (name: ServiceName): number => TABLE[name](server).health.startSeconds + 30;
  return start('redis') + start('litellm') + start('openclaw');
}
