// Judges one small question to each model, and one turn of the agent: who answered, who did not, and whose fault that is.
import type { Counters, ModelCall, ModelCalls } from '../commands/model-calls.js';
import type { Turn } from '../commands/turn.js';
import type { CheckResult, Judgement, Server } from '../model.js';
import { excerpt } from './attack-verdict.js';
import { fail, onHost, pass, rerun, unknown } from './define.js';
import { withoutSecrets } from './leaks.js';

/** Tokens of one answer: enough for a word, and for a model that thinks first to be cut off. */
export const SMOKE_TOKENS = 16;

interface Kind {
  pattern: RegExp;
  what: string;
  remedy(server: Server, model: string): string[];
}

function setKey({ models, providers }: Server, model: string): string {
  const provider = models.list.find(({ name }) => name === model)?.provider ?? '';
  const key = providers[provider]?.key;
  if (key === undefined) return `give providers.${provider} a key in clincher.yaml: it has none`;
  return key.startsWith('secret://') ? `clincher secrets set ${key}` : `correct what ${key} holds`;
}

const LATE: Kind = {
  pattern: /\bTimeout\b|timed out/i,
  what: 'the provider does not answer in time',
  remedy: (server) => [
    `clincher run smoke -s ${server.name}`,
    onHost(server, 'docker logs --tail 50 openclaw-litellm'),
  ],
};

/** The first that fits: LiteLLM tells by words what one status can mean. */
const KINDS: readonly Kind[] = [
  {
    pattern: /crossed budget|exceeded budget|BudgetExceeded|over budget/i,
    what: 'over its budget: LiteLLM refuses it until the period ends',
    remedy: (server) => [
      `wait for the end of the period (${server.models.budget_period}), or raise budget_usd in models.list`,
      rerun(server, 'stack.models,stack.services'),
    ],
  },
  {
    pattern:
      /invalid proxy server token|"type":\s*"(?:auth_error|token_not_found)|LiteLLM Virtual Key|No connected db/i,
    what: 'LiteLLM refuses the gateway’s own key',
    remedy: (server) => [rerun(server, 'stack.env,stack.secrets,stack.services')],
  },
  {
    pattern: /AuthenticationError|PermissionDenied|invalid[_ ]api[_ ]key|invalid x-api-key/i,
    what: 'the provider refuses the key',
    remedy: (server, model) => [setKey(server, model), rerun(server, 'stack.env,stack.services')],
  },
  {
    pattern: /NotFoundError|Invalid model name|model_not_found/i,
    what: 'there is no model of this name',
    remedy: (server, model) => [
      `correct the id of ${model} in models.list`,
      rerun(server, 'stack.models,stack.services'),
    ],
  },
  LATE,
  {
    pattern:
      /APIConnectionError|Connection error|Cannot connect|ConnectError|ProxyError|407|name resolution/i,
    what: 'the provider cannot be reached',
    remedy: (server) => [
      `clincher verify -s ${server.name} --only 'verify.egress*'`,
      onHost(server, 'docker logs --tail 50 openclaw-egress'),
    ],
  },
  {
    pattern: /RateLimitError|rate limit|No deployments available|rpm limit/i,
    what: 'too many requests: the provider, or its requests_per_minute here, says so',
    remedy: (server) => [`wait a minute, then: clincher run smoke -s ${server.name}`],
  },
];

const OTHER: Omit<Kind, 'pattern'> = {
  what: 'it does not answer',
  remedy: (server) => [onHost(server, 'docker logs --tail 50 openclaw-litellm')],
};

/** LiteLLM's own message, without the JSON around it. */
function messageOf(refusal: string): string {
  const found = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(refusal)?.[1];
  return withoutSecrets(found ?? refusal)
    .replace(/\\n/g, ' ')
    .slice(0, 300);
}

function refused({ model, status, refusal = '' }: ModelCall, server: Server): Judgement {
  const kind = KINDS.find(({ pattern }) => pattern.test(refusal)) ?? OTHER;
  return fail(
    [`${model}: ${kind.what}`, `LiteLLM answers ${status}: ${messageOf(refusal)}`],
    ...kind.remedy(server, model),
  );
}

function silent({ model, error = '', ms }: ModelCall, server: Server): Judgement {
  if (error === 'timeout')
    return fail([`${model}: no answer within ${Math.round(ms / 1000)} s`], ...LATE.remedy(server, model));
  return unknown(
    `${model}: LiteLLM could not be asked (${error})`,
    `clincher verify -s ${server.name} --only 'verify.litellm*'`,
  );
}

export const rose = (before: Counters, after: Counters, model: string): boolean =>
  (after.answers[model] ?? 0) > (before.answers[model] ?? 0);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** LiteLLM has no price of models of one's own, and of very new ones. */
export const dollars = (usd: number | undefined): string =>
  usd === undefined || usd === 0 ? 'no price known' : `$${usd.toFixed(6)}`;

export function judgeCall(call: ModelCall, { before, after }: ModelCalls, server: Server): Judgement {
  if (call.status === undefined || call.error !== undefined) return silent(call, server);
  if (call.status !== 200) return refused(call, server);
  if (!rose(before, after, call.model))
    return unknown(
      `${call.model} answered, and LiteLLM’s counter of its answers did not rise`,
      onHost(server, 'docker logs --tail 50 openclaw-litellm'),
    );
  return pass(
    `answered ${excerpt(call.answer ?? '')} in ${seconds(call.ms)}, ${call.tokens ?? '?'} tokens, ${dollars(call.costUsd)}`,
    'LiteLLM’s counter of its answers rose',
  );
}

/** Nothing counts embeddings, so their answer is the proof. */
export function judgeEmbedding(call: ModelCall, server: Server): Judgement {
  if (call.status === undefined || call.error !== undefined) return silent(call, server);
  if (call.status !== 200) return refused(call, server);
  return pass(`answered with ${call.answer} in ${seconds(call.ms)}`);
}

/** The way of a person's message: gateway, agent, LiteLLM, model. */
export function judgeTurn(turn: Turn, before: Counters, after: Counters, server: Server): Judgement {
  const logs = [onHost(server, 'docker logs --tail 50 openclaw'), `clincher verify -s ${server.name}`];
  if (turn.error !== undefined)
    return fail([`the agent failed: ${withoutSecrets(turn.error).slice(0, 400)}`], ...logs);
  if (turn.answer === '') return fail(['the agent said nothing'], ...logs);
  const answered = server.models.list.filter(({ name }) => rose(before, after, name)).map(({ name }) => name);
  if (answered.length === 0)
    return fail(
      ['the agent answered, and no counter of LiteLLM rose: it was asked past it'],
      rerun(server, 'openclaw.*'),
    );
  return pass(`the agent answered ${excerpt(turn.answer)}`, `LiteLLM counted it: ${answered.join(', ')}`);
}

type About = Omit<CheckResult, 'verdict' | 'evidence' | 'remedy'>;

export const aboutModel = (model: string): About => ({
  id: `smoke.${model}`,
  title: `${model} answers`,
  why: 'A model that is dead is found by whoever needs its answer, and its fallback hides it until that one is dead as well.',
  source: 'guide Step 10',
  vantage: 'host',
});

export const ABOUT_TURN: About = {
  id: 'smoke.agent',
  title: 'The agent answers a message, and LiteLLM counts it',
  why: 'Gateway and models can be healthy one by one while no message is ever answered.',
  source: 'guide Step 10; https://docs.openclaw.ai/cli/agent',
  vantage: 'host',
};
