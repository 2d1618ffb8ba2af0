// Limits that are computed of what a host has: a run looks at it once, before it plans, and goes on with that.
import type { Server } from '../model.js';
import { reads } from './activities.js';

export const isSized = ({ role, stack }: Server): boolean =>
  stack.tier === 'auto' && stack.enabled && role !== 'monitor';

/** For what only looks. */
export async function sized(server: Server): Promise<Server> {
  if (!isSized(server)) return server;
  const { machine } = await reads.sizeOf({ server });
  return { ...server, machine };
}
