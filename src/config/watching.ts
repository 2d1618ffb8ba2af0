// Introduces servers to each other: a monitor learns whom it watches, a watched server where its monitor comes from, all whose bots are taken.
import type { Server, Watched } from '../model.js';
import { botsOf } from '../stack/partitions.js';
import { isWatched } from '../stack/watched.js';
import { isAddress } from './network.js';

export function introduced(servers: readonly Server[]): Server[] {
  return servers.map((each) => {
    const server = withBots(each, servers);
    if (server.role === 'monitor') return { ...server, watched: watchedBy(server.name, servers) };
    return isWatched(server) ? withSources(server, servers) : server;
  });
}

/** A standby holds its primary's, in its place. */
function withBots(server: Server, servers: readonly Server[]): Server {
  const others = servers.filter((each) => each.name !== server.name && each.role === 'primary');
  const bots = server.standby_for === undefined ? others.flatMap(botsOf) : [];
  return bots.length === 0 ? server : { ...server, bots };
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
