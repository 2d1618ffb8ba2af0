// Decodes histories for the web UI. Listens on this machine only, and answers nobody but the UI's own pages.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { isOurs } from './peer.js';

export interface CodecEndpoint {
  port: number;
  /** Where to listen; absent: on this machine alone, and then for its own user alone. */
  address?: string;
  /** Asked each time: the UI may move. */
  uiPort: () => number;
  /** A new one each time: keys may have been added. */
  codec: () => PayloadCodec;
}

export interface JsonPayload {
  metadata?: Record<string, string>;
  data?: string;
}

const MAX_BODY = 16 * 1024 * 1024;

export function startCodecEndpoint(options: CodecEndpoint): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.address ?? '127.0.0.1', () => resolve(server));
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, options: CodecEndpoint) {
  // Elsewhere the peer is a proxy of Docker's, which belongs to nobody here.
  const isKnown = options.address !== undefined || isOurs(request.socket.remotePort ?? 0, options.port);
  const refusal = isKnown
    ? refuse(request.headers, { port: options.port, uiPort: options.uiPort() })
    : 'this endpoint answers only the user that runs it';
  if (refusal) return send(response, 403, { message: refusal });
  for (const [name, value] of Object.entries(corsHeaders(request.headers.origin)))
    response.setHeader(name, value);
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  // The UI adds `?preserveStorageRefs=true`.
  const verb = /^\/(encode|decode)(?:\?|$)/.exec(request.url ?? '')?.[1] as 'encode' | 'decode' | undefined;
  if (request.method !== 'POST' || !verb) return send(response, 404, { message: 'POST /encode or /decode' });
  try {
    send(response, 200, await convert(verb, JSON.parse(await body(request)), options.codec()));
  } catch (error) {
    send(response, 400, { message: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * A page from elsewhere could point its own name at 127.0.0.1 (DNS rebinding): then Host is its name.
 * A page that just sends requests here has another Origin. Our own programs have none.
 */
export function refuse(
  headers: { host?: string | undefined; origin?: string | undefined },
  ports: { port: number; uiPort: number },
): string | undefined {
  if (!hosts(ports.port).includes(headers.host ?? '')) return 'this endpoint answers on 127.0.0.1 only';
  if (headers.origin === undefined) return undefined;
  const allowed = hosts(ports.uiPort).map((host) => `http://${host}`);
  return allowed.includes(headers.origin) ? undefined : 'only the web UI of this control plane may ask';
}

const hosts = (port: number) => [`127.0.0.1:${port}`, `localhost:${port}`];

const corsHeaders = (origin: string | undefined): Record<string, string> =>
  origin === undefined
    ? {}
    : {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': 'content-type, x-namespace, authorization',
        'access-control-max-age': '600',
        vary: 'origin',
      };

export async function convert(
  verb: 'encode' | 'decode',
  message: { payloads?: JsonPayload[] },
  codec: PayloadCodec,
): Promise<{ payloads: JsonPayload[] }> {
  const payloads = (message.payloads ?? []).map(fromJson);
  return { payloads: (await codec[verb](payloads)).map(toJson) };
}

const fromJson = (json: JsonPayload): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(json.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  ),
  data: Buffer.from(json.data ?? '', 'base64'),
});

const toJson = (payload: Payload): JsonPayload => ({
  metadata: Object.fromEntries(
    Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, base64(value)]),
  ),
  data: base64(payload.data),
});

const base64 = (value: Uint8Array | null | undefined) => Buffer.from(value ?? []).toString('base64');

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('the request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
