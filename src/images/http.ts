// One request to a registry: a deadline, a few patient attempts, and failures in words.
import { setTimeout as sleep } from 'node:timers/promises';
import { ClincherError } from '../errors.js';

export interface HttpRequest {
  method: 'GET' | 'HEAD';
  url: string;
  headers: Record<string, string>;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

export interface HttpPatience {
  timeoutMs: number;
  /** Before each further attempt. */
  pausesMs: readonly number[];
}

export const PATIENCE: HttpPatience = { timeoutMs: 15_000, pausesMs: [500, 2000] };

/** Manifests are a few kilobytes; OCI lets registries refuse more than this. */
const MAX_BYTES = 4 * 1024 * 1024;
/** A limit that lifts later than this is for the person to wait for. */
const MAX_WAIT_MS = 10_000;

export async function send(request: HttpRequest, patience = PATIENCE): Promise<HttpAnswer> {
  for (const pauseMs of patience.pausesMs) {
    const seen = await attempt(request, patience.timeoutMs).catch((error: unknown) => error);
    if (isAnswer(seen) && !isPassing(seen.status)) return seen;
    if (!isAnswer(seen) && isFinal(seen)) throw unreachable(request, seen);
    await sleep(Math.max(pauseMs, waitAsked(seen)));
  }
  const last = await attempt(request, patience.timeoutMs).catch((error: unknown) => {
    throw unreachable(request, error);
  });
  if (isPassing(last.status)) throw busy(request, last);
  return last;
}

async function attempt({ method, url, headers }: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(timeoutMs) });
  return { status: response.status, headers: response.headers, body: await bodyOf(response) };
}

async function bodyOf(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error('the answer is larger than 4 MiB');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const isAnswer = (seen: unknown): seen is HttpAnswer =>
  typeof seen === 'object' && seen !== null && 'status' in seen && 'body' in seen;

const isPassing = (status: number): boolean => status === 429 || status >= 500;

function waitAsked(seen: unknown): number {
  const seconds = isAnswer(seen) ? Number(seen.headers.get('retry-after') ?? 0) : 0;
  const ms = seconds * 1000;
  return ms <= MAX_WAIT_MS ? ms : 0;
}

const codeOf = (error: unknown): string => {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : '';
};

const isCertificate = (code: string): boolean => /CERT|^UNABLE_TO_|SELF_SIGNED/.test(code);
/** Asking again at once would hear the same. */
const isFinal = (error: unknown): boolean =>
  isCertificate(codeOf(error)) || ['ENOTFOUND', 'ECONNREFUSED'].includes(codeOf(error));

function unreachable({ url }: HttpRequest, error: unknown): ClincherError {
  const { host } = new URL(url);
  const code = codeOf(error);
  if (isCertificate(code))
    return new ClincherError('REGISTRY_UNREACHABLE', `${host}: its certificate is not trusted (${code}).`, {
      cause: error,
      remedy: ['NODE_EXTRA_CA_CERTS=/path/to/authority.crt clincher images lock'],
    });
  const message = `${host}: no answer (${reason(error, code)})${proxyHint()}.`;
  return new ClincherError('REGISTRY_UNREACHABLE', message, { cause: error });
}

function reason(error: unknown, code: string): string {
  if (code !== '') return code;
  const { name, message } = error as Error;
  return name === 'TimeoutError' ? 'nothing came in time' : message;
}

/** Node goes through a proxy only when it is told to, and only from 22.21 on. */
function proxyHint(): string {
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  if (!(HTTPS_PROXY || https_proxy) || NODE_USE_ENV_PROXY === '1') return '';
  return process.allowedNodeEnvironmentFlags.has('--use-env-proxy')
    ? '; HTTPS_PROXY is used when NODE_USE_ENV_PROXY=1 is set'
    : '; HTTPS_PROXY is set, and this Node cannot use it: Node 22.21 and later can, with NODE_USE_ENV_PROXY=1';
}

function busy({ url }: HttpRequest, { status, headers }: HttpAnswer): ClincherError {
  const { host } = new URL(url);
  const wait = Number(headers.get('retry-after') ?? 0);
  const when = wait > 0 ? `; it asks to wait ${wait} s` : '';
  const what = status === 429 ? `limits how often it is asked (429${when})` : `answers ${status}`;
  return new ClincherError('REGISTRY_UNREACHABLE', `${host} ${what}.`);
}
