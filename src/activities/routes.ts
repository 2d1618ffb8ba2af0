// The ways in to a server, in the order to try them: ours first, then the ways of a server that nobody touched yet.
import type { Server, SshEndpoint } from '../model.js';

/**
 * A host may be hardened, bare, or half-way (port moved and no user yet; user there and port not moved),
 * so every pair of user and port is a candidate and only a real login proves one (peers M1, M2, M5).
 */
export function routes(server: Server): SshEndpoint[] {
  const { user, port, first_contact: first, host_keys } = server.ssh;
  const pairs: [string, number][] = [
    [user, port],
    [first.user, first.port],
    [user, first.port],
    [first.user, port],
  ];
  const seen = new Set<string>();
  return pairs
    .filter(([u, p]) => !seen.has(`${u}:${p}`) && seen.add(`${u}:${p}`))
    .map(([u, p]) => ({ address: server.address, port: p, user: u, host_keys }));
}
