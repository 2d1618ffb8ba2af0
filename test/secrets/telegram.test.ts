import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { checkTelegramToken } from '../../src/secrets/telegram.js';

const TOKEN = '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4';

/** A Bot API that answers as told. */
async function api(status: number, body: string, delayMs = 0): Promise<string> {
  const server = createServer((request, response) => {
    const isRight = request.url === `/bot${encodeURIComponent(TOKEN)}/getMe`;
    setTimeout(() => response.writeHead(isRight ? status : 500).end(body), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a good token has a bot behind it', async () => {
  const answer = '{"ok":true,"result":{"id":1,"is_bot":true,"username":"prod_helper_bot"}}';
  expect(await checkTelegramToken(TOKEN, { api: await api(200, answer) })).toEqual({
    ok: true,
    username: 'prod_helper_bot',
  });
});

test.each([401, 404])('status %d: Telegram does not know it', async (status) => {
  const check = await checkTelegramToken(TOKEN, { api: await api(status, '{"ok":false}') });
  expect(check).toEqual({ ok: false, reason: expect.stringContaining('does not know this token') });
});

test.each([
  [429, '{"ok":false}'],
  [500, 'oops'],
  [200, 'not json'],
  [200, '{"ok":true}'],
  [200, '{"ok":true,"result":{"username":"\\u001b[31m"}}'],
])('status %d with %s says nothing', async (status, body) => {
  expect(await checkTelegramToken(TOKEN, { api: await api(status, body) })).toHaveProperty('unknown');
});

test('no connection and no answer in time say nothing, and hold no token', async () => {
  const closed = await checkTelegramToken(TOKEN, { api: 'http://127.0.0.1:1' });
  const slow = await checkTelegramToken(TOKEN, { api: await api(200, '{}', 2000), timeoutMs: 50 });
  const rejecting = await checkTelegramToken(TOKEN, {
    fetch: (url) =>
      Promise.reject(new TypeError(`bad address ${String(url)}`, { cause: { code: `E ${String(url)}` } })),
  });
  expect(slow).toEqual({ unknown: 'Telegram could not be asked (no answer in time).' });
  expect(closed).toEqual({ unknown: expect.stringMatching(/\((?:ECONNREFUSED|no connection)\)/) });
  expect(rejecting).toEqual({ unknown: 'Telegram could not be asked (no connection).' });
});

test('a token with odd characters stays one part of the address', async () => {
  let asked = '';
  const fake = (url: unknown): Promise<Response> => {
    asked = String(url);
    return Promise.resolve(new Response('{}', { status: 401 }));
  };
  await checkTelegramToken('1/../x?y#z', { fetch: fake as typeof fetch });
  expect(asked).toBe('https://api.telegram.org/bot1%2F..%2Fx%3Fy%23z/getMe');
});
