// Part of gates-page: requests that no browser would make for its user, and what they come to.
import { request } from 'node:http';
import type { Proof } from './proof.js';

export interface Page {
  port: number;
  /** Of a good link that nobody has opened. */
  token: string;
}

interface Reply {
  status: number;
  code: string;
}

type Headers = Record<string, string | undefined>;

const KEY = 'k'.repeat(43);

export function ask({ port, token }: Page, over: Headers, path = '/api/look'): Promise<Reply> {
  const headers = {
    ...{ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' },
    ...{ authorization: `Bearer ${token}.${KEY}`, ...over },
  };
  const given = Object.fromEntries(
    Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined),
  );
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method: 'POST', headers: given }, (reply) => {
      let text = '';
      reply.on('data', (part) => (text += part));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, code: codeIn(text) }));
    });
    sent.once('error', reject);
    sent.end('{}');
  });
}

const codeIn = (text: string): string => /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? '';

const REFUSALS: [what: string, over: Headers, wanted: string][] = [
  ['a foreign origin', { origin: 'http://127.0.0.1:1' }, '403 PAGE_REFUSED'],
  ['no origin', { origin: undefined }, '403 PAGE_REFUSED'],
  [
    'another name for this address (DNS rebinding)',
    { host: 'evil.example', origin: 'http://evil.example' },
    '403 PAGE_REFUSED',
  ],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, '403 PAGE_REFUSED'],
  ['a missing token', { authorization: undefined }, '401 LINK_INVALID'],
  ['half a token', { authorization: `Bearer ${KEY}` }, '401 LINK_INVALID'],
  ['an invented token', { authorization: `Bearer ${KEY}.${KEY}` }, '401 LINK_INVALID'],
];

/** Each beside the same request without its fault, which is answered: so the fault is why. */
export async function refuses(proof: Proof, page: Page): Promise<void> {
  for (const [what, over, wanted] of REFUSALS) {
    const { status, code } = await ask(page, over);
    proof.check(`${what}: ${wanted}`, `${status} ${code}` === wanted, `${status} ${code}`);
  }
  const good = await ask(page, {});
  proof.check('the same without a fault is answered', good.status === 200, `${good.status} ${good.code}`);
}
