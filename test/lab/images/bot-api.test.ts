// The fake Bot API: one poller a bot, polls that wait, and what its record says of two that both wanted it.
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holder, holds, overlaps, pollersOf } from './bot-record.js';
import { type BotRecord, isBotPath, type Poll, serveBots } from './models/bot-api.js';

let server: Server;
let made = 100_000;

beforeAll(async () => {
  server = createServer((incoming, response) => void serveBots(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

interface Answer {
  status: number;
  body: { ok?: boolean; result?: unknown; description?: string };
}

/** `from`: which address of this machine asks. */
function ask(path: string, body: object = {}, from = '127.0.0.1'): Promise<Answer> & { hangUp(): void } {
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json' };
  const options = { port, host: '127.0.0.1', path, method: 'POST', headers, localAddress: from };
  const sent = request(options);
  const answer = new Promise<Answer>((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.on('data', (part) => (text += String(part)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
  });
  sent.end(JSON.stringify(body));
  return Object.assign(answer, { hangUp: () => void sent.destroy() });
}

const poll = (token: string, more: object = {}, from?: string) =>
  ask(`/bot${token}/getUpdates`, { timeout: 20, ...more }, from);
const recordOf = async (token: string): Promise<BotRecord> =>
  (await ask('/bots/record', { token })).body as unknown as BotRecord;

async function taken(): Promise<string> {
  made += 1;
  const token = `${made}:made-up`;
  await ask('/bots', { token, username: 'lab_bot' });
  return token;
}

async function waiting(token: string, from?: string): Promise<void> {
  await expect
    .poll(async () => (await recordOf(token)).polls.some((each) => each.end === null && each.from === from))
    .toBe(true);
}

test('who polls waits until somebody writes, and has read what it confirms', async () => {
  const token = await taken();
  const first = poll(token);
  await waiting(token, '127.0.0.1');
  await ask('/bots/say', { token, from: 7, name: 'Ada', text: 'hello' });
  const { result } = (await first).body as { result: { update_id: number; message: { text: string } }[] };
  expect(result.map(({ message }) => message.text)).toEqual(['hello']);
  const again = (await poll(token, { timeout: 0, offset: 0 })).body.result as unknown[];
  expect(again).toHaveLength(1);
  const confirmed = await poll(token, { timeout: 0, offset: result[0]!.update_id + 1 });
  expect(confirmed.body).toEqual({ ok: true, result: [] });
  const { polls } = await recordOf(token);
  expect(polls.map(({ from, by }) => `${from} ${by}`)).toEqual([
    '127.0.0.1 updates',
    '127.0.0.1 updates',
    '127.0.0.1 timeout',
  ]);
});

test('a poll waits as long as it said', async () => {
  const token = await taken();
  await poll(token, { timeout: 1 });
  const [only] = (await recordOf(token)).polls;
  expect(only!.end! - only!.begin).toBeGreaterThanOrEqual(990);
});

test('a second poller sends the first one away, and both stand in the record', async () => {
  const token = await taken();
  const first = poll(token, {}, '127.0.0.2');
  await waiting(token, '127.0.0.2');
  const second = poll(token, {}, '127.0.0.3');
  expect(await first).toMatchObject({ status: 409, body: { ok: false } });
  expect((await first).body.description).toMatch(/^Conflict: terminated by other getUpdates request/);
  await waiting(token, '127.0.0.3');
  const { polls } = await recordOf(token);
  expect(overlaps(polls)).toEqual([expect.stringMatching(/^127\.0\.0\.3 took it from 127\.0\.0\.2 at /)]);
  expect(pollersOf(polls)).toEqual(['127.0.0.2', '127.0.0.3']);
  expect(holder(polls)).toBe('127.0.0.3');
  second.hangUp();
  await expect(second).rejects.toThrow();
  await expect.poll(async () => (await recordOf(token)).polls.at(-1)!.by).toBe('gone');
});

test('a token that nobody added or that was revoked is refused, in the middle of a poll too', async () => {
  expect((await ask('/bot1:unknown/getMe')).status).toBe(401);
  const token = await taken();
  const waits = poll(token);
  await waiting(token, '127.0.0.1');
  await ask('/bots/revoke', { token });
  expect((await waits).status).toBe(401);
  expect((await ask(`/bot${token}/getMe`)).status).toBe(401);
});

test('it says who the bot is, answers what it does not know, and writes it down', async () => {
  const token = await taken();
  const me = await ask(`/bot${token}/getMe`);
  expect(me.body.result).toMatchObject({ id: made, is_bot: true, username: 'lab_bot' });
  expect((await ask(`/bot${token}/setMyShoes`)).body).toEqual({ ok: true, result: true });
  const message = await ask(`/bot${token}/sendMessage`, { chat_id: 7, text: 'hi' });
  expect(message.body.result).toMatchObject({ chat: { id: 7 }, text: 'hi' });
  const { calls } = await recordOf(token);
  expect(calls.map(({ method }) => method)).toEqual(['getMe', 'setMyShoes', 'sendMessage']);
});

test.each([
  ['/bot1:x/getMe', true],
  ['/bots/record', true],
  ['/v1/models', false],
  ['/bottom', false],
])('%s is of the Bot API: %s', (path, is) => expect(isBotPath(path)).toBe(is));

const polled = (from: string, begin: number, end: number | null, more: Partial<Poll> = {}): Poll => ({
  ...{ from, begin, end, by: end === null ? null : 'timeout' },
  ...more,
});

test('polls in a row are one hold; a pause ends it', () => {
  const polls = [polled('a', 0, 1000), polled('a', 1500, 2000), polled('a', 60_000, null)];
  expect(holds(polls, 61_000)).toEqual([
    { from: 'a', begin: 0, end: 2000 },
    { from: 'a', begin: 60_000, end: 61_000 },
  ]);
});

test.each<[what: string, polls: Poll[], found: number]>([
  ['one after the other', [polled('a', 0, 1000), polled('b', 1000, 2000)], 0],
  ['there and back', [polled('a', 0, 1000), polled('b', 5000, 6000), polled('a', 9000, null)], 0],
  ['at the same time', [polled('a', 0, 5000), polled('b', 1000, 2000)], 1],
  ['by turns', [polled('a', 0, 1000), polled('b', 1100, 2000), polled('a', 2100, 3000)], 1],
  ['one sent away by another', [polled('a', 0, 1000, { by: 'conflict', rival: 'b' })], 1],
  ['one sent away by itself', [polled('a', 0, 1000, { by: 'conflict', rival: 'a' })], 0],
])('two addresses, %s', (_, polls, found) => expect(overlaps(polls, 10_000)).toHaveLength(found));

test('nobody holds a bot that nobody has asked for a while', () => {
  expect(holder([polled('a', 0, 1000)], 3_000)).toBe('a');
  expect(holder([polled('a', 0, 1000)], 9_000)).toBeUndefined();
});
