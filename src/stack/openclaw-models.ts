// OpenClaw's settings of models and memory: every call goes to LiteLLM, none to a provider.
import type { Model, Server } from '../model.js';
import { critical, fileSecret, type Json, plain, type Row, since6, since8 } from './openclaw-row.js';
import type { Version } from './openclaw-version.js';

export const LITELLM_URL = 'http://openclaw-litellm:4000/v1';

/** What OpenClaw calls a model of LiteLLM. */
export const modelRef = (name: string): string => `litellm/${name}`;

/** The embedding model's name at LiteLLM, which must have one of this name where memory is on. */
export const memoryModel = ({ memory }: Pick<Server, 'memory'>): string =>
  `${memory.provider}/${memory.model}`;

const catalogued = ({ name, context_window, max_tokens }: Model): Json => ({
  id: name,
  name,
  reasoning: false,
  input: ['text'],
  contextWindow: context_window,
  maxTokens: max_tokens,
});

/** Nothing beside LiteLLM: another provider would be a way around budgets and the log. */
const providers = ({ models }: Server): Json => ({
  litellm: {
    baseUrl: LITELLM_URL,
    apiKey: fileSecret('litellmKey'),
    api: 'openai-completions',
    models: models.list.map(catalogued),
  },
});

/** Older versions send this limit, newer ones the catalogue's: it stands in both. */
const limits = ({ models }: Server): Json =>
  Object.fromEntries(
    models.list.map(({ name, max_tokens }) => [modelRef(name), { params: { maxTokens: max_tokens } }]),
  );

const fallbacks = ({ models }: Server): string[] =>
  models.list.find(({ name }) => name === models.default)?.fallbacks.map(modelRef) ?? [];

const embeddings = (name: string): Row['key'] =>
  since8(`memory.search.${name}`, `agents.defaults.memorySearch.${name}`);

const remembered =
  (value: Json | ((want: Server, version: Version) => Json)) =>
  (want: Server, version: Version): Json | undefined => {
    if (!want.memory.enabled) return undefined;
    return typeof value === 'function' ? value(want, version) : value;
  };

const MEMORY_ROWS: readonly Row[] = [
  plain(embeddings('enabled'), ({ memory }) => memory.enabled),
  // Through LiteLLM as an OpenAI server: the key of the embeddings' provider stays out of the gateway, and newer
  // versions bring no Voyage plugin of their own.
  plain(
    embeddings('provider'),
    remembered((_, { generation }) => (generation === '2026.8' ? 'openai-compatible' : 'openai')),
    { guide: 'memory.provider' },
  ),
  plain(embeddings('model'), remembered(memoryModel), { guide: 'memory.voyage.model' }),
  plain(embeddings('remote'), remembered({ baseUrl: LITELLM_URL, apiKey: fileSecret('litellmKey') })),
  plain(since8(null, 'agents.defaults.memorySearch.fallback'), remembered('none')),
];

/** By its own rules alone a version removes what it likes: with an age in clincher.yaml it only says so, and a person decides. */
const aged =
  (value: (days: number) => Json) =>
  ({ memory }: Server): Json | undefined =>
    memory.keep_conversations_days === undefined ? undefined : value(memory.keep_conversations_days);

const CONVERSATION_ROWS: readonly Row[] = [
  plain(
    'session.maintenance.mode',
    aged(() => 'warn'),
  ),
  plain(
    'session.maintenance.pruneAfter',
    aged((days) => `${days}d`),
    { guide: 'memory purge --older-than' },
  ),
];

export const MODEL_ROWS: readonly Row[] = [
  critical('models.mode', 'replace'),
  // The templates ask the agent to rewrite SOUL.md together with whoever talks to it first.
  critical('agents.defaults.skipBootstrap', true),
  critical('models.providers', providers, { guide: 'agents.defaults.apiBase' }),
  critical(
    'agents.defaults.model',
    (want) => ({ primary: modelRef(want.models.default), fallbacks: fallbacks(want) }),
    { guide: 'agents.defaults.model' },
  ),
  critical('agents.defaults.models', limits, { guide: 'agents.defaults.maxTokens' }),
  plain(
    'agents.defaults.heartbeat',
    ({ openclaw, models }) => ({
      every: `${openclaw.heartbeat_minutes}m`,
      model: modelRef(models.heartbeat),
    }),
    { guide: 'agents.defaults.model.heartbeat' },
  ),
  critical('agents.defaults.verboseDefault', 'off', { guide: 'agents.defaults.groupChat.enableVerbose' }),
  plain(since6('agents.defaults.reasoningDefault'), 'off', {
    guide: 'agents.defaults.groupChat.enableReasoning',
    lacking: 'no default for it; reasoning is shown only where somebody asks for it with /reasoning',
  }),
  critical(
    since8('agents.defaults.modelPolicy.allow', null),
    ({ models }) => models.list.map(({ name }) => modelRef(name)),
    { lacking: 'agents.defaults.models is the list of models that may be chosen' },
  ),
  ...MEMORY_ROWS,
  ...CONVERSATION_ROWS,
];
