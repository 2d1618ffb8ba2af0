// Hosts for real: keys from where the configuration says, one pool for the whole worker.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { ClincherError } from '../errors.js';
import type { Server, SshEndpoint } from '../model.js';
import type { Hosts, Secrets } from './deps.js';
import { Host, type Meter } from './host.js';
import { Pool, type PoolDeps } from './pool.js';
import type { Credentials, Session } from './ssh.js';

export class PooledHosts implements Hosts {
  readonly #pool: Pool;

  constructor(
    private readonly secrets: Secrets,
    /** Names this control plane: what it begins on a host that another one has adopted is refused there. */
    private readonly plane?: string,
    pace: Pick<PoolDeps, 'book' | 'sleep'> = {},
  ) {
    this.#pool = new Pool({ credentials: (server) => this.#credentials(server), ...pace });
  }

  async open(server: Server, meter: Meter): Promise<Host> {
    const session = await this.session(server);
    return new Host(
      session,
      () => this.session(server),
      server,
      await this.sudoPassword(server),
      meter,
      this.plane,
    );
  }

  isSilent(server: Server): Promise<boolean> {
    return this.#pool.isSilent(server);
  }

  /** The pooled connection itself, for whoever sits at it. */
  session(server: Server): Promise<Session> {
    return this.#pool.session(server);
  }

  async sudoPassword(server: Server): Promise<string | undefined> {
    const { sudo_password: ref } = server.ssh;
    return ref === undefined ? undefined : this.secrets.reveal(ref, server);
  }

  async prove(server: Server, endpoint: SshEndpoint): Promise<void> {
    await (await this.#pool.login(server, endpoint)).exec('true', { stdin: '', timeoutMs: 10_000 });
  }

  drop(server: Server): void {
    this.#pool.drop(server);
  }

  close(): void {
    this.#pool.close();
  }

  async #credentials(server: Server): Promise<Credentials> {
    const { identity_file: file, identity_passphrase: ref, agent, authorized_keys: offer } = server.ssh;
    const socket = process.env['SSH_AUTH_SOCK'];
    return {
      offer,
      privateKey: file === undefined ? undefined : await readKey(file, server),
      passphrase: ref === undefined ? undefined : await this.secrets.reveal(ref, server),
      agentSocket: agent && socket ? socket : undefined,
    };
  }
}

async function readKey(file: string, server: Server): Promise<string> {
  const path = file.replace(/^~(?=\/)/, homedir());
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ClincherError(
      'AUTH_REFUSED',
      `the private key ${file} of ${server.name} cannot be read: ${(error as Error).message}`,
      {
        remedy: [`set servers.${server.name}.ssh.identity_file in clincher.yaml`],
      },
    );
  }
}
