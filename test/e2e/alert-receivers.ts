// Whoever takes alerts, in the lab: an HTTP server that is ntfy, Telegram, a webhook and a dead man's switch, and an SMTP server with TLS.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { labCertificate } from '../lab/authority.js';

export interface Heard {
  by: 'ntfy' | 'telegram' | 'webhook' | 'email' | 'ping';
  text: string;
}

/** Alertmanager takes a message for sent only where Telegram says so. */
const SENT = JSON.stringify({
  ok: true,
  result: { message_id: 1, date: 1, chat: { id: 42, type: 'private' }, text: '' },
});

export class Receivers {
  readonly heard: Heard[] = [];
  /** These answer 503. */
  readonly deaf = new Set<Heard['by']>();
  #http: Server | undefined;
  #smtp: SMTPServer | undefined;

  /** `folder`: for the secrets that lead there. What comes back is for clincher.yaml. */
  async open(folder: string, at = '127.0.0.1'): Promise<{ alerts: object; ping: string }> {
    this.#http = createServer((asked, answer) => {
      const parts: Buffer[] = [];
      asked.on('data', (part: Buffer) => parts.push(part));
      asked.on('end', () => {
        const by = whose(asked.url ?? '');
        if (this.deaf.has(by)) return void answer.writeHead(503).end('{}');
        this.heard.push({ by, text: Buffer.concat(parts).toString() });
        answer.writeHead(200).end(by === 'telegram' ? SENT : '{}');
      });
    });
    const { certificateFile, keyFile } = labCertificate('smtp', [
      'IP:127.0.0.1',
      'DNS:localhost',
      `IP:${at}`,
    ]);
    this.#smtp = new SMTPServer({
      ...{ cert: readFileSync(certificateFile), key: readFileSync(keyFile), authOptional: true },
      onData: (stream, _, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          this.heard.push({ by: 'email', text: Buffer.concat(parts).toString() });
          done();
        });
      },
    });
    const [web, mail] = [await listening(this.#http, at), await listening(this.#smtp, at)];
    const base = `http://${at}:${web}`;
    const secret = (name: string, value: string): string => {
      writeFileSync(join(folder, name), value, { mode: 0o600 });
      return `file:${join(folder, name)}`;
    };
    return {
      ping: secret('ping', `${base}/ping/abcdef`),
      alerts: {
        channels: [
          { type: 'ntfy', url: `${base}/ntfy/ops` },
          { type: 'webhook', secret: secret('hook', `${base}/hook/abcdef`) },
          { type: 'telegram', url: base, chat: '42', secret: secret('bot', '42:abcdef') },
          {
            type: 'email',
            host: at === '127.0.0.1' ? 'localhost' : at,
            port: mail,
            from: 'clincher@example.org',
            to: ['ops@example.org'],
          },
        ],
      },
    };
  }

  by(kind: Heard['by']): Heard[] {
    return this.heard.filter(({ by }) => by === kind);
  }

  close(): void {
    this.#http?.close();
    this.#http?.closeAllConnections();
    this.#smtp?.close(() => {});
  }
}

const whose = (path: string): Heard['by'] =>
  path.startsWith('/bot')
    ? 'telegram'
    : path.startsWith('/hook')
      ? 'webhook'
      : path.startsWith('/ping')
        ? 'ping'
        : 'ntfy';

const listening = (server: Server | SMTPServer, at: string): Promise<number> =>
  new Promise((done) => {
    const inner = 'server' in server ? server.server : server;
    server.listen(0, at, () => done((inner.address() as AddressInfo).port));
  });
