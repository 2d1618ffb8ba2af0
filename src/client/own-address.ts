// From where a server will see us: what can be known of it on this machine.
import { createSocket } from 'node:dgram';
import { isPrivate } from '../config/network.js';

/**
 * The address of the interface that leads to the server; nothing is sent. Behind address translation the server
 * sees another one, so a private address is no answer for a public server.
 */
export async function ownAddress(server: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const outgoing = await outgoingAddress(server).catch(() => undefined);
  if (outgoing !== undefined && (!isPrivate(outgoing) || isPrivate(server))) return outgoing;
  // Somebody who works over SSH here may run clincher at home later.
  const visitor = env['SSH_CONNECTION']?.split(' ')[0];
  return visitor !== undefined && visitor !== '' && !isPrivate(visitor) ? visitor : undefined;
}

function outgoingAddress(server: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(server.includes(':') ? 'udp6' : 'udp4');
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      socket.close();
      settle();
    };
    const timer = setTimeout(() => finish(() => reject(new Error('timed out'))), 2000);
    socket.on('error', (error) => finish(() => reject(error)));
    socket.connect(9, server, ((error?: Error) => {
      if (error) return finish(() => reject(error));
      const { address } = socket.address();
      finish(() => resolve(address));
    }) as () => void);
  });
}
