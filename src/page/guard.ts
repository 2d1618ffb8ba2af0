// Which requests the page answers at all, and what its answers forbid the browser. Pure.
import type { IncomingHttpHeaders } from 'node:http';
import type { Ticket } from './links.js';
import type { Place } from './place.js';

/** Nothing but its own script, style and requests; shown in no frame; kept and told to nobody. */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
};

export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

/**
 * Why a request is not answered. A page from elsewhere could point its own name at this address (DNS rebinding): then Host is
 * its name. One that just sends requests here has another Origin. There is no cookie that a browser would add by itself.
 */
export function refusal({ method, path, headers }: Asked, { origins }: Place): string | undefined {
  const here = origins.find((origin) => new URL(origin).host === headers.host);
  if (here === undefined) return 'The page answers by its own address alone.';
  if (!path.startsWith('/api/'))
    return method === 'GET' || method === 'HEAD' ? undefined : 'The page is only read.';
  if (method !== 'POST') return 'Questions to the page are sent by POST.';
  if (headers.origin !== here) return 'The request comes from another page.';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'The request comes from another page.';
  return headers['content-type'] === 'application/json' ? undefined : 'Questions to the page are JSON.';
}

/** Never in a cookie or an address. */
export function ticketOf({ authorization = '' }: IncomingHttpHeaders): Ticket | undefined {
  const [, token, key] = /^Bearer ([\w-]{43})\.([\w-]{43})$/.exec(authorization) ?? [];
  return token === undefined || key === undefined ? undefined : { token, key };
}
