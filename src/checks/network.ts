// Checks of how the containers are wired: who shares a network with whom, which have a way out, what is open on the host.
import { type DockerNow, dockerNow } from '../commands/docker-api.js';
import type { Server } from '../model.js';
import { hasFilebrowser } from '../stack/convenience.js';
import { CORE_NET, DOCKER_NET, FILES_NET, PROXY_NET, type Service } from '../stack/service.js';
import { defineCheck, rerun, runsGateway, unless } from './define.js';
import { core, exposing, isExposing, metering } from './facts.js';
import { each } from './walls.js';

const internal = (server: Server): string[] => [
  ...[CORE_NET, PROXY_NET, DOCKER_NET],
  ...(hasFilebrowser(server) ? [FILES_NET] : []),
];

const short = (name: string): string => name.replace(/^openclaw(-[a-z0-9]+)?_/, '');

type Wanted = Record<string, { ipv4_address?: string }>;
const wantedOf = ({ definition }: Service): Wanted => (definition['networks'] ?? {}) as Wanted;

/** A way out of a network that should have none, and strangers in any. */
function leaks(docker: DockerNow, server: Server): string[] {
  const list = [...core(server), ...exposing(server), ...metering(server)];
  return docker.networks.flatMap(({ name, internal: isInternal, members }) => {
    const may = list.filter((service) => name in wantedOf(service)).map(({ container }) => container);
    const strangers = members.filter((member) => !may.includes(member) && !isExposing(docker, member));
    return [
      ...(internal(server).includes(name) && !isInternal
        ? [`${name} has a route out: it is not internal`]
        : []),
      ...strangers.map((member) => `${member} is in ${name}`),
    ];
  });
}

export function wiring(docker: DockerNow, list: readonly Service[]): string[] {
  return each(docker, list).flatMap(([service, now]) => {
    if (now.status !== 'running') return [];
    const is = Object.keys(now.networks).map(short);
    const want = wantedOf(service);
    const lacks = Object.keys(want).filter((name) => !is.includes(name));
    const foreign = is.filter((name) => !(name in want) && !docker.networks.some((one) => one.name === name));
    const moved = Object.entries(now.networks).filter(([name, at]) => {
      const fixed = want[short(name)]?.ipv4_address;
      return fixed !== undefined && at !== fixed;
    });
    return [
      ...lacks.map((name) => `${service.service} is not in ${name}`),
      ...foreign.map((name) => `${service.service} is in ${name}`),
      ...moved.map(
        ([name, at]) =>
          `${service.service} is ${at} in ${short(name)}, should be ${want[short(name)]?.ipv4_address}`,
      ),
    ];
  });
}

/** In a network of the stack where it has no business. Of the core `leaks` says it; of what is reached from the web, this. */
export const intrusions = (docker: DockerNow, list: readonly Service[]): string[] =>
  each(docker, list).flatMap(([service, now]) =>
    docker.networks
      .map(({ name }) => name)
      .filter((name) => Object.keys(now.networks).map(short).includes(name) && !(name in wantedOf(service)))
      .map((name) => `${service.service} is in ${name}`),
  );

const absent = ({ networks }: DockerNow, server: Server): string[] =>
  internal(server)
    .filter((name) => !networks.some((one) => one.name === name))
    .map((name) => `there is no ${name}`);

export const networks = defineCheck({
  id: 'verify.networks',
  title: 'Only the egress proxy and the reverse proxy have a way out, and each network has its members alone',
  why: 'A container in one network too many is a bridge past the egress list; the gateway believes the one address in proxy-net.',
  source: 'guide Steps 3 and 9; https://docs.docker.com/reference/compose-file/networks/#internal',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) =>
    unless(
      [...absent(docker, server), ...leaks(docker, server), ...wiring(docker, core(server))],
      'internal networks are internal, and their members are as configured',
      rerun(server, 'stack.compose,stack.services'),
      `docker compose down && ${rerun(server, 'stack.*')}   (a network that exists is not changed by compose)`,
    ),
});

const isLocal = (address: string): boolean => address.startsWith('127.') || address === '::1';

/** Ports that strangers may try, by the container that has them. */
export const openPorts = ({ ports }: DockerNow): string[] => [
  ...new Set(
    ports
      .filter(({ address }) => !isLocal(address))
      .map(({ container, port }) => `${container} publishes ${port}`),
  ),
];

/** Of a partition's its own alone are judged: the others are the server's to answer for. */
const isOurs = (docker: DockerNow, { stack }: Server, container: string): boolean =>
  stack.partition === undefined
    ? !isExposing(docker, container)
    : docker.containers.some(({ name }) => name === container);

export const ports = defineCheck({
  id: 'verify.ports',
  title: 'Docker publishes no port of the core services, nor of strangers',
  why: 'A published port is reached past the firewall: Docker puts its own rules before those of ufw.',
  source:
    'guide Steps 2 and 10; CIS Docker 5.9; https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) =>
    unless(
      openPorts(docker).filter((said) => isOurs(docker, server, said.split(' ')[0] ?? '')),
      'none is published but by what is there to be reached',
      rerun(server, 'stack.compose,stack.services'),
      'docker ps --format "{{.Names}} {{.Ports}}"   shows what else there is',
    ),
});
