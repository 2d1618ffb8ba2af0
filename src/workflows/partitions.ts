// How a run looks at its server as one of its partitions: activities plan for what this view names (src/stack/partitions.ts).
import type { Server } from '../model.js';
import type { View } from './story.js';

/** Checklists that every gateway has; the others are of the host. */
const OF_A_GATEWAY = ['stack', 'harden.openclaw', 'services'];

export const asPartition =
  (name: string): View =>
  (server) => ({ ...server, stack: { ...server.stack, partition: name } });

/** Work on the server's own gateway alone: the others are there, have their share of the host and of each backup, and stay as they are. */
export const alone = (server: Server): Server =>
  server.partitions === undefined ? server : { ...server, stack: { ...server.stack, is_alone: true } };

export const without =
  (name: string): View =>
  ({ partitions = {}, ...server }) => {
    const rest = Object.entries(partitions).filter(([each]) => each !== name);
    return { ...server, partitions: Object.fromEntries(rest) };
  };

export const partitionsOf = ({ partitions = {} }: Server): string[] => Object.keys(partitions);

/** Whose turn it is after the server's own; none where this is a view of one already, or only a copy that is tried. */
export function partitionsIn(server: Server, checklist: string): string[] {
  const { stack } = server;
  const isOne = stack.partition !== undefined || stack.is_trial || stack.is_alone;
  if (!OF_A_GATEWAY.includes(checklist) || isOne) return [];
  return partitionsOf(server);
}

/** The host has to hold all of its gateways, whichever of them is worked on. */
export const wholeOf = ({ stack: { partition: _, ...stack }, ...server }: Server): Server => ({
  ...server,
  stack,
});

/** Whose survey a look at a checklist is: `only` names one partition, where it is of gateways at all. */
export function gatewaysOf(server: Server, checklist: string, only: string | undefined): Server[] {
  if (only !== undefined && OF_A_GATEWAY.includes(checklist)) return [asPartition(only)(server)];
  return [server, ...partitionsIn(server, checklist).map((name) => asPartition(name)(server))];
}
