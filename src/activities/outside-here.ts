// A look at a server from the worker's own machine, where the inventory has no other vantage: the same answers as commands/outside.ts.
import { request } from 'node:https';
import { connect } from 'node:net';
import { checkServerIdentity, type PeerCertificate, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Certificate, From, OutsideAsk, OutsideNow } from '../commands/outside.js';

type Web = NonNullable<OutsideAsk['web']>;

export async function lookFromHere(ask: OutsideAsk, from: From): Promise<OutsideNow> {
  const knocks = Promise.all(ask.ports.map(async (port) => [port, await knock(ask.address, port)] as const));
  const [ports, ofWeb] = await Promise.all([knocks, ask.web && lookAt(ask.web)]);
  return { from, ports: Object.fromEntries(ports), ...ofWeb };
}

async function lookAt(web: Web): Promise<Pick<OutsideNow, 'certificate' | 'anonymous'>> {
  const [found, said] = await Promise.all([attempt(certificate(web)), attempt(anonymous(web))]);
  return { certificate: found, anonymous: said };
}

const attempt = <T>(work: Promise<T>): Promise<T | { error: string }> =>
  work.catch((error: Error) => ({ error: error.message || 'without a reason' }));

/** Who is there answers a connection in this time: it was asked for three times by then (commands/outside.ts). */
export const CONNECT_MS = 3_500;

const REFUSALS = ['ECONNREFUSED', 'ECONNRESET'];

type Knocked = 'open' | 'refused' | 'silent';

export function knock(host: string, port: number, timeoutMs = 2_500): Promise<Knocked> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (said: Knocked): void => {
      socket.destroy();
      resolve(said);
    };
    socket.once('connect', () => end('open'));
    socket.once('timeout', () => end('silent'));
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) =>
      end(REFUSALS.includes(code) ? 'refused' : 'silent'),
    );
  });
}

/** The handshake of one that is busy, and its answer, take longer than the connection. */
const [HANDSHAKE_MS, ANSWER_MS] = [8_000, 15_000];

/** Whether the certificate is any good is asked apart. */
function connected({ host, port, name }: Web): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      ...{ host, port, servername: name },
      rejectUnauthorized: false,
      timeout: CONNECT_MS,
    });
    socket.once('connect', () => socket.setTimeout(HANDSHAKE_MS));
    socket.once('secureConnect', () => resolve(socket));
    socket.once('timeout', () => socket.destroy(new Error('timed out')));
    socket.once('error', reject);
  });
}

async function certificate(web: Web): Promise<Certificate> {
  const socket = await connected(web);
  const found = described(socket, web.name);
  socket.destroy();
  return found;
}

function described(socket: TLSSocket, name: string): Certificate {
  const found: PeerCertificate = socket.getPeerCertificate();
  const now = Date.now();
  // A name that does not fit is said apart; what is left is whether anybody vouches for it.
  const why = String(socket.authorizationError ?? '');
  const isTrusted = socket.authorized || why === 'ERR_TLS_CERT_ALTNAME_INVALID';
  return {
    coversName: checkServerIdentity(name, found) === undefined,
    isCurrent: Date.parse(found.valid_from) <= now && now < Date.parse(found.valid_to),
    isTrusted,
    ...(isTrusted ? {} : { why }),
    issuer: String(found.issuer?.CN ?? found.issuer?.O ?? ''),
    until: found.valid_to,
  };
}

/** What matters here is who is let in. */
async function anonymous(web: Web): Promise<{ status: number }> {
  const socket = (await connected(web)).setTimeout(0);
  const body = '{"tool":"sessions_list","args":{}}';
  const headers = { host: web.name, 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const asking = request(
      { createConnection: () => socket, headers, method: 'POST', path: '/tools/invoke', timeout: ANSWER_MS },
      (answer) => {
        resolve({ status: answer.statusCode ?? 0 });
        socket.destroy();
      },
    );
    asking.once('timeout', () => asking.destroy(new Error('timed out')));
    asking.once('error', reject);
    asking.end(body);
  });
}
