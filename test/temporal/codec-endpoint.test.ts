import { randomBytes } from 'node:crypto';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EncryptionCodec } from '../../src/temporal/codec.js';
import { refuse, startCodecEndpoint } from '../../src/temporal/codec-endpoint.js';
import { keyId } from '../../src/temporal/keys.js';
import { uidOf } from '../../src/temporal/peer.js';

const key = randomBytes(32);
const codec = new EncryptionCodec(() => ({ current: keyId(key), keys: new Map([[keyId(key), key]]) }));
const UI = 8233;
let server: Server;
let port: number;

beforeAll(async () => {
  port = 20_000 + (process.pid % 10_000);
  server = await startCodecEndpoint({ port, uiPort: () => UI, codec: () => codec });
});
afterAll(() => void server.close());

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

function ask(
  path: string,
  headers: Record<string, string>,
  body?: unknown,
  method = 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const origin = `http://127.0.0.1:${UI}`;
const payloads = [{ metadata: { encoding: btoa('json/plain') }, data: btoa('"hunter2"') }];

describe('the codec endpoint', () => {
  test('listens on this machine only', () => {
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1');
  });

  test('encodes and decodes for the web UI', async () => {
    const sealed = await ask('/encode', { origin }, { payloads });
    expect(sealed.status).toBe(200);
    expect(sealed.body).not.toContain(payloads[0]!.data);
    const clear = await ask('/decode?preserveStorageRefs=true', { origin }, JSON.parse(sealed.body));
    expect(JSON.parse(clear.body)).toEqual({ payloads });
    expect(clear.headers['access-control-allow-origin']).toBe(origin);
  });

  test('answers the preflight of both names of the web UI', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const answer = await ask('/decode', { origin: `http://${name}:${UI}` }, undefined, 'OPTIONS');
      expect(answer.status).toBe(204);
      expect(answer.headers['access-control-allow-headers']).toContain('x-namespace');
    }
  });

  test('refuses another page, and gives it no CORS headers', async () => {
    const answer = await ask('/decode', { origin: 'https://evil.example' }, { payloads });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('refuses a name that was pointed here (DNS rebinding)', async () => {
    expect((await ask('/decode', { host: `evil.example:${port}`, origin }, { payloads })).status).toBe(403);
  });

  test.each([
    ['/decode', 'GET', 404],
    ['/other', 'POST', 404],
  ])('has nothing else: %s by %s', async (path, method, status) => {
    expect((await ask(path, { origin }, undefined, method)).status).toBe(status);
  });

  test('says that an entry cannot be read, and stays up', async () => {
    const sealed = {
      metadata: { encoding: btoa('binary/encrypted'), 'encryption-key-id': btoa('gone') },
      data: btoa('x'),
    };
    const answer = await ask('/decode', { origin }, { payloads: [sealed] });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('encrypted with key gone');
    expect((await ask('/decode', { origin }, 'not an object')).status).toBe(200);
  });
});

test('who may ask', () => {
  const ports = { port: 1, uiPort: 2 };
  expect(refuse({ host: 'localhost:1' }, ports)).toBeUndefined();
  expect(refuse({ host: '127.0.0.1:1', origin: 'http://localhost:2' }, ports)).toBeUndefined();
  expect(refuse({ host: '127.0.0.1:1', origin: 'http://localhost:3' }, ports)).toContain('web UI');
  expect(refuse({ host: '127.0.0.1:1', origin: 'null' }, ports)).toContain('web UI');
  expect(refuse({ host: '127.0.0.1:2' }, ports)).toContain('127.0.0.1 only');
  expect(refuse({}, ports)).toContain('127.0.0.1 only');
});

test('whose process asks is read from the kernel', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 2 1 0`;
  expect(uidOf(table, 0xc350, 0x1f90)).toBe(1000);
  expect(uidOf(table, 0xc351, 0x1f90)).toBeUndefined();
});
