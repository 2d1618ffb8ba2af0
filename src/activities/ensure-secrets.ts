// Makes the secrets that only servers use, where they are missing: each server's own, and those between monitor and watched.
import type { Server } from '../model.js';
import type { OptionalSecret } from '../secrets/internal.js';
import { hasFilebrowser } from '../stack/convenience.js';
import { partitionNames } from '../stack/partitions.js';
import { ownerOf } from '../stack/tokens.js';
import { isMonitor, isWatched, watchedBy } from '../stack/watched.js';
import type { Deps } from './deps.js';

const DOOR: readonly OptionalSecret[] = ['metrics_token', 'metrics_tls'];
const OWN: readonly OptionalSecret[] = ['grafana_password', 'kuma_password'];

type Pair = readonly [server: string, name: OptionalSecret];

const pairs = (server: string, names: readonly OptionalSecret[]): Pair[] =>
  names.map((name) => [server, name]);

/** Whoever of the two is set up first makes what both need. */
export const optionalSecrets = (server: Server): Pair[] => [
  ...(isWatched(server) ? pairs(server.name, DOOR) : []),
  ...(isMonitor(server) ? pairs(server.name, OWN) : []),
  ...(hasFilebrowser(server) ? pairs(ownerOf(server), ['filebrowser_password']) : []),
  ...(isMonitor(server) ? watchedBy(server).flatMap(({ name }) => pairs(name, DOOR)) : []),
];

/** The one that is meant, or all. */
const partitionsOf = (server: Server): string[] => {
  const { partition } = server.stack;
  return partition === undefined ? partitionNames(server) : [partition];
};

/** A monitor has no gateway, and none of a gateway's secrets. */
export async function ensureSecrets(
  { secrets }: Pick<Deps, 'secrets'>,
  { server }: { server: Server },
): Promise<{ created: string[] }> {
  const own = server.role === 'monitor' ? [] : await secrets.ensureInternal(server);
  for (const name of partitionsOf(server)) own.push(...(await secrets.ensurePartition(name, server)));
  const wanted = optionalSecrets(server);
  const more = wanted.length === 0 ? [] : await secrets.ensureOptional(wanted, server);
  return { created: [...own, ...more] };
}
