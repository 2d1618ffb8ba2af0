// A model server that is none: answers in two dialects as its prompt tells it to, counts, and remembers what it was asked.
// Beside them it is a Bot API of Telegram's (bot-api.ts). GET /count, GET /recorded, POST /keys and POST /reset are for the tests; GET /health for whoever waits.
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type MessagesRequest, messageAnswer, messageEvents, messagesOf } from './anthropic.js';
import { isBotPath, serveBots } from './bot-api.js';
import { inCharacter } from './characters.js';
import {
  type ChatRequest,
  chatAnswer,
  chatEvents,
  chatMessages,
  type EmbeddingRequest,
  embeddings,
} from './openai.js';
import { type Message, type Reply, replyTo } from './script.js';

export interface Recorded {
  at: string;
  path: string;
  /** SHA-256 of the key it came with: enough to tell keys apart, nothing to leak. */
  keyDigest: string | null;
  body: unknown;
}

const kept = 1000;
let recorded: Recorded[] = [];
let count = 0;
/** SHA-256 of each `…-key-of-nobody-…` that is taken; absent: any is. */
let keys: string[] | undefined;

const server = createServer((incoming, response) => {
  serve(incoming, response).catch((error: unknown) => send(response, 400, wrong(String(error))));
});

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(incoming.url ?? '/', 'http://models').pathname;
  if (isBotPath(path)) return serveBots(incoming, response);
  const route = `${incoming.method} ${path}`;
  if (route === 'GET /health') return send(response, 200, { ok: true });
  if (route === 'GET /count') return send(response, 200, { count });
  if (route === 'GET /recorded') return send(response, 200, recorded);
  if (route === 'POST /reset') return send(response, 200, { forgotten: forget() });
  if (route === 'GET /v1/models')
    return send(response, 200, { object: 'list', data: [{ id: 'fake', object: 'model' }] });
  if (incoming.method !== 'POST') return send(response, 404, wrong(`There is no ${route} here`));
  const body = JSON.parse(await text(incoming)) as object;
  if (path === '/keys') return send(response, 200, { taken: took(body) });
  if (isRefused(incoming)) return send(response, 401, refusal);
  remember(path, incoming, body);
  await answer(path, body, response);
}

async function answer(path: string, body: object, response: ServerResponse): Promise<void> {
  const id = randomUUID().replace(/-/g, '').slice(0, 24);
  if (path.endsWith('/embeddings')) return send(response, 200, embeddings(body as EmbeddingRequest));
  if (path.endsWith('/chat/completions')) {
    const asked = body as ChatRequest;
    const reply = replied(asked.model, chatMessages(asked));
    if (await refused(reply, response)) return;
    if (!asked.stream) return send(response, 200, chatAnswer(asked, reply, id));
    const events = chatEvents(asked, reply, id).map((each) => `data: ${JSON.stringify(each)}\n\n`);
    return stream(response, [...events, 'data: [DONE]\n\n']);
  }
  if (path.endsWith('/messages')) {
    const asked = body as MessagesRequest;
    const reply = replied(asked.model, messagesOf(asked));
    if (await refused(reply, response)) return;
    if (!asked.stream) return send(response, 200, messageAnswer(asked, reply, id));
    const events = messageEvents(asked, reply, id);
    return stream(
      response,
      events.map((each) => `event: ${each.type}\ndata: ${JSON.stringify(each)}\n\n`),
    );
  }
  send(response, 404, wrong(`There is no ${path} here`));
}

const replied = (model: string | undefined, messages: Message[]): Reply =>
  inCharacter(model, messages) ?? replyTo(messages);

async function refused({ waitMs, fail }: Reply, response: ServerResponse): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (fail) send(response, fail, wrong('told to fail'));
  return fail !== undefined;
}

/** Both dialects read the part of it that is theirs. */
const refusal = {
  type: 'error',
  error: { type: 'authentication_error', code: 'invalid_api_key', message: 'invalid x-api-key' },
};

const keyOf = ({ headers }: IncomingMessage): string =>
  String(headers.authorization?.replace(/^Bearer /, '') ?? headers['x-api-key'] ?? '');

const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Other proofs ask this server at the same time, with keys of their own: only those that say so are judged. */
const JUDGED = /-key-of-nobody-/;

function isRefused(incoming: IncomingMessage): boolean {
  const key = keyOf(incoming);
  return keys !== undefined && JUDGED.test(key) && !keys.includes(digestOf(key));
}

function took(body: { taken?: string[] }): number {
  keys = body.taken;
  return keys?.length ?? -1;
}

function remember(path: string, incoming: IncomingMessage, body: unknown): void {
  const key = keyOf(incoming);
  const keyDigest = key ? digestOf(key) : null;
  recorded = [...recorded, { at: new Date().toISOString(), path, keyDigest, body }].slice(-kept);
  count += 1;
}

function forget(): number {
  const forgotten = count;
  recorded = [];
  count = 0;
  keys = undefined;
  return forgotten;
}

async function text(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function stream(response: ServerResponse, events: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const event of events) response.write(event);
  response.end();
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function wrong(message: string): object {
  return { type: 'error', error: { type: 'invalid_request_error', message } };
}

server.listen(Number(process.env['PORT'] ?? 8080));
process.once('SIGTERM', () => process.exit(0));
