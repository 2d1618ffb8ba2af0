// The proxy itself: forwards what the decision allows, answers 407 to what it denies and 502 to what leads nowhere.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type Acl, normalHost } from './acl.js';
import { type Decision, decideByName, type Ranges, refusal, resolve } from './decide.js';
import { log } from './log.js';

export interface Policies {
  acl: Acl | undefined;
  ranges: Ranges;
}

interface Destination {
  host: string;
  port: number;
}

interface Refused {
  status: 407 | 502;
  phrase: string;
  message: string;
}

type Outcome = { address: string } | Refused;

export function createProxy(policies: Policies): Server {
  const server = createServer((incoming, response) => void plain(policies, incoming, response));
  server.on(
    'connect',
    (incoming: IncomingMessage, client: Socket) => void tunnel(policies, incoming, client),
  );
  return server;
}

async function plain(policies: Policies, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.canParse(incoming.url ?? '') ? new URL(incoming.url!) : undefined;
  if (url?.protocol !== 'http:') {
    response.writeHead(500).end('This is a proxy server. Does not respond to non-proxy requests.\n');
    return;
  }
  const to = { host: url.hostname, port: Number(url.port) || 80 };
  const outcome = await judge(policies, incoming, to, 'http');
  if ('status' in outcome) return refuse(response, outcome);
  forward(incoming, response, url, { ...to, host: outcome.address });
}

function forward(incoming: IncomingMessage, response: ServerResponse, url: URL, to: Destination): void {
  const headers = { ...incoming.headers, host: url.host };
  const path = `${url.pathname}${url.search}`;
  const sent = request({ ...to, path, method: incoming.method, headers: withoutProxys(headers) });
  sent.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.on('error', (error) =>
    response.headersSent ? response.destroy() : refuse(response, unreachable(error)),
  );
  incoming.pipe(sent);
}

function withoutProxys(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('proxy-')));
}

function refuse(response: ServerResponse, { status, phrase, message }: Refused): void {
  response.writeHead(status, phrase, { 'content-type': 'text/plain', 'X-Smokescreen-Error': message });
  response.end(`${message}\n`);
}

async function tunnel(policies: Policies, incoming: IncomingMessage, client: Socket): Promise<void> {
  client.on('error', () => client.destroy());
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(incoming.url ?? '') ?? [];
  const outcome = await judge(
    policies,
    incoming,
    { host: host.replace(/^\[|\]$/g, ''), port: Number(port) },
    'connect',
  );
  if ('status' in outcome) return refuseTunnel(client, outcome);
  const upstream = connect({ host: outcome.address, port: Number(port) });
  upstream.on('connect', () => {
    client.write('HTTP/1.0 200 OK\r\n\r\n');
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', (error) =>
    upstream.bytesRead > 0 ? client.destroy() : refuseTunnel(client, unreachable(error)),
  );
  client.on('close', () => upstream.destroy());
}

function refuseTunnel(client: Socket, { status, phrase, message }: Refused): void {
  const body = `${message}\n`;
  const headers = ['Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`HTTP/1.1 ${status} ${phrase}`, ...headers, `X-Smokescreen-Error: ${message}`];
  client.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

async function judge(p: Policies, from: IncomingMessage, to: Destination, type: string): Promise<Outcome> {
  const host = normalHost(to.host) ?? to.host;
  const started = new Date();
  const byName = decideByName(p.acl, host);
  const found = byName.allow ? await resolve(host).catch((error: Error) => error) : undefined;
  const refused = typeof found === 'string' ? refusal(found, p.ranges) : undefined;
  const decision = refused
    ? { ...byName, allow: false, enforceWouldDeny: true, reason: denied(found, refused) }
    : byName;
  record(decision, from, `${host}:${to.port}`, type, started, found instanceof Error ? found : undefined);
  if (typeof found === 'string' && !refused) return { address: found };
  if (found instanceof Error) return badGateway(`Failed to resolve remote hostname: ${found.message}`);
  const named = type === 'connect' ? from.url : from.headers.host;
  const message = `Egress proxying is denied to host '${named}': ${decision.reason}.`;
  return { status: 407, phrase: 'Request rejected by proxy', message };
}

function denied(address: unknown, rule: string): string {
  return `The destination address (${String(address)}) was denied by rule '${rule}'. ${rule}`;
}

function unreachable(error: Error): Refused {
  return badGateway(`Failed to connect to remote host: ${error.message}`);
}

function badGateway(message: string): Refused {
  return { status: 502, phrase: 'Bad gateway', message };
}

function record(
  d: Decision,
  from: IncomingMessage,
  host: string,
  type: string,
  started: Date,
  error?: Error,
): void {
  const { remoteAddress, remotePort } = from.socket;
  log(error ? 'error' : d.allow ? 'info' : 'warning', 'CANONICAL-PROXY-DECISION', {
    ...{ allow: d.allow, decision_reason: d.reason, enforce_would_deny: d.enforceWouldDeny },
    ...{ project: d.project, role: d.role, proxy_type: type, requested_host: host },
    ...{ id: randomUUID(), inbound_remote_addr: `${remoteAddress}:${remotePort}`, trace_id: '' },
    ...{ start_time: started.toISOString(), dns_lookup_time_ms: Date.now() - started.getTime() },
    ...(error && { error: error.message }),
  });
}
