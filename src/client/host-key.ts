// Fetches a server's host keys without logging in, so that a person can compare and pin them.
import { createHash } from 'node:crypto';
import ssh2, { type ServerHostKeyAlgorithm } from 'ssh2';
import { ClincherError } from '../errors.js';

export interface HostKey {
  /** `ssh-ed25519` */
  type: string;
  /** `SHA256:…`, as `ssh-keygen -lf` prints it. */
  fingerprint: string;
}

/** A server shows one key a connection: the one that the client asks for. */
const ALGORITHMS: readonly ServerHostKeyAlgorithm[][] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
];

export interface ScanOptions {
  /** For each of three connections. */
  timeoutMs?: number;
}

export async function scanHostKeys(
  address: string,
  port: number,
  { timeoutMs = 5000 }: ScanOptions = {},
): Promise<HostKey[]> {
  const found: HostKey[] = [];
  // One after the other: a rate-limited SSH port must not see a burst.
  for (const algorithms of ALGORITHMS) {
    const key = await fetchKey(address, port, algorithms, timeoutMs);
    if (key !== undefined) found.push(describe(key));
  }
  if (found.length > 0) return found;
  throw unreachable(address, port, 'offers no kind of host key that OpenSSH still uses');
}

/** `undefined`: the server has no key of these kinds. */
function fetchKey(
  host: string,
  port: number,
  serverHostKey: ServerHostKeyAlgorithm[],
  timeoutMs: number,
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let key: Buffer | undefined;
    const hostVerifier = (shown: Buffer): boolean => {
      key = shown;
      return false; // Seen enough: nothing is proved to this server, not even who we are.
    };
    const timer = setTimeout(() => finish(new Error('timed out')), timeoutMs);
    const finish = (error?: Error & { code?: string }): void => {
      clearTimeout(timer);
      client.destroy();
      if (key !== undefined || isNoSuchKey(error)) resolve(key);
      else reject(unreachable(host, port, reason(error)));
    };
    // Stays: a socket may fail once more after we turned away, and nobody else listens.
    client.on('error', finish).on('close', () => finish());
    client.connect({
      host,
      port,
      username: 'nobody',
      hostVerifier,
      readyTimeout: 0,
      algorithms: { serverHostKey },
    });
  });
}

const isNoSuchKey = (error: Error | undefined): boolean =>
  /no matching host key format/i.test(error?.message ?? '');

function describe(key: Buffer): HostKey {
  const type = key.toString('latin1', 4, 4 + key.readUInt32BE(0));
  const hash = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
  return { type: type.replace(/[^\w@.-]/g, '?'), fingerprint: `SHA256:${hash}` };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no SSH server answered in time',
  ECONNRESET: 'it closed the connection',
};

function reason(error: (Error & { code?: string }) | undefined): string {
  if (error === undefined) return 'it closed the connection';
  if (/timed out/i.test(error.message)) return 'no SSH server answered in time';
  return REASONS[error.code ?? ''] ?? 'it does not speak SSH';
}

function unreachable(address: string, port: number, why: string): ClincherError {
  return new ClincherError(
    'UNREACHABLE',
    `The host keys of ${address} port ${port} could not be read: ${why}.`,
    {
      remedy: [
        'check the address, the port and the provider’s firewall',
        `ssh-keyscan -p ${port} ${address}`,
      ],
    },
  );
}
