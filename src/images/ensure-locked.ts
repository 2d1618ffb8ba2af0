// Before a run: every image that its servers need has a digest, or nothing is started.
import { type Config, loadConfig, resolveServer } from '../config/load.js';
import { LOCK_NAME } from '../config/lock.js';
import type { Server } from '../model.js';
import { lockImages } from './lock-images.js';

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  err(text: string): void;
}

/** The configuration with the digests filled in; the servers in it replace those that were given. */
export async function ensureLocked(io: Place, config: Config, servers: readonly Server[]): Promise<Config> {
  const { env, cwd } = io;
  const { images } = await lockImages({ config, servers, env, cwd, now: new Date(), strict: true });
  const added = images.filter(({ before }) => before === undefined).length;
  if (added > 0) io.err(`Locked ${added} image${added === 1 ? '' : 's'} into ${LOCK_NAME}\n`);
  return loadConfig(config.path, io);
}

/** The same servers, as a configuration that was loaded again has them. */
export const refreshed = (config: Config, servers: readonly Server[]): Server[] =>
  servers.map(({ name }) => resolveServer(config, name));
