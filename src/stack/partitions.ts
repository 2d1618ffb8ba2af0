// A partition is a view of its server: the same want with a folder, names, networks, channels and secrets of its own.
import { ClincherError } from '../errors.js';
import type { Bot, Server } from '../model.js';
import { NO_CONVENIENCE } from './convenience.js';
import { sandboxBytes } from './limits-auto.js';

type Parts = Pick<Server, 'stack'>;

/** Of a container or of the compose project: `openclaw-redis` is `openclaw-team-redis` in the partition `team`. */
export const nameIn = ({ stack }: Parts, name: string): string =>
  stack.partition === undefined ? name : name.replace(/^openclaw/, `openclaw-${stack.partition}`);

/** Containers of the core, of which the first is the project's name as well. */
const NAMES: readonly string[] = [
  ...['openclaw', 'openclaw-litellm', 'openclaw-redis', 'openclaw-egress', 'openclaw-docker-proxy'],
];

/** The same word of a command, as it is said of a partition: each name stands in it as a word of its own. */
export const wordIn = (server: Parts, word: string): string =>
  NAMES.includes(word) ? nameIn(server, word) : word;

export const partitionNames = ({ partitions }: Pick<Server, 'partitions'>): string[] =>
  Object.keys(partitions ?? {});

/** Below the server's own folder, so that every backup has it. */
export const partitionFolder = ({ stack }: Parts, name: string): string =>
  `${stack.directory}/partitions/${name}`;

/** Whichever of its gateways this is. */
export const serverFolder = ({ stack }: Parts): string =>
  stack.partition === undefined
    ? stack.directory
    : stack.directory.replace(new RegExp(`/partitions/${stack.partition}$`), '');

/**
 * Every step that plans for a server plans for this in the same way: what is hardened there is hardened here, by
 * construction. It has no reverse proxy, no monitor and no sandbox: the one is a way in to the server's gateway, the second
 * watches the host, and of the third there is one on a Docker engine.
 */
export function partitionOf(server: Server, name: string): Server {
  const own = server.partitions?.[name];
  if (own === undefined)
    throw new ClincherError('UNKNOWN_PARTITION', `${server.name} has no partition ${name}.`, {
      remedy: [`clincher run partition --add ${name} -s ${server.name}`],
    });
  const { stack, openclaw, proxy, monitoring, partitions: _, ...rest } = server;
  return {
    ...rest,
    bots: botsBesides(server, name),
    channels: own.channels,
    openclaw: { ...openclaw, sandbox: 'off', rules: [...openclaw.rules, ...own.rules], origins: [] },
    proxy: {
      kind: 'none',
      tls: 'internal',
      tunnel_token: proxy.tunnel_token,
      oidc: { ...proxy.oidc, enabled: false },
    },
    monitoring: { ...monitoring, monitor: undefined },
    convenience: NO_CONVENIENCE,
    stack: {
      ...stack,
      partition: name,
      directory: partitionFolder(server, name),
      proxy_subnet: own.proxy_subnet,
      limits: { ...stack.limits, ...own.limits },
      neighbours: neighbours(server, name),
      sandbox_bytes: sandboxBytes(server),
    },
  };
}

/** The server itself, and each of its partitions. */
export const views = (server: Server): Server[] => [
  server,
  ...partitionNames(server).map((name) => partitionOf(server, name)),
];

/** Those that are worked on: where partitions stay as they are, nothing is proved of them either. */
export const workedOn = (server: Server): Server[] => (server.stack.is_alone ? [server] : views(server));

/** Networks of the other gateways on the same host: nothing may get there from this one's. */
export const neighboursOf = (server: Server): string[] => server.stack.neighbours ?? neighbours(server);

function neighbours({ stack, partitions = {} }: Server, except?: string): string[] {
  const others = Object.entries(partitions).filter(([name]) => name !== except);
  return [
    ...(except === undefined ? [] : [stack.proxy_subnet]),
    ...others.map(([, own]) => own.proxy_subnet),
  ];
}

/** `prod`, or `prod/team`. */
export const holderOf = ({ name, stack }: Pick<Server, 'name' | 'stack'>): string =>
  stack.partition === undefined ? name : `${name}/${stack.partition}`;

/** Those of everybody else: other servers, and the other gateways of this one. */
export function botsBesides(server: Server, except?: string): Bot[] {
  const { name, channels, bots = [], partitions = {} } = server;
  const others = Object.entries(partitions).filter(([each]) => each !== except);
  return [
    ...bots,
    ...(except === undefined ? [] : botOf(name, channels)),
    ...others.flatMap(([each, own]) => botOf(`${name}/${each}`, own.channels)),
  ];
}

const botOf = (holder: string, { telegram }: Server['channels']): Bot[] =>
  telegram.enabled ? [{ holder, token: telegram.token }] : [];

/** All that a server holds. */
export const botsOf = ({ name, channels, partitions = {} }: Server): Bot[] => [
  ...botOf(name, channels),
  ...Object.entries(partitions).flatMap(([each, own]) => botOf(`${name}/${each}`, own.channels)),
];
