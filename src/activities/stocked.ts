// Fills in the contents that steps plan with: fetched when they are first wanted, and known by their commit from then on.
import type { AnyStep, Server } from '../model.js';
import { libraryOf, type PinStore } from '../pins/library.js';
import { isWanted } from './evaluate.js';

/** A source that does not answer leaves its steps unknown, and only where the host does not already have what was read. */
export async function stocked(store: PinStore, server: Server, steps: readonly AnyStep[]): Promise<Server> {
  const pins = steps.flatMap((step) => (isWanted(step, server) ? (step.pins?.(server) ?? []) : []));
  if (pins.length === 0) return server;
  return { ...server, library: await libraryOf(store, pins) };
}
