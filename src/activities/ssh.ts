// The seam to node-ssh, and its only importer: pinned host keys, deadlines, and a lost connection that says so.
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { NodeSSH } from 'node-ssh';
import { ClincherError } from '../errors.js';
import type { SshEndpoint } from '../model.js';
import { SelectiveAgent } from './agent.js';
import { attach, type Streams } from './ssh-channel.js';

export interface Credentials {
  /** PEM or OpenSSH text of a private key. */
  privateKey?: string | undefined;
  passphrase?: string | undefined;
  /** Socket of an SSH agent. */
  agentSocket?: string | undefined;
  /** Public keys that the agent may offer. */
  offer: readonly string[];
}

export interface ExecOptions {
  stdin: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  onOutput?: ((chunk: string) => void) | undefined;
}

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
  durationMs: number;
}

export interface Session {
  readonly endpoint: SshEndpoint;
  readonly alive: boolean;
  exec(command: string, options: ExecOptions): Promise<ExecResult>;
  /** A command, or the user's shell, joined to streams here until it ends; its exit status. No deadline: a person is there. */
  attach(command: string | undefined, streams: Streams): Promise<number>;
  /** A TCP stream from this host to another, for jump hosts. */
  forward(address: string, port: number): Promise<Duplex>;
  close(): void;
  /** Closes once nothing runs on it any more. */
  retire(): void;
}

export interface ConnectOptions {
  timeoutMs: number;
  through?: Session | undefined;
}

/** As `ssh-keygen -lf` prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/**
 * Opens a connection. Throws UNREACHABLE, AUTH_REFUSED or HOST_KEY_MISMATCH.
 * node-ssh 13.2.1 by itself accepts any host key, dies of a reset and waits for ever: each is repaired in this file.
 */
export async function connect(
  endpoint: SshEndpoint,
  credentials: Credentials,
  options: ConnectOptions,
): Promise<Session> {
  const ssh = new NodeSSH();
  const sock = await options.through?.forward(endpoint.address, endpoint.port);
  const seen: { hostKey?: string } = {};
  const verify = (key: Buffer): boolean => {
    seen.hostKey = fingerprint(key);
    return endpoint.host_keys.includes(seen.hostKey);
  };
  try {
    await ssh.connect({
      ...settings(endpoint, credentials, options),
      hostVerifier: verify,
      ...(sock ? { sock } : {}),
    });
  } catch (error) {
    ssh.connection?.on('error', () => {});
    ssh.dispose();
    throw explain(error as SshError, endpoint, seen.hostKey);
  }
  return new NodeSshSession(endpoint, ssh);
}

function settings(endpoint: SshEndpoint, credentials: Credentials, { timeoutMs }: ConnectOptions) {
  const { privateKey, passphrase, agentSocket, offer } = credentials;
  return {
    host: endpoint.address,
    port: endpoint.port,
    username: endpoint.user,
    readyTimeout: timeoutMs,
    keepaliveInterval: 5_000,
    keepaliveCountMax: 3,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(agentSocket === undefined ? {} : { agent: new SelectiveAgent(agentSocket, offer) }),
  };
}

interface SshError extends Error {
  level?: string;
  code?: string;
}

const at = ({ user, address, port }: SshEndpoint): string => `${user}@${address}:${port}`;

function explain(error: SshError, endpoint: SshEndpoint, shown: string | undefined): ClincherError {
  if (shown !== undefined && !endpoint.host_keys.includes(shown)) return mismatch(endpoint, shown);
  if (error.level === 'client-authentication')
    return new ClincherError('AUTH_REFUSED', `${at(endpoint)} refused the key`, { cause: error });
  if (/passphrase|parse|privateKey/i.test(error.message) && shown === undefined && error.level === undefined)
    return new ClincherError('AUTH_REFUSED', `the private key cannot be used: ${error.message}`, {
      cause: error,
    });
  return new ClincherError('UNREACHABLE', `${at(endpoint)}: ${error.message}`, { cause: error });
}

function mismatch(endpoint: SshEndpoint, shown: string): ClincherError {
  const pinned = endpoint.host_keys.length > 0 ? endpoint.host_keys : ['(none)'];
  return new ClincherError('HOST_KEY_MISMATCH', `${at(endpoint)} showed a host key that is not pinned`, {
    evidence: [`shown:  ${shown}`, ...pinned.map((key) => `pinned: ${key}`)],
  });
}

class NodeSshSession implements Session {
  #alive = true;
  #busy = 0;
  #retired = false;
  readonly #lost = new AbortController();

  constructor(
    readonly endpoint: SshEndpoint,
    private readonly ssh: NodeSSH,
  ) {
    // Permanent: node-ssh removes its own listener once it is ready, and a reset would then end the process.
    ssh.connection?.on('error', () => this.#lose());
    ssh.connection?.on('close', () => this.#lose());
    ssh.connection?.setNoDelay(true);
  }

  get alive(): boolean {
    return this.#alive;
  }

  #lose(): void {
    this.#alive = false;
    this.#lost.abort();
  }

  async exec(command: string, options: ExecOptions): Promise<ExecResult> {
    if (!this.#alive) throw this.#hostLost('the connection is closed');
    const started = Date.now();
    const channel: { close?: () => void } = {};
    const stop = new AbortController();
    this.#busy += 1;
    try {
      const result = await Promise.race([
        this.#start(command, options, channel),
        this.#interrupted(options, stop.signal),
      ]);
      if (result.code === null) throw this.#hostLost('the command ended without an exit code');
      return {
        code: result.code,
        stdout: utf8(result.stdout),
        stderr: utf8(result.stderr),
        durationMs: Date.now() - started,
      };
    } catch (error) {
      channel.close?.();
      throw error instanceof ClincherError || options.signal?.aborted
        ? error
        : this.#hostLost((error as Error).message);
    } finally {
      stop.abort();
      this.#busy -= 1;
      if (this.#retired) this.retire();
    }
  }

  /** Bytes are kept one to a character, since a chunk may end inside a UTF-8 sequence. */
  #start(command: string, { stdin, onOutput }: ExecOptions, channel: { close?: () => void }) {
    return this.ssh.execCommand(command, {
      stdin,
      noTrim: true,
      encoding: 'latin1',
      onChannel: (opened) => {
        opened.on('error', () => {});
        channel.close = () => opened.close();
      },
      ...(onOutput ? { onStdout: (chunk: Buffer) => onOutput(chunk.toString('utf8')) } : {}),
    });
  }

  /** Never resolves: rejects at the deadline, when the caller gives up, or when the connection breaks. */
  #interrupted({ timeoutMs, signal }: ExecOptions, stop: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const timer = setTimeout(() => reject(this.#deadline(timeoutMs)), timeoutMs);
      const lost = () => reject(this.#hostLost('the connection broke'));
      const cancelled = () => reject(signal?.reason as Error);
      stop.addEventListener('abort', () => {
        clearTimeout(timer);
        this.#lost.signal.removeEventListener('abort', lost);
        signal?.removeEventListener('abort', cancelled);
      });
      this.#lost.signal.addEventListener('abort', lost);
      signal?.addEventListener('abort', cancelled);
    });
  }

  #hostLost(why: string): ClincherError {
    return new ClincherError('HOST_LOST', `${at(this.endpoint)}: ${why}`);
  }

  #deadline(timeoutMs: number): ClincherError {
    return new ClincherError(
      'DEADLINE',
      `${at(this.endpoint)}: no answer within ${Math.round(timeoutMs / 1000)} s`,
    );
  }

  async attach(command: string | undefined, streams: Streams): Promise<number> {
    const client = this.ssh.connection;
    if (!this.#alive || client === null) throw this.#hostLost('the connection is closed');
    const code = await Promise.race([attach(client, command, streams), this.#broken()]);
    if (code === undefined) throw this.#hostLost('it ended without an exit code');
    return code;
  }

  #broken(): Promise<undefined> {
    return new Promise((resolve) =>
      this.#lost.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
    );
  }

  forward(address: string, port: number): Promise<Duplex> {
    return this.ssh.forwardOut('127.0.0.1', 0, address, port);
  }

  retire(): void {
    this.#retired = true;
    if (this.#busy === 0) this.close();
  }

  close(): void {
    this.#lose();
    this.ssh.dispose();
  }
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
