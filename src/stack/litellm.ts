// LiteLLM's configuration: models with budgets that refuse, a cache, fallbacks, and no prompt in any log.
import type { Model, Server } from '../model.js';
import { BUDGET_PROOF } from './budget-proof.js';
import { CACHE_VARIABLE, providerKeys } from './env.js';
import { CACHE_PROVIDER } from './needs.js';
import { memoryModel } from './openclaw-models.js';
import { findProvider } from './providers.js';
import { USAGE_CALLBACK } from './usage-record.js';
import { type Note, yamlText } from './yaml-text.js';

export { BUDGET_PROOF } from './budget-proof.js';

/** Embeds prompts, so that similar ones are found. */
export const CACHE_MODEL = 'cache-embed';
const CACHE_EMBEDDING = 'voyage-3-lite';

interface Entry {
  model_name: string;
  litellm_params: Record<string, unknown>;
}

/** Where `openai` speaks for somebody else, OpenAI's own address would be the wrong one. */
const BASES: Partial<Record<string, string>> = { qianfan: 'https://qianfan.baidubce.com/v2' };

const fromEnv = (name: string): string => `os.environ/${name}`;

function params(server: Server, provider: string, id: string): Record<string, unknown> {
  const base = server.providers[provider]?.api_base ?? BASES[provider];
  const [variable] = providerKeys(server, provider)[0] ?? [];
  return {
    model: `${findProvider(provider)?.prefix ?? provider}/${id}`,
    // A client wants some key, also for a server that asks for none.
    api_key: variable === undefined ? 'none' : fromEnv(variable),
    ...(base === undefined ? {} : { api_base: base }),
  };
}

/** LiteLLM takes a budget of 0 for none at all; a model that costs nothing never reaches this one. */
const LEAST_BUDGET = 0.000001;

const chat = (server: Server, { name, provider, id, requests_per_minute, budget_usd }: Model): Entry => ({
  model_name: name,
  litellm_params: {
    ...params(server, provider, id),
    rpm: requests_per_minute,
    max_budget: Math.max(budget_usd, LEAST_BUDGET),
    budget_duration: server.models.budget_period,
  },
});

const embedding = (server: Server, name: string, provider: string, id: string): Entry => ({
  model_name: name,
  litellm_params: params(server, provider, id),
});

const proof: Entry = {
  model_name: BUDGET_PROOF,
  litellm_params: {
    model: `openai/${BUDGET_PROOF}`,
    api_key: 'none',
    mock_response: 'ok',
    input_cost_per_token: 0.01,
    output_cost_per_token: 0.01,
    max_budget: 0.01,
    budget_duration: '1m',
  },
};

const entries = (server: Server): Entry[] => [
  ...server.models.list.map((model) => chat(server, model)),
  ...(server.stack.cache.mode === 'semantic'
    ? [embedding(server, CACHE_MODEL, CACHE_PROVIDER, CACHE_EMBEDDING)]
    : []),
  ...(server.memory.enabled
    ? [embedding(server, memoryModel(server), server.memory.provider, server.memory.model)]
    : []),
  proof,
];

const REDIS = { host: 'openclaw-redis', port: 6379, password: fromEnv(CACHE_VARIABLE) };

function cache({ stack: { cache: want } }: Server): Record<string, unknown> {
  if (want.mode === 'off') return { cache: false };
  const semantic = {
    similarity_threshold: want.similarity,
    redis_semantic_cache_embedding_model: CACHE_MODEL,
  };
  return {
    cache: true,
    cache_params: {
      type: want.mode === 'semantic' ? 'redis-semantic' : 'redis',
      ...REDIS,
      ttl: want.ttl_seconds,
      ...(want.mode === 'semantic' ? semantic : {}),
      supported_call_types: ['acompletion', 'atext_completion'],
    },
  };
}

const fallbacks = ({ models }: Server): Record<string, string[]>[] =>
  models.list
    .filter((model) => model.fallbacks.length > 0)
    .map((model) => ({ [model.name]: [...model.fallbacks] }));

const config = (server: Server) => ({
  model_list: entries(server),
  litellm_settings: {
    ...cache(server),
    callbacks: ['prometheus', USAGE_CALLBACK],
    json_logs: true,
    turn_off_message_logging: true,
    drop_params: true,
  },
  router_settings: {
    redis_host: REDIS.host,
    redis_port: REDIS.port,
    redis_password: REDIS.password,
    routing_strategy: 'usage-based-routing-v2',
    enable_pre_call_checks: false,
    num_retries: 2,
    retry_after: 1,
    fallbacks: fallbacks(server),
  },
  general_settings: { master_key: fromEnv('LITELLM_MASTER_KEY') },
});

const HEADING = `Models, their budgets and rates. Written by clincher from \`models\`, \`memory\` and \`stack.cache\` of clincher.yaml:
edit those, then \`clincher run provision\`. Keys come from the environment (.env).`;

const NOTES: readonly Note[] = [
  [
    ['model_list', 0, 'litellm_params', 'rpm'],
    'Limits hold here only: under model_info LiteLLM ignores them.',
  ],
  [['litellm_settings', 'turn_off_message_logging'], 'What people write stays out of the logs.'],
  [['litellm_settings', 'drop_params'], 'What a provider does not know is left out, not refused.'],
  [
    ['router_settings', 'redis_host'],
    'What was spent is kept in Redis, or every restart would be a new month.',
  ],
  [
    ['router_settings', 'retry_after'],
    'Seconds. A call over budget is tried again, as if it might help, before it is refused: with 5 that took 16 s.',
  ],
  [
    ['router_settings', 'enable_pre_call_checks'],
    'They refuse every model that this version of LiteLLM has no size of, and newer models are such.',
  ],
];

export function litellmConfig(server: Server): string {
  const value = config(server);
  const proofNote: Note = [
    ['model_list', value.model_list.length - 1],
    'No model, and no money: its second call is answered with 429, as every call over budget is.',
  ];
  return yamlText(HEADING, value, [...NOTES, proofNote]);
}
