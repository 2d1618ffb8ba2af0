// Checks of what stands between the web and the gateway: it comes last, so that everything before it is proved without it.
import { type DockerNow, dockerNow } from '../commands/docker-api.js';
import { throughProxy } from '../commands/through-proxy.js';
import type { Server } from '../model.js';
import { proxyAddress } from '../stack/proxy-net.js';
import type { Service } from '../stack/service.js';
import { defineCheck, onHost, rerun, runsGateway, unless } from './define.js';
import { exposing, isExposing, metering } from './facts.js';
import { intrusions, openPorts, wiring } from './network.js';
import { hasWeb, isRefused } from './outside.js';
import { find, well, wrongImage } from './services.js';
import { each, holes, misplaced, unlimited } from './walls.js';

export const services = defineCheck({
  id: 'exposed.services',
  title: 'What stands between the web and the gateway runs and is healthy',
  why: 'Without it nobody reaches the gateway, and a channel that is called from outside is silent.',
  source: 'guide Step 9',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && exposing(server).length > 0,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) => well(docker, exposing(server), server, 'proxy.*,convenience.*'),
});

/** `443:443`: the port on the host. */
const published = ({ definition, container }: Service): string[] => {
  const list: unknown[] = Array.isArray(definition['ports']) ? definition['ports'] : [];
  return list.map((entry) => `${container} publishes ${String(entry).split(':').at(-2)}`);
};

/** Of a proxy that was configured once. */
const leftOver = ({ containers }: DockerNow, list: readonly Service[]): string[] =>
  containers.map(({ name }) => name).filter((name) => !list.some(({ container }) => container === name));

/** By way of the web, or by the door that a monitor comes to. */
const reached = (server: Server): Service[] => [...exposing(server), ...metering(server)];

function faults(docker: DockerNow, server: Server): string[] {
  const list = reached(server);
  const may = list.flatMap(published);
  const open = openPorts(docker).filter((said) => isExposing(docker, said.split(' ')[0] ?? ''));
  const old = leftOver(docker, list).filter((name) => isExposing(docker, name));
  return [
    ...old.map((name) => `${name} is there, and not configured`),
    ...open.filter((said) => !may.includes(said)),
    ...list.flatMap((service) => wrongImage(find(docker, service), service)),
    ...each(docker, list).flatMap((pair) => [
      ...unlimited(pair, server),
      ...holes(pair, server),
      ...misplaced(pair, server),
    ]),
    ...wiring(docker, list),
    ...intrusions(docker, list),
  ];
}

export const containers = defineCheck({
  id: 'exposed.containers',
  title:
    'What is reached from the web is the locked image, walled, wired and published as configured, and nothing else is there',
  why: 'This is the container that strangers talk to: it is taken over first. One that is left over is a door that nobody watches.',
  source: 'guide Steps 3 and 9; CIS Docker 5.3, 5.9, 5.11, 5.12',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) =>
    unless(
      faults(docker, server),
      reached(server)
        .map(({ service }) => service)
        .join(', ') || 'nothing is, as configured',
      rerun(server, 'stack.images,stack.proxies,proxy.*,metrics.*'),
      `${onHost(server, 'docker rm -f <name>')}   takes away what is left over`,
    ),
});

export const token = defineCheck({
  id: 'exposed.token',
  title: 'The token is accepted through the reverse proxy',
  why: 'Your own programs come this way; and a proxy that answers by itself would make every other check of it worthless.',
  source: 'guide Step 10',
  vantage: 'host',
  wanted: (server) => hasWeb(server) && server.proxy.kind === 'caddy',
  facts: (server) => ({
    through: throughProxy(server.stack.directory, proxyAddress(server), server.proxy.domain ?? ''),
  }),
  judge: ({ through }, server) =>
    unless(
      [
        ...(through.goodToken === 200
          ? []
          : [`with the token it is answered ${through.goodToken}, should be 200`]),
        ...(isRefused(through.anonymous, server)
          ? []
          : [`without the token it is answered ${through.anonymous}`]),
      ],
      'a tool call through the proxy: refused without the token, 200 with it',
      rerun(server, 'proxy.*,openclaw.*'),
    ),
});
