// The floor: the very probe scripts of both checklists over one warm SSH connection, with nothing of clincher around them.
import { readFileSync } from 'node:fs';
import { Client } from 'ssh2';
import { checklist } from '../src/activities/checklists.js';
import { CONTEXT, commandsOf } from '../src/activities/evaluate.js';
import { render, surveyScript } from '../src/activities/script.js';
import type { Server } from '../src/model.js';

export const CHECKLISTS = ['base', 'harden.host'] as const;

/** As Host.read() sends it: equal commands once. */
export function probeScript(server: Server, id: string): string {
  const commands = [...CONTEXT, ...commandsOf(checklist(id), server)].map(render);
  return surveyScript([...new Set(commands)], 'b3nc4');
}

export class WarmConnection {
  private constructor(private readonly client: Client) {}

  static async open({ address, ssh }: Server): Promise<WarmConnection> {
    const client = new Client();
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve).once('error', reject);
      client.connect({
        host: address,
        port: ssh.port,
        username: ssh.user,
        privateKey: readFileSync(ssh.identity_file!),
        // Without it a session that idles through a slow peer would be closed by sshd.
        keepaliveInterval: 5_000,
      });
    });
    client.setNoDelay(true);
    return new WarmConnection(client);
  }

  /** Milliseconds from sending a script to the end of its answer. */
  run(script: string): Promise<number> {
    const began = performance.now();
    return new Promise((resolve, reject) =>
      this.client.exec('sudo -n sh -s', (error, channel) => {
        if (error) return reject(error);
        channel.on('close', () => resolve(performance.now() - began));
        channel.resume().stderr.resume();
        channel.end(script);
      }),
    );
  }

  close(): void {
    this.client.end();
  }
}

/** Both checklists, one after the other, as a run reads them. */
export async function floorMs(connection: WarmConnection, server: Server): Promise<number> {
  let total = 0;
  for (const id of CHECKLISTS) total += await connection.run(probeScript(server, id));
  return total;
}
