// Whose process is at the other end of a connection on this machine: loopback alone keeps no other user out.
import { readFileSync } from 'node:fs';

/** True when it is this user's or root's, and where the kernel does not tell (not Linux). */
export function isOurs(clientPort: number, serverPort: number, uid = process.getuid?.()): boolean {
  if (process.platform !== 'linux' || uid === undefined) return true;
  const peer = uidOf(readFileSync('/proc/net/tcp', 'utf8'), clientPort, serverPort);
  return peer === uid || peer === 0;
}

/** A row of /proc/net/tcp: number, local address, remote address, state, queues, timer, retransmits, uid. */
export function uidOf(table: string, localPort: number, remotePort: number): number | undefined {
  const [local, remote] = [loopback(localPort), loopback(remotePort)];
  for (const line of table.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields[1] === local && fields[2] === remote) return Number(fields[7]);
  }
  return undefined;
}

const loopback = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
