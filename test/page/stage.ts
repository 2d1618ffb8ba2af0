// The page's real server on a port of its own, an invented engine behind it, and browsers that are one request each.
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Links } from '../../src/page/links.js';
import { pagePlace } from '../../src/page/place.js';
import { pageServer } from '../../src/page/server.js';
import { FakeControl, type Script } from '../client/fake-control.js';
import { folder } from '../secrets/folder.js';

export const SCRIPT = 'script of the page';

export interface Reply {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

type Headers = Record<string, string | undefined>;

export const key = (letter: string): string => letter.repeat(43);
export const tokenOf = (link: string): string => link.split('#')[1] ?? '';

export async function pageStage(script: Script = {}) {
  const clock = { now: Date.parse('2026-11-22T12:00:00Z') };
  const control = new FakeControl(script);
  const said: string[] = [];
  const place = { host: '127.0.0.1', port: 0, own: '', origins: [] as string[], url: '' };
  const file = join(folder(), 'page-links.json');
  const links = new Links(file, 'http://page', () => clock.now);
  const say = (what: string, about: object): number => said.push(`${what} ${JSON.stringify(about)}`);
  const server = pageServer({ place, links, control, say }, SCRIPT);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const own = pagePlace({
    CLINCHER_PAGE: `127.0.0.1:${port}`,
    CLINCHER_PAGE_URL: 'https://ops.example.ts.net',
  })!;
  Object.assign(place, own);
  const home = `http://127.0.0.1:${port}`;

  const send = (method: string, path: string, headers: Headers, body?: string): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const given = Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined);
      const sent = request(
        { port, host: '127.0.0.1', path, method, headers: Object.fromEntries(given) },
        (reply) => {
          let text = '';
          reply.on('data', (part) => (text += part));
          reply.on('end', () => resolve({ status: reply.statusCode!, headers: reply.headers, text }));
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  /** As the page's script asks; what a test gives besides takes the place of that. */
  const ask = (
    verb: string,
    ticket: string | undefined,
    body: object = {},
    headers: Headers = {},
  ): Promise<Reply> =>
    send(
      'POST',
      `/api/${verb}`,
      {
        origin: home,
        'content-type': 'application/json',
        authorization: ticket && `Bearer ${ticket}`,
        ...headers,
      },
      JSON.stringify(body),
    );
  return { send, ask, control, links, said, home, file, clock, port };
}
