// docker-compose.yml and its overlays: plain files, which work without clincher as well.
import type { Server } from '../model.js';
import { hasFilebrowser } from './convenience.js';
import { BASE_FILE, type Overlay, overlayOf } from './overlays.js';
import { PART_LABEL } from './part.js';
import { hostAddress } from './proxy-net.js';
import {
  CORE_NET,
  DOCKER_NET,
  EGRESS_NET,
  FILES_NET,
  type Host,
  healthcheck,
  knowsStartInterval,
  PROXY_NET,
  type Service,
  walled,
} from './service.js';
import { partLabel, serviceDefinitions } from './services.js';
import { type Note, yamlText } from './yaml-text.js';

/** The keys that a reader looks for come first. */
const entry = (server: Server, service: Service, host?: Host): Record<string, unknown> => ({
  image: service.image,
  container_name: service.container,
  labels: { [PART_LABEL]: partLabel(server, service) },
  ...walled(server, service),
  healthcheck: healthcheck(service.health, knowsStartInterval(server, host)),
});

const notesOf = (services: readonly Service[]): Note[] =>
  services.flatMap(({ service, notes }) =>
    Object.entries(notes).map(([key, text]): Note => [['services', service, key], text]),
  );

const entries = (server: Server, list: readonly Service[], host?: Host): Record<string, unknown> =>
  Object.fromEntries(list.map((each) => [each.service, entry(server, each, host)]));

const volumes = (list: readonly Service[]): Record<string, object> => {
  const named = list
    .flatMap(({ definition }) => (Array.isArray(definition['volumes']) ? definition['volumes'] : []))
    .filter((volume): volume is string => typeof volume === 'string');
  return Object.fromEntries(named.map((volume) => [volume.split(':')[0] ?? '', {}]));
};

const networks = (server: Server): Record<string, unknown> => ({
  [CORE_NET]: { internal: true },
  [EGRESS_NET]: {},
  [PROXY_NET]: {
    internal: true,
    ipam: { config: [{ subnet: server.stack.proxy_subnet, gateway: hostAddress(server) }] },
  },
  [DOCKER_NET]: { internal: true },
  ...(hasFilebrowser(server) ? { [FILES_NET]: { internal: true } } : {}),
});

const NETWORK_NOTES: readonly Note[] = [
  [['networks', CORE_NET], 'No route out.'],
  [['networks', EGRESS_NET], 'The only one with a route to the internet.'],
  [
    ['networks', PROXY_NET],
    'Between the reverse proxy and the gateway, at fixed addresses; no route out either.',
  ],
  [['networks', DOCKER_NET], 'The filter before the Docker socket, and whoever may use it.'],
];

const HEADING = `The stack of this server. Written by clincher from clincher.yaml: edit that, then \`clincher run provision\`.
Without clincher, \`docker compose up -d\` in this folder does the same: .env names the files and holds the keys.
${PART_LABEL} changes with the files that a service reads, so that it is made anew when one of them changed.`;

export function baseFile(server: Server, host?: Host): string {
  const list = serviceDefinitions(server).filter(({ service }) => overlayOf(service) === undefined);
  const file = {
    services: entries(server, list, host),
    networks: networks(server),
    volumes: volumes(list),
  };
  return yamlText(HEADING, file, [...notesOf(list), ...NETWORK_NOTES]);
}

const overlayHeading = ({ name }: Overlay): string =>
  `Overlay \`${name}\` of ${BASE_FILE}, whose networks it uses. Written by clincher; .env (COMPOSE_FILE) turns it on.`;

export function overlayFile(server: Server, overlay: Overlay, host?: Host): string {
  const list = serviceDefinitions(server).filter(({ service }) => overlay.services.includes(service));
  const named = volumes(list);
  const file = {
    services: entries(server, list, host),
    ...(Object.keys(named).length > 0 ? { volumes: named } : {}),
  };
  return yamlText(overlayHeading(overlay), file, notesOf(list));
}
