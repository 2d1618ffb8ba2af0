// The gateway's dashboard on this machine's loopback, over SSH: nothing is published, and no other page gets in by it.
import { randomBytes } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { ClincherError } from '../errors.js';

export interface DashboardOptions {
  port: number;
  /** As which the gateway lets pages in: gateway.controlUi.allowedOrigins. */
  origin: string;
  dial(): Promise<Duplex>;
  /** The gateway's token, asked for when the link is opened. */
  token(): Promise<string | undefined>;
  now(): number;
}

export interface Dashboard {
  url: string;
  /** Logs in whoever opens it first, once, within two minutes. */
  link: string;
  close(): Promise<void>;
}

const LINK_MS = 120_000;
const LOOPBACK = '127.0.0.1';

export async function serveDashboard(options: DashboardOptions): Promise<Dashboard> {
  const url = `http://${LOOPBACK}:${options.port}`;
  const door = new Door(url, options);
  const server = createServer((incoming, response) => void door.answer(incoming, response));
  server.on('upgrade', (incoming, socket, head) => void door.upgrade(incoming, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portTaken(options.port, error)));
    server.listen(options.port, LOOPBACK, resolve);
  });
  return {
    url: `${url}/`,
    link: url + door.path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        door.close();
      }),
  };
}

const portTaken = (port: number, error: Error): ClincherError =>
  new ClincherError('PORT_TAKEN', `${LOOPBACK}:${port} cannot be listened on: ${error.message}`, {
    remedy: [`choose another one: --port ${port + 1}`],
  });

/** A token in a fragment is sent to nobody: browsers keep it to themselves. */
class Door {
  readonly path = `/.clincher/${randomBytes(18).toString('base64url')}`;
  readonly #until: number;
  readonly #open = new Set<Duplex>();
  #isUsed = false;

  constructor(
    private readonly url: string,
    private readonly options: DashboardOptions,
  ) {
    this.#until = options.now() + LINK_MS;
  }

  async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOurs(incoming)) return void response.writeHead(403).end('not from here\n');
    if (incoming.url?.startsWith('/.clincher/')) return this.#login(incoming, response);
    try {
      const channel = await this.#dial();
      const { method, url: path } = incoming;
      const asked = request({
        createConnection: () => channel as never,
        method,
        path,
        // A channel for each: one costs a round trip, and none is left open by a browser that keeps connections.
        headers: { ...this.#headers(incoming), connection: 'close' },
      });
      asked.on('response', (answer) => {
        const { connection: _, ...headers } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, headers);
        answer.pipe(response);
      });
      asked.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
      incoming.pipe(asked);
    } catch (error) {
      response.writeHead(502).end(`${(error as Error).message}\n`);
    }
  }

  async upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {});
    if (!this.#isOurs(incoming)) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    try {
      const channel = await this.#dial();
      const lines = Object.entries(this.#headers(incoming)).flatMap(([name, value]) =>
        [value ?? []].flat().map((each) => `${name}: ${each}`),
      );
      channel.write([`GET ${incoming.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
      channel.write(head);
      channel.on('close', () => socket.destroy());
      socket.on('close', () => channel.destroy());
      channel.pipe(socket).pipe(channel);
    } catch {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    }
  }

  close(): void {
    for (const channel of this.#open) channel.destroy();
  }

  /** A page of another site may send a browser here, also under a name that it has pointed at loopback: neither is let in. */
  #isOurs({ headers: { host, origin } }: IncomingMessage): boolean {
    const own = [this.url, this.url.replace(LOOPBACK, 'localhost')];
    return own.includes(`http://${host}`) && (origin === undefined || own.includes(origin));
  }

  async #login({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const isOpen = method === 'GET' && url === this.path && !this.#isUsed && this.options.now() < this.#until;
    if (!isOpen)
      return void response.writeHead(410).end('This link was used, or is too old: clincher open\n');
    this.#isUsed = true;
    const token = await this.options.token();
    const location = token === undefined ? '/' : `/#token=${encodeURIComponent(token)}`;
    response
      .writeHead(302, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      .end();
  }

  /** The gateway is told the origin that it knows; whom it believes about forwarded addresses is no browser. */
  #headers({ headers }: IncomingMessage): IncomingHttpHeaders {
    const told = Object.entries(headers).filter(
      ([name]) => !/^(x-forwarded-|forwarded$|x-real-ip$|tailscale-)/.test(name),
    );
    const { origin } = this.options;
    return {
      ...Object.fromEntries(told),
      host: new URL(origin).host,
      ...(headers.origin === undefined ? {} : { origin }),
    };
  }

  async #dial(): Promise<Duplex> {
    const channel = await this.options.dial();
    channel.on('error', () => {});
    channel.on('close', () => this.#open.delete(channel));
    this.#open.add(channel);
    return channel;
  }
}
