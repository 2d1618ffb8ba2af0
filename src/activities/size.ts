// How much memory and how many processors a host has: what `stack.tier: auto` is computed of. Changes nothing.
import * as machine from '../commands/machine.js';
import type { Machine, Server, Span } from '../model.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';

const LOOK_MS = 60_000;

export async function sizeOf(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<{ machine: Machine; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const [memory, cpus] = await host.read([machine.memory.read, machine.cpus.read], {
    timeoutMs: LOOK_MS,
    signal,
  });
  const found = { memory: machine.memory.parse(memory!), cpus: machine.cpus.parse(cpus!) };
  return { machine: found, remote: meter.spans };
}
