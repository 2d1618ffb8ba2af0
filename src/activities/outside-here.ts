// A look at a server from the worker's own machine, where the inventory has no other vantage: the same answers as commands/outside.ts.
import { request } from 'node:https';
import { connect } from 'node:net';
import { checkServerIdentity, type PeerCertificate, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Certificate, From, OutsideAsk, OutsideNow } from '../commands/outside.js';

type Web = NonNullable<OutsideAsk['web']>;

export async function lookFromHere(ask: OutsideAsk, from: From): Promise<OutsideNow> {
  const ports = Promise.all(ask.ports.map(async (port) => [port, await knock(ask.address, port)] as const));
  const { web } = ask;
  return {
    from,
    ports: Object.fromEntries(await ports),
    ...(web
      ? { certificate: await attempt(certificate(web)), anonymous: await attempt(anonymous(web)) }
      : {}),
  };
}

const attempt = <T>(work: Promise<T>): Promise<T | { error: string }> =>
  work.catch((error: Error) => ({ error: error.message || 'without a reason' }));

const REFUSALS = ['ECONNREFUSED', 'ECONNRESET'];

function knock(host: string, port: number): Promise<'open' | 'refused' | 'silent'> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_500 });
    const end = (said: 'open' | 'refused' | 'silent'): void => {
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

function certificate({ host, port, name }: Web): Promise<Certificate> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ host, port, servername: name, rejectUnauthorized: false, timeout: 8_000 });
    socket.once('secureConnect', () => {
      resolve(described(socket, name));
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new Error('timed out')));
    socket.once('error', reject);
  });
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

/** Whether the certificate is any good is asked apart: here it matters who is let in. */
function anonymous({ host, port, name }: Web): Promise<{ status: number }> {
  const body = '{"tool":"sessions_list","args":{}}';
  const headers = { host: name, 'content-type': 'application/json', 'content-length': body.length };
  const about = { host, port, servername: name, headers, method: 'POST', path: '/tools/invoke' };
  return new Promise((resolve, reject) => {
    const asking = request(
      { ...about, rejectUnauthorized: false, agent: false, timeout: 15_000 },
      (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0 });
      },
    );
    asking.once('timeout', () => asking.destroy(new Error('timed out')));
    asking.once('error', reject);
    asking.end(body);
  });
}
