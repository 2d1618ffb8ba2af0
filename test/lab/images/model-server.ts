// The fake model server of the lab: one container at a fixed address, and what tests ask of it.
import { createHash } from 'node:crypto';
import type { Say } from '../../../scripts/patiently.js';
import { exclusively } from '../cache.js';
import { docker } from '../docker.js';
import { addresses } from '../network.js';
import { holder, overlaps, pollersOf } from './bot-record.js';
import type { BotRecord } from './models/bot-api.js';
import type { Recorded } from './models/main.js';
import { ensureService } from './service.js';
import { ensureStackImages } from './stack.js';

const { address } = addresses(4);
const url = `http://${address}:8080`;

export interface ModelServer {
  /** `http://10.66.0.4:8080`; OpenAI's dialect below /v1, Anthropic's at /v1/messages. */
  url: string;
  /** How often a model was asked since the last reset. */
  count(): Promise<number>;
  recorded(): Promise<Recorded[]>;
  /** Of all `…-key-of-nobody-…` only these are taken from now on, until the next reset; others are refused with 401. */
  takeOnly(keys: readonly string[]): Promise<void>;
  reset(): Promise<void>;
  /** Its Bot API, which `channels.telegram.api_root` may name; `reset` leaves it as it is. */
  bot: BotApi;
}

/** Bots are told apart by their tokens, made up by each proof: `123456:…`. */
export interface BotApi {
  /** From now on the token is taken; before, and once revoked, it is refused with 401. */
  add(token: string, username?: string): Promise<void>;
  /** A poll that waits ends with 401. */
  revoke(token: string): Promise<void>;
  /** A private message of a person to the bot. */
  say(token: string, message: { from: number; name: string; text: string }): Promise<void>;
  record(token: string): Promise<BotRecord>;
  /** Who has the bot now, by address of the lab's network. */
  holder(token: string): Promise<string | undefined>;
  /** All who ever polled it. */
  pollers(token: string): Promise<string[]>;
  /** A line for each moment at which two had it. */
  overlaps(token: string): Promise<string[]>;
}

export async function ensureModelServer(say: Say): Promise<ModelServer> {
  const { registry, images } = await ensureStackImages(say, ['models']);
  const { repository, version } = images.models;
  await exclusively('model-server', async () => {
    const image = `${registry}/${repository}:${version}`;
    await docker(['pull', '-q', image]);
    await ensureService({ name: 'models', address, image: await idOf(image) });
    await untilHealthy();
  });
  return {
    url,
    count: async () => ((await get('/count')) as { count: number }).count,
    recorded: async () => (await get('/recorded')) as Recorded[],
    takeOnly: async (keys) => {
      const taken = keys.map((key) => createHash('sha256').update(key).digest('hex'));
      await fetch(`${url}/keys`, { method: 'POST', body: JSON.stringify({ taken }) });
    },
    reset: async () => void (await fetch(`${url}/reset`, { method: 'POST' })),
    bot,
  };
}

const record = async (token: string): Promise<BotRecord> =>
  (await post('/bots/record', { token })) as BotRecord;

const bot: BotApi = {
  add: async (token, username) => void (await post('/bots', { token, username })),
  revoke: async (token) => void (await post('/bots/revoke', { token })),
  say: async (token, message) => void (await post('/bots/say', { token, ...message })),
  record,
  holder: async (token) => holder((await record(token)).polls),
  pollers: async (token) => pollersOf((await record(token)).polls),
  overlaps: async (token) => overlaps((await record(token)).polls),
};

async function post(path: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${path} of the model server: ${response.status}`);
  return response.json();
}

/** By its id, so that a new image under the old tag replaces the container. */
function idOf(image: string): Promise<string> {
  return docker(['image', 'inspect', '--format', '{{.Id}}', image]);
}

async function untilHealthy(): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await get('/health').catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The model server does not answer at ${url}`);
}

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`);
  return response.json();
}
