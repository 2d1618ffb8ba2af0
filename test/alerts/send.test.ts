// Alerts as real receivers get them: what is sent, what is not believed, and what an error never tells.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send, shownChannel } from '../../src/alerts/send.js';
import type { AlertChannel, Notice } from '../../src/model.js';

const NOTICE: Notice = {
  server: 'prod',
  level: 'critical',
  title: 'verify: 1 check does not hold – später',
  lines: ['kept.backups fails: the newest is 31 h old', 'clincher show prod-3f2a'],
};
const channel = (more: Partial<AlertChannel> & Pick<AlertChannel, 'type'>): AlertChannel => ({
  ...{ port: 587, to: [] },
  ...more,
});

interface Seen {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}
const seen: Seen[] = [];
const receiver = createServer((asked, answer) => {
  const parts: Buffer[] = [];
  asked.on('data', (part: Buffer) => parts.push(part));
  asked.on('end', () => {
    const path = asked.url ?? '';
    seen.push({ path, headers: asked.headers, body: JSON.parse(Buffer.concat(parts).toString()) });
    if (path.includes('moved')) answer.writeHead(307, { location: '/elsewhere' });
    else answer.writeHead(path.includes('refuse') ? 401 : 200);
    answer.end(path.includes('refuse') ? '{"description":"Unauthorized"}' : '{}');
  });
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(() => receiver.close());

const sent = async (to: AlertChannel, secret = ''): Promise<Seen> => {
  await send(to, NOTICE, secret);
  return seen.at(-1)!;
};

describe('what arrives', () => {
  test('ntfy: topic, title of any letters, priority, token', async () => {
    const { path, headers, body } = await sent(channel({ type: 'ntfy', url: `${base}/below/ops/` }), 'tk_1');
    expect([path, headers.authorization]).toEqual(['/below/', 'Bearer tk_1']);
    expect(body).toEqual({
      ...{ topic: 'ops', title: `[prod] ${NOTICE.title}`, message: NOTICE.lines.join('\n'), priority: 5 },
    });
    expect((await sent(channel({ type: 'ntfy', url: `${base}/ops` }))).headers.authorization).toBeUndefined();
  });
  test('telegram: the chat and plain text', async () => {
    const to = channel({ type: 'telegram', url: base, chat: '-100123' });
    const { path, body } = await sent(to, '12:AA');
    expect(path).toBe('/bot12:AA/sendMessage');
    expect(body).toMatchObject({
      chat_id: '-100123',
      text: `[prod] ${NOTICE.title}\n\n${NOTICE.lines.join('\n')}`,
    });
    expect(body).not.toHaveProperty('parse_mode');
  });
  test('webhook: words for people, fields for programs', async () => {
    const { path, body } = await sent(channel({ type: 'webhook' }), `${base}/hook/s3cret`);
    expect(path).toBe('/hook/s3cret');
    expect(body).toMatchObject({ ...NOTICE, text: expect.stringContaining('kept.backups fails') });
    expect(body['content']).toBe(body['text']);
  });
  test('what is too long for a channel is cut, and arrives', async () => {
    const long = { ...NOTICE, lines: Array.from({ length: 2_000 }, () => 'a line') };
    await send(channel({ type: 'telegram', url: base, chat: '1' }), long, 'x');
    expect(String(seen.at(-1)!.body['text']).length).toBe(4_000);
  });
});

describe('what does not', () => {
  const why = (to: AlertChannel, secret: string): Promise<string> =>
    send(to, NOTICE, secret).then(
      () => 'it was taken',
      (error: Error) => error.message,
    );
  test('a refusal is told in its words, without what was to open it', async () => {
    const said = await why(channel({ type: 'telegram', url: `${base}/refuse`, chat: '1' }), '12:SECRET');
    expect(said).toBe('it answers 401: {"description":"Unauthorized"}');
  });
  test('nobody there: no path, no token', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => gone.once('listening', done));
    const { port } = gone.address() as AddressInfo;
    await new Promise((done) => gone.close(done));
    const said = await why(channel({ type: 'webhook' }), `http://127.0.0.1:${port}/hook/s3cret`);
    expect(said).toBe('ECONNREFUSED');
  });
  test('an address that is none does not stand in the error', async () => {
    const said = await why(channel({ type: 'webhook' }), 'hooks.example/s3cret');
    expect(said).not.toContain('s3cret');
  });
  test('whoever leads elsewhere is not followed', async () => {
    const count = seen.length;
    expect(await why(channel({ type: 'webhook' }), `${base}/moved`)).not.toBe('it was taken');
    expect(seen.slice(count).map(({ path }) => path)).toEqual(['/moved']);
  });
  test('people see which channel it is, and nothing that opens it', () => {
    expect(shownChannel(channel({ type: 'webhook', secret: 'secret://prod/hook' }))).toBe('webhook');
    expect(shownChannel(channel({ type: 'email', host: 'smtp.example', to: ['ops@example.org'] }))).toBe(
      'email ops@example.org by smtp.example',
    );
  });
});

describe('e-mail, to a real SMTP server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clincher-mail-'));
  const at = (name: string): string => join(folder, name);
  const mails: { to: string[]; text: string; isTls: boolean; user: unknown }[] = [];
  const serve = (more: object): Promise<SMTPServer> => {
    const server = new SMTPServer({
      authOptional: true,
      onAuth: ({ username, password }, _, done) =>
        password === 'right'
          ? done(null, { user: username })
          : done(new Error('Invalid username or password')),
      onData: (stream, { envelope, secure, user }, done) => {
        let text = '';
        stream.on('data', (part: Buffer) => {
          text += part;
        });
        stream.on('end', () => {
          mails.push({ to: envelope.rcptTo.map(({ address }) => address), text, isTls: secure, user });
          done();
        });
      },
      ...more,
    });
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
  };
  const portOf = (server: SMTPServer): number => (server.server.address() as AddressInfo).port;
  let secured: SMTPServer;
  let plain: SMTPServer;
  beforeAll(async () => {
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2',
        ],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
        ...['-keyout', at('key.pem'), '-out', at('cert.pem')],
      ],
      { stdio: 'ignore' },
    );
    secured = await serve({ key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) });
    plain = await serve({ disabledCommands: ['STARTTLS'] });
  });
  afterAll(() => {
    secured.close();
    plain.close();
    rmSync(folder, { recursive: true });
  });
  const mail = (server: SMTPServer): AlertChannel =>
    channel({
      ...{ type: 'email', host: 'localhost', port: portOf(server), user: 'ops' },
      ...{ from: 'clincher@example.org', to: ['ops@example.org', 'two@example.org'] },
    });

  /** In a process that trusts the certificate: Node reads whom to trust once, as it starts. */
  function sendFrom(to: AlertChannel, secret: string): Promise<string> {
    const code = `import('./src/alerts/send.ts').then(({ send }) => send(${JSON.stringify(to)}, ${JSON.stringify(NOTICE)}, process.env.SECRET)).then(() => console.log('taken'), (error) => console.log(error.message))`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: at('cert.pem'), SECRET: secret };
    return new Promise((done) => {
      execFile(process.execPath, ['--import', 'tsx', '-e', code], { env }, (_, stdout, stderr) =>
        done((stdout + stderr).trim()),
      );
    });
  }

  test('over TLS, logged in, to everybody, in letters of any language', async () => {
    expect(await sendFrom(mail(secured), 'right')).toBe('taken');
    const [got] = mails.slice(-1);
    expect(got).toMatchObject({ to: ['ops@example.org', 'two@example.org'], isTls: true, user: 'ops' });
    expect(got?.text).toContain('Auto-Submitted: auto-generated');
    expect(got?.text).toMatch(/kept\.backups fails: the newest is 31 h old/);
  });
  test('a wrong password is told, and does not stand in the error', async () => {
    const said = await sendFrom(mail(secured), 'wrong-s3cret');
    expect(said).toContain('Invalid username or password');
    expect(said).not.toContain('s3cret');
  });
  test('a server whose certificate nobody vouches for gets nothing', async () => {
    const count = mails.length;
    await expect(send(mail(secured), NOTICE, 'right')).rejects.toThrow(/self-signed|certificate/i);
    expect(mails).toHaveLength(count);
  });
  test('a server without TLS gets nothing, above all no password', async () => {
    const count = mails.length;
    await expect(send(mail(plain), NOTICE, 'right')).rejects.toThrow();
    expect(mails).toHaveLength(count);
  });
});
