// What an upgrade of one image is on this very server: what runs now, what is to run, and what must be kept for the way back.
import type { ImageName, RunningImage, RunningImages, Server, Swap } from '../model.js';
import { imagesNeeded, imageTag } from './images.js';
import type { ServiceName } from './limits.js';
import { type StackService, services } from './services.js';

/** The sandbox is no service: whoever starts one gets the image that is there. */
const SERVICE_OF: Partial<Record<ImageName, ServiceName>> = {
  openclaw: 'openclaw',
  litellm: 'litellm',
  redis: 'redis',
  'docker-socket-proxy': 'docker-proxy',
  egress: 'openclaw-egress',
  caddy: 'caddy',
  cloudflared: 'cloudflared',
  filebrowser: 'filebrowser',
};

/** What a service writes in a form of its own; Caddy's certificates have had theirs for years. */
const FOLDERS: Partial<Record<ImageName, string[]>> = { openclaw: ['data'], redis: ['cache'] };

/** Those of this server that an upgrade can swap. */
export const swappable = (server: Server): ImageName[] =>
  imagesNeeded(server).filter((name) => SERVICE_OF[name] !== undefined);

interface Running {
  name: string;
  image: string;
}

/** Undefined: the service does not run, or not from an image with a digest, so that nothing could be gone back to. */
export function plannedSwap(
  server: Server,
  image: ImageName,
  there: readonly Running[],
  rehearsal: string,
): Swap | undefined {
  const before = running(server, there);
  const service = serviceOf(server, image);
  const [was, next] = [before[image], wanted(server, image)];
  if (service === undefined || was === undefined || next === undefined) return undefined;
  return {
    ...{ image, service: service.service, container: service.container },
    ...named(was, next),
    ...{ before, after: { ...before, [image]: next }, folders: FOLDERS[image] ?? [], rehearsal },
    others: differing(server, before).filter((name) => name !== image),
  };
}

const serviceOf = (server: Server, image: ImageName): StackService | undefined =>
  services(server).find(({ service }) => service === SERVICE_OF[image]);

function running(server: Server, there: readonly Running[]): RunningImages {
  const found = swappable(server).flatMap((name) => {
    const container = serviceOf(server, name)?.container;
    const seen = parsed(there.find((each) => each.name === container)?.image ?? '');
    return seen === undefined ? [] : [[name, seen] as const];
  });
  return Object.fromEntries(found);
}

function parsed(text: string): RunningImage | undefined {
  const [, repository, version, digest] = /^(.+):([^:@/]+)@(sha256:[0-9a-f]{64})$/.exec(text) ?? [];
  if (repository === undefined || version === undefined || digest === undefined) return undefined;
  return { repository, version, digest };
}

function wanted(server: Server, name: ImageName): RunningImage | undefined {
  const { repository, tag, digest = server.digests[name] } = imageTag(server.stack.images[name]);
  return digest === undefined ? undefined : { repository, version: tag, digest };
}

const short = ({ version, digest }: RunningImage): string => `${version} (${digest.slice(7, 15)})`;

const named = (was: RunningImage, next: RunningImage): Pick<Swap, 'from' | 'to'> =>
  was.version === next.version
    ? { from: short(was), to: short(next) }
    : { from: was.version, to: next.version };

const differing = (server: Server, before: RunningImages): ImageName[] =>
  swappable(server).filter((name) => {
    const [was, next] = [before[name], wanted(server, name)];
    return was !== undefined && next !== undefined && was.digest !== next.digest;
  });
