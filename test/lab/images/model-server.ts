// The fake model server of the lab: one container at a fixed address, and what tests ask of it.
import { createHash } from 'node:crypto';
import type { Say } from '../../../scripts/patiently.js';
import { exclusively } from '../cache.js';
import { docker } from '../docker.js';
import { addresses } from '../network.js';
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
  };
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
