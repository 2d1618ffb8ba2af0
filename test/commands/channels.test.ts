// The question to Telegram as the gateway's container asks it: by CONNECT, at the address that is configured, with TLS and without.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChannelsSaid, channelsSaid } from '../../src/commands/channels.js';

const folder = mkdtempSync(join(tmpdir(), 'clincher-channels-'));
const [KEY, CERTIFICATE, SECRETS] = ['key.pem', 'certificate.pem', 'secrets.json'].map((name) =>
  join(folder, name),
) as [string, string, string];
const servers: Server[] = [];
const connected: string[] = [];
let proxy = 0;

const answer: RequestListener = ({ url, headers }, response) => {
  const isRight = url === '/bot1:made-up/getMe' && headers.host !== undefined;
  response
    .writeHead(isRight ? 200 : 401)
    .end(JSON.stringify(isRight ? { ok: true, result: { username: 'own_bot' } } : { ok: false }));
};

const listening = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const words = ['req', '-x509', ...curve, ...subject, '-keyout', KEY, '-out', CERTIFICATE];
  execFileSync('openssl', words, { stdio: 'ignore' });
  writeFileSync(SECRETS, JSON.stringify({ telegramToken: '1:made-up' }));
  const server = createServer().on('connect', ({ url = '' }, client: Socket) => {
    connected.push(url);
    if (url === 'api.telegram.org:443') return void client.end('HTTP/1.1 502 Bad gateway\r\n\r\n');
    const upstream = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    for (const each of [client, upstream]) each.on('error', () => each.destroy());
  });
  proxy = await listening(server);
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function asked(root?: string): Promise<ChannelsSaid> {
  const words = channelsSaid(['telegram'], root).read.slice(6) as string[];
  const own = words.map((word) => word.replace('/home/node/.config/clincher/secrets.json', SECRETS));
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy}`, NODE_EXTRA_CA_CERTS: CERTIFICATE };
  const child = spawn(process.execPath, own, { env });
  let said = '';
  child.stdout.on('data', (part) => (said += String(part)));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(said) as ChannelsSaid;
}

const ACCEPTED = { hasToken: true, connect: { status: 200 }, status: 200, isOk: true, name: 'own_bot' };

test('a Bot API of one’s own without TLS, at its port', async () => {
  const port = await listening(createServer(answer));
  expect(await asked(`http://127.0.0.1:${port}`)).toEqual({ telegram: ACCEPTED });
  expect(connected.at(-1)).toBe(`127.0.0.1:${port}`);
});

test('one with TLS, whose certificate is looked at', async () => {
  const [key, cert] = [readFileSync(KEY), readFileSync(CERTIFICATE)];
  const port = await listening(createTlsServer({ key, cert }, answer) as unknown as Server);
  expect(await asked(`https://localhost:${port}`)).toEqual({ telegram: ACCEPTED });
  expect(connected.at(-1)).toBe(`localhost:${port}`);
  const { telegram } = await asked(`https://stranger.test:${port}`);
  expect(telegram).toMatchObject({ connect: { status: 200 }, error: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  expect((await asked(`https://127.0.0.1:${port}`)).telegram).toMatchObject({
    error: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
});

test('Telegram’s own, unless another is named', async () => {
  expect(await asked()).toEqual({ telegram: { hasToken: true, connect: { status: 502 } } });
  expect(connected.at(-1)).toBe('api.telegram.org:443');
});
