import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect, type Server, createServer as tcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Dashboard, serveDashboard } from '../../src/client/dashboard.js';

let gateway: Server;
let dashboard: Dashboard;
let port = 0;
let clock = 0;
let seen: IncomingHttpHeaders[] = [];
let opened = 0;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = tcp().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });

beforeEach(async () => {
  [clock, seen, opened] = [0, [], 0];
  const http = createServer((incoming, response) => {
    seen.push(incoming.headers);
    response.writeHead(200, { 'x-page': 'yes' }).end(`page ${incoming.url}`);
  });
  http.on('upgrade', (incoming, socket) => {
    seen.push(incoming.headers);
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello',
    );
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  gateway = await new Promise((resolve) => void http.listen(0, '127.0.0.1', () => resolve(http)));
  port = await freePort();
  dashboard = await serveDashboard({
    ...{ port, origin: 'https://claw.example.com', now: () => clock, token: async () => 'a token' },
    dial: async () => {
      opened += 1;
      return connect((gateway.address() as AddressInfo).port, '127.0.0.1');
    },
  });
});
afterEach(async () => {
  await dashboard.close();
  gateway.close();
});

const get = (
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; location?: string; text: string }> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        const { location } = answer.headers;
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text, ...(location === undefined ? {} : { location }) }),
        );
      },
    );
    asked.on('error', reject).end();
  });

const upgrade = (origin: string): Promise<string> =>
  new Promise((resolve) => {
    const headers = { host: `127.0.0.1:${port}`, origin, connection: 'Upgrade', upgrade: 'websocket' };
    const asked = request({ host: '127.0.0.1', port, path: '/', headers });
    asked.on('upgrade', (_, socket, head) => {
      let text = head.toString();
      if (text === 'hello') socket.write(' again');
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.includes('again')) {
          socket.destroy();
          resolve(text);
        } else if (text === 'hello') socket.write(' again');
      });
    });
    asked.on('response', ({ statusCode }) => resolve(String(statusCode))).end();
  });

describe('the dashboard on loopback', () => {
  test('pages pass, with the origin that the gateway knows, and nobody’s word about where they come from', async () => {
    const page = await get('/a?b=c', {
      origin: `http://127.0.0.1:${port}`,
      'x-forwarded-for': '10.0.0.1',
      'tailscale-user-login': 'eve',
    });
    expect(page).toEqual({ status: 200, text: 'page /a?b=c' });
    expect(seen[0]).toMatchObject({ host: 'claw.example.com', origin: 'https://claw.example.com' });
    expect(Object.keys(seen[0] ?? {}).filter((name) => /forwarded|tailscale/.test(name))).toEqual([]);
    expect((await get('/', { host: `localhost:${port}` })).status).toBe(200);
  });

  test('sockets pass both ways', async () => {
    expect(await upgrade(`http://127.0.0.1:${port}`)).toBe('hello again');
    expect(seen[0]?.origin).toBe('https://claw.example.com');
  });

  test('pages of others get nowhere, and neither does a name that somebody has pointed here', async () => {
    expect((await get('/', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await get('/', { origin: 'null' })).status).toBe(403);
    expect((await get('/', { host: `evil.example:${port}` })).status).toBe(403);
    expect((await get(new URL(dashboard.link).pathname, { host: 'evil.example' })).status).toBe(403);
    expect(await upgrade('https://evil.example')).toBe('403');
    expect(opened).toBe(0);
  });

  test('the link logs in once, in a fragment', async () => {
    const path = new URL(dashboard.link).pathname;
    expect(await get(path)).toMatchObject({ status: 302, location: '/#token=a%20token' });
    expect((await get(path)).status).toBe(410);
    expect((await get('/.clincher/guessed')).status).toBe(410);
    expect(opened).toBe(0);
  });

  test('and no longer than two minutes', async () => {
    clock = 120_001;
    expect((await get(new URL(dashboard.link).pathname)).status).toBe(410);
  });

  test('a port that is taken is a coded error', async () => {
    const again = serveDashboard({
      port,
      origin: 'http://x',
      now: () => 0,
      token: async () => undefined,
      dial: async () => connect(1),
    });
    await expect(again).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      remedy: [`choose another one: --port ${port + 1}`],
    });
  });

  test('closed, nothing answers, sockets included', async () => {
    const socket = connect(port, '127.0.0.1');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    await dashboard.close();
    await gone;
    await expect(get('/')).rejects.toThrow('ECONNREFUSED');
  });
});
