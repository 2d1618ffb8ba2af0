// Checks of the model proxy: that it answers, whom it refuses, which models it has, and that its budgets are no ornament.
import { type Inside, sayingOf } from '../commands/inside.js';
import { redisNow } from '../commands/redis.js';
import type { Judgement, Server } from '../model.js';
import { BUDGET_PROOF, CACHE_MODEL } from '../stack/litellm.js';
import { memoryModel } from '../stack/openclaw-models.js';
import { defineCheck, fail, onHost, pass, rerun, runsGateway, unknown, unless } from './define.js';
import { fromInside } from './facts.js';

const facts = (server: Server) => ({ inside: fromInside(server) });

export const litellm = defineCheck({
  id: 'verify.litellm',
  title: 'The gateway reaches the model proxy',
  why: 'Every turn of the agent goes through it; without it the gateway is healthy and answers nothing.',
  source: 'guide Step 10; https://docs.litellm.ai/docs/proxy/health',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge: ({ inside: { litellm: now } }, server) =>
    now.live.status === 200
      ? pass('/health/liveliness answers 200')
      : fail(
          [`LiteLLM ${sayingOf(now.live)}`],
          onHost(server, 'docker logs --tail 50 openclaw-litellm'),
          rerun(server, 'stack.*'),
        ),
});

/** One that does not answer at all is another check's to say. */
const ifAlive = ({ litellm: now }: Inside, judge: () => Judgement): Judgement =>
  now.live.status === undefined ? unknown(`LiteLLM ${sayingOf(now.live)}`) : judge();

/** Without a database LiteLLM answers 400 or 500 to a key that it does not know, not 401. */
const isRefused = (status: number | undefined): boolean => status !== undefined && status >= 400;

export const litellmKey = defineCheck({
  id: 'verify.litellm-key',
  title: 'The model proxy refuses a key that is not its own',
  why: 'Whatever runs beside it could spend your money, and no budget would know on whose behalf.',
  source: 'guide Step 3; https://docs.litellm.ai/docs/proxy/virtual_keys',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge: ({ inside }, server) =>
    ifAlive(inside, () =>
      isRefused(inside.litellm.badKey.status)
        ? pass(`a wrong key is answered ${inside.litellm.badKey.status}`)
        : fail(
            [`a wrong key: LiteLLM ${sayingOf(inside.litellm.badKey)}`],
            rerun(server, 'stack.models,stack.env,stack.services'),
          ),
    ),
});

const configured = (server: Server): string[] => [
  ...server.models.list.map(({ name }) => name),
  ...(server.stack.cache.mode === 'semantic' ? [CACHE_MODEL] : []),
  ...(server.memory.enabled ? [memoryModel(server)] : []),
  BUDGET_PROOF,
];

export const models = defineCheck({
  id: 'verify.models',
  title: 'The model proxy has the configured models, and the gateway’s key is good for them',
  why: 'A model that is missing fails at the first question; one too many is a way to spend that nobody budgeted.',
  source: 'guide Steps 3 and 10',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge: ({ inside }, server) =>
    ifAlive(inside, () => {
      const remedy = rerun(server, 'stack.models,stack.secrets,stack.services');
      const { ids, ...said } = inside.litellm.models;
      if (ids === undefined) return fail([`with the gateway’s key LiteLLM ${sayingOf(said)}`], remedy);
      const want = configured(server);
      const wrong = [
        ...want.filter((name) => !ids.includes(name)).map((name) => `${name} is missing`),
        ...ids.filter((name) => !want.includes(name)).map((name) => `${name} is not configured`),
      ];
      return unless(wrong, `${want.length} models, as configured`, remedy);
    }),
});

export const budget = defineCheck({
  id: 'verify.budget',
  title: 'A model that is over its budget is refused',
  why: 'A budget that does not refuse is a bill. LiteLLM ignores one that stands in the wrong place, and says nothing.',
  source: 'guide Step 3; https://docs.litellm.ai/docs/proxy/provider_budget_routing',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge: ({ inside }, server) =>
    ifAlive(inside, () => {
      const calls = inside.litellm.overBudget;
      const said = calls.map((call) => sayingOf(call)).join(', then ');
      const last = calls.at(-1);
      if (last?.status === 429) return pass(`${BUDGET_PROOF}: LiteLLM ${said}`);
      // A key that is refused, or a model that is not there, tells nothing of budgets.
      if (last?.status !== 200) return unknown(`${BUDGET_PROOF}: LiteLLM ${said}`);
      return fail(
        [`${calls.length} calls of a model whose first costs more than it may: LiteLLM ${said}`],
        rerun(server, 'stack.models,stack.services'),
      );
    }),
});

export const redis = defineCheck({
  id: 'verify.redis',
  title: 'The cache answers its password, and nobody without it',
  why: 'It holds answers and what each model has spent: open, any neighbour could read the one and reset the other.',
  source: 'guide Step 10; https://redis.io/docs/latest/operate/oss_and_stack/management/security/',
  vantage: 'host',
  wanted: runsGateway,
  facts: ({ stack }) => ({ redis: redisNow(stack.directory) }),
  judge: ({ redis: now }, server) =>
    unless(
      [
        ...(now.anonymous.startsWith('-NOAUTH')
          ? []
          : [`without a password PING is answered ${now.anonymous}`]),
        ...(now.known === '+PONG' ? [] : [`with its password PING is answered ${now.known}`]),
      ],
      'PING: NOAUTH without the password, PONG with it',
      rerun(server, 'stack.env,stack.services'),
    ),
});
