// What a host that somebody set up by hand has: every discovery in one round trip. Changes nothing.
import { DISCOVERIES } from '../discovery/index.js';
import type { Discovered, Fact, Reading, Server } from '../model.js';
import type { DiscoverResult } from './api-discover.js';
import type { Deps } from './deps.js';
import { value } from './evaluate.js';
import { Meter } from './host.js';

const TIMEOUT_MS = 60_000;

export async function discover(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<DiscoverResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const asked = DISCOVERIES.map((discovery) => ({
    discovery,
    facts: Object.entries<Fact<unknown>>(discovery.facts(server, host.via)),
  }));
  const commands = asked.flatMap(({ facts }) => facts.map(([, fact]) => fact.read));
  const readings = await host.read(commands, { timeoutMs: TIMEOUT_MS, signal });
  const discovered: Discovered = { found: [], unknown: [] };
  for (const { discovery, facts } of asked) {
    const own = readings.splice(0, facts.length);
    try {
      discovered.found.push(...discovery.found(valuesOf(facts, own), server, host.via));
    } catch (error) {
      discovered.unknown.push(`${discovery.id}: ${(error as Error).message}`);
    }
  }
  return { discovered, remote: meter.spans };
}

const valuesOf = (facts: readonly [string, Fact<unknown>][], readings: readonly Reading[]) =>
  Object.fromEntries(facts.map(([name, fact], i) => [name, value(fact, readings[i], name)]));
