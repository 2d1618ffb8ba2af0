// One small question to a model of a provider, to learn whether it takes its key. Costs what a word costs.
import { judgeCall, judgeEmbedding, SMOKE_TOKENS } from '../checks/smoke.js';
import { embeddingCall } from '../commands/embedding-call.js';
import { modelCalls } from '../commands/model-calls.js';
import type { Judgement, Server } from '../model.js';
import { CACHE_MODEL } from '../stack/litellm.js';
import { CACHE_PROVIDER } from '../stack/needs.js';
import { memoryModel } from '../stack/openclaw-models.js';
import type { Asker } from './asker.js';

const CALL_SECONDS = 60;

/** So many are asked: one that is over its budget, or gone, says nothing of the key. */
const ATTEMPTS = 3;

export async function judgeProvider(asker: Asker, provider: string): Promise<Judgement> {
  const [embeds] = embeddingModels(asker.server, provider);
  const chats = chatModels(asker.server, provider).slice(0, ATTEMPTS);
  if (chats.length === 0)
    return embeds === undefined ? asker.unknown(new Error('no model to ask')) : embedding(asker, embeds);
  let last: Judgement = asker.unknown(new Error('no model was asked'));
  for (const model of chats) {
    last = await question(asker, model);
    if (last.verdict === 'pass') return last;
  }
  return last;
}

/** The cheap one first. */
const chatModels = ({ models }: Server, provider: string): string[] =>
  models.list
    .filter((model) => model.provider === provider)
    .map(({ name }) => name)
    .sort((a, b) => Number(b === models.heartbeat) - Number(a === models.heartbeat));

const embeddingModels = (server: Server, provider: string): string[] => [
  ...(server.memory.enabled && server.memory.provider === provider ? [memoryModel(server)] : []),
  ...(server.stack.cache.mode === 'semantic' && provider === CACHE_PROVIDER ? [CACHE_MODEL] : []),
];

async function question(asker: Asker, model: string): Promise<Judgement> {
  const seen = await asker.tried(
    modelCalls({ models: [model], maxTokens: SMOKE_TOKENS, seconds: CALL_SECONDS }),
  );
  return seen instanceof Error ? asker.unknown(seen) : judgeCall(seen.calls[0]!, seen, asker.server);
}

async function embedding(asker: Asker, model: string): Promise<Judgement> {
  const seen = await asker.tried(embeddingCall({ model, seconds: CALL_SECONDS }));
  return seen instanceof Error ? asker.unknown(seen) : judgeEmbedding(seen, asker.server);
}
