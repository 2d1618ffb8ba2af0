// Before a run, or a plan of one: every image that its servers need has a digest, or nothing is started.
import { type Config, loadConfig, resolveServer } from '../config/load.js';
import { digestsOf, LOCK_NAME } from '../config/lock.js';
import type { Server } from '../model.js';
import { type LockedImage, lockImages } from './lock-images.js';

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  err(text: string): void;
}

/** The configuration and these servers of it, with the digests filled in. */
export async function ensureLocked(
  io: Place,
  config: Config,
  servers: readonly Server[],
): Promise<{ config: Config; servers: Server[] }> {
  const { env, cwd } = io;
  const { images } = await lockImages({ config, servers, env, cwd, now: new Date(), strict: true });
  const added = countNew(images);
  if (added > 0) io.err(`Locked ${plural(added)} into ${LOCK_NAME}\n`);
  const locked = loadConfig(config.path, io);
  return { config: locked, servers: servers.map(({ name }) => resolveServer(locked, name)) };
}

/** The same servers with the digests that a run would lock now. Nothing is written: a plan leaves no trace. */
export async function plannedDigests(
  io: Place,
  config: Config,
  servers: readonly Server[],
): Promise<Server[]> {
  const { env, cwd } = io;
  const work = { config, servers, env, cwd, now: new Date(), strict: true, dry: true };
  const { images } = await lockImages(work);
  const added = countNew(images);
  if (added > 0)
    io.err(`Not locked yet: ${plural(added)}; planned with what the tags mean now, which a run will lock\n`);
  const lock = Object.fromEntries(images.map(({ image, entry }) => [image.key, entry]));
  return servers.map((server) => ({
    ...server,
    digests: { ...server.digests, ...digestsOf(lock, server.stack) },
  }));
}

const countNew = (images: readonly LockedImage[]): number =>
  images.filter(({ before }) => before === undefined).length;

const plural = (count: number): string => `${count} image${count === 1 ? '' : 's'}`;
