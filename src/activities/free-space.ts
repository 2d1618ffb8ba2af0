// How much is free where images and backups lie, as df says it: the same question before and after something is removed.
import { freeAt } from '../commands/prune.js';
import type { Server, Span } from '../model.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';

export async function freeSpace(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<{ bytes: number; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const free = freeAt('/var/lib/docker', server.stack.directory);
  const [reading] = await host.read([free.read], { signal });
  return { bytes: free.parse(reading!), remote: meter.spans };
}
