// Which images a server runs, and how each is written so that nothing but the locked contents can be meant.
import { ClincherError } from '../errors.js';
import type { ImageName, ImageSettings, Server } from '../model.js';
import { hasFilebrowser } from './convenience.js';
import { isMonitor, isWatched } from './watched.js';

const ALWAYS: readonly ImageName[] = ['openclaw', 'litellm', 'redis', 'docker-socket-proxy'];

/** What a monitor's own programs are made of. */
export const watchImages = ({ monitoring }: Server): ImageName[] => [
  ...(['prometheus', 'alertmanager', 'blackbox-exporter', 'node-exporter'] as const),
  ...(monitoring?.grafana ? (['grafana'] as const) : []),
  ...(monitoring?.uptime_kuma ? (['uptime-kuma'] as const) : []),
];

/** Of the control plane, besides its worker, which clincher.yaml names. */
export const CONTROL_IMAGES = ['postgres', 'temporal-server', 'temporal-admin-tools', 'temporal-ui'] as const;

/** In a fixed order. A standby needs them before the day it takes over; a host without a stack runs none. */
export function imagesNeeded(server: Server): ImageName[] {
  const { role, stack, proxy, openclaw } = server;
  if (role === 'monitor')
    return [...(isMonitor(server) ? watchImages(server) : []), ...(server.control ? CONTROL_IMAGES : [])];
  if (!stack.enabled) return [];
  const wanted: readonly [ImageName, boolean][] = [
    ['egress', stack.egress.source === 'image'],
    ['caddy', proxy.kind === 'caddy' || isWatched(server)],
    ['cloudflared', proxy.kind === 'tunnel'],
    ['filebrowser', hasFilebrowser(server)],
    ['sandbox', openclaw.sandbox === 'docker'],
    ['node-exporter', isWatched(server)],
    ['redis-exporter', isWatched(server)],
  ];
  return [...ALWAYS, ...wanted.filter(([, isWanted]) => isWanted).map(([name]) => name)];
}

export interface ImageTag {
  repository: string;
  tag: string;
  /** Where the version itself says `@sha256:…`. */
  digest?: string | undefined;
}

export function imageTag({ repository, version }: ImageSettings): ImageTag {
  const [tag = '', digest] = version.split('@');
  return { repository, tag, ...(digest === undefined ? {} : { digest }) };
}

/** `repository:tag`, as the lock file names it. */
export const imageKey = ({ repository, tag }: ImageTag): string => `${repository}:${tag}`;

/** `repository:tag@sha256:…`: the digest decides, the tag is for the reader. */
export function pinned(server: Server, name: ImageName): string {
  const image = imageTag(server.stack.images[name]);
  const digest = image.digest ?? server.digests[name];
  if (digest !== undefined) return `${imageKey(image)}@${digest}`;
  throw new ClincherError('IMAGE_NOT_LOCKED', `${imageKey(image)} has no digest in clincher.lock.yaml.`);
}

/** Unpacked, in GiB, rounded up: what these images and their like were seen to take. What is built needs its tools too. */
const ROUGH_GIB: Record<ImageName, number> = {
  openclaw: 4,
  litellm: 2.5,
  redis: 1,
  'docker-socket-proxy': 0.1,
  egress: 0.3,
  caddy: 0.2,
  cloudflared: 0.2,
  filebrowser: 0.1,
  sandbox: 0.2,
  prometheus: 0.4,
  alertmanager: 0.1,
  grafana: 0.6,
  'uptime-kuma': 0.6,
  'blackbox-exporter': 0.1,
  'node-exporter': 0.1,
  'redis-exporter': 0.1,
  postgres: 0.5,
  'temporal-server': 0.4,
  'temporal-admin-tools': 0.4,
  'temporal-ui': 0.2,
};

/** Go's compiler, the source and the build cache, beside the image that comes of them. */
const BUILD_GIB = 3;

export const roughGib = ({ stack }: Pick<Server, 'stack'>, name: ImageName): number =>
  name === 'egress' && stack.egress.source === 'build' ? BUILD_GIB : ROUGH_GIB[name];
