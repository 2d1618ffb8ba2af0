// Which gateway of a server a command is about: its own, or that of a partition.
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { partitionOf } from '../stack/partitions.js';
import { hasStack, runsServices } from '../workflows/catalog.js';

export interface OfPartition {
  partition?: string;
}

export const hasGateway = (server: Server): boolean => runsServices(server) && hasStack(server);

/** The server as the partition’s gateway sees it. Throws where there is no gateway at all. */
export function gatewayView(server: Server, partition: string | undefined): Server {
  if (!hasGateway(server))
    throw new ClincherError('USAGE', `${server.name} runs no gateway.`, {
      remedy: ['clincher config show'],
    });
  return partition === undefined ? server : partitionOf(server, partition);
}
