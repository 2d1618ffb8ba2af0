// What a host that somebody set up by hand has: every discovery in one round trip. Changes nothing.
import { DISCOVERIES } from '../discovery/index.js';
import type { Fact, Found, Left, Reading, Server } from '../model.js';
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
  const found: Found[] = [];
  const left: Left[] = [];
  const unknown: string[] = [];
  for (const { discovery, facts } of asked) {
    const own = readings.splice(0, facts.length);
    try {
      const values = valuesOf(facts, own);
      found.push(...discovery.found(values, server, host.via));
      left.push(...(discovery.left?.(values, server, host.via) ?? []));
    } catch (error) {
      unknown.push(`${discovery.id}: ${(error as Error).message}`);
    }
  }
  return { discovered: { found, left, unknown }, remote: meter.spans };
}

const valuesOf = (facts: readonly [string, Fact<unknown>][], readings: readonly Reading[]) =>
  Object.fromEntries(facts.map(([name, fact], i) => [name, value(fact, readings[i], name)]));
