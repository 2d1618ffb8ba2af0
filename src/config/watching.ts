// Introduces servers to each other: a monitor learns whom it watches, a watched server where its monitor comes from.
import type { Server, Watched } from '../model.js';
import { isWatched } from '../stack/watched.js';
import { isAddress } from './network.js';

export function introduced(servers: readonly Server[]): Server[] {
  return servers.map((server) => {
    if (server.role === 'monitor') return { ...server, watched: watchedBy(server.name, servers) };
    return isWatched(server) ? withSources(server, servers) : server;
  });
}

const watchedBy = (monitor: string, servers: readonly Server[]): Watched[] =>
  servers
    .filter((each) => isWatched(each) && each.monitoring?.monitor === monitor)
    .map((each) => ({
      name: each.name,
      address: each.monitoring?.address ?? each.address,
      port: each.monitoring?.port ?? 0,
      ...(each.proxy.domain === undefined ? {} : { domain: each.proxy.domain }),
      isInternal: each.proxy.tls === 'internal',
    }));

function withSources(server: Server, servers: readonly Server[]): Server {
  const { monitoring } = server;
  const address = servers.find(({ name }) => name === monitoring?.monitor)?.address ?? '';
  if (monitoring === undefined || monitoring.from.length > 0 || !isAddress(address)) return server;
  return { ...server, monitoring: { ...monitoring, from: [address] } };
}
