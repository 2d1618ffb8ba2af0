// Answers that could come from the cache do not: Redis is away, or LiteLLM has no cache, or what is asked is never alike.
import { defineCheck, fail, pass, rerun, runsGateway, unknown } from '../checks/define.js';
import { type CacheNow, cacheNow } from '../commands/cache-now.js';
import type { Server } from '../model.js';
import { defineDiagnosis, differs, down, failed, notHeld } from './define.js';
import { converge, heal } from './repairs.js';

const hasCache = (server: Server): boolean => runsGateway(server) && server.stack.cache.mode !== 'off';

const cacheCheck = defineCheck({
  id: 'diagnose.cache-ping',
  title: 'LiteLLM has a cache, and writes to it',
  why: 'Without one each question is paid for anew, and nothing says so.',
  source: 'https://docs.litellm.ai/docs/proxy/caching#debugging-caching---cacheping',
  vantage: 'host',
  wanted: hasCache,
  facts: () => ({ cache: cacheNow }),
  judge({ cache: { status, error, said } }, server) {
    if (status === 200) return pass('/cache/ping answers 200');
    if (status === undefined) return unknown(`LiteLLM does not answer (${error ?? 'without a reason'})`);
    return fail(
      [`/cache/ping: LiteLLM answers ${status}: ${said}`],
      rerun(server, 'stack.models,stack.services'),
    );
  },
});

/** With fewer answers, or in its first day, a low share means nothing. */
const ENOUGH = 200;
const LOW = 0.05;

const share = ({ hits, answers }: CacheNow): string => `${hits} of ${answers} answers came from the cache`;

const hits = defineCheck({
  id: 'diagnose.cache-hits',
  title: 'Some answers come from the cache',
  why: 'A cache that never hits costs an embedding for each question, and saves nothing.',
  source: 'guide Step 12, row 16 (persistently below 5 %)',
  vantage: 'host',
  wanted: hasCache,
  facts: () => ({ cache: cacheNow }),
  judge({ cache }) {
    if (cache.answers < ENOUGH) return pass(`${share(cache)}: too few to tell`);
    return cache.hits / cache.answers < LOW ? fail([share(cache)]) : pass(share(cache));
  },
});

export const redis = defineDiagnosis({
  id: 'diagnose.redis',
  symptom: 'Redis is not reached',
  why: 'LiteLLM goes on without it: nothing comes from the cache, and what was spent is not counted.',
  source: 'guide Step 12, row 15; https://docs.litellm.ai/docs/proxy/caching',
  asks: [cacheCheck],
  suspects: [
    {
      id: 'redis-down',
      title: 'it does not run',
      needs: [down('redis')],
      also: [notHeld('diagnose.cache-ping')],
      repair: heal('redis'),
    },
    {
      id: 'redis-password',
      title: 'it has another password than LiteLLM is given',
      needs: [failed('verify.redis')],
      also: [differs('stack.env', /REDIS/, 2), differs('stack.compose', /redis/)],
      repair: converge('stack.env,stack.compose,stack.services'),
    },
    {
      id: 'redis-address',
      title: 'LiteLLM looks for it elsewhere',
      needs: [differs('stack.models', /redis|host|port/, 2), failed('diagnose.cache-ping')],
      repair: converge('stack.models,stack.services'),
    },
  ],
});

export const cacheMisses = defineDiagnosis({
  id: 'diagnose.cache',
  symptom: 'Hardly an answer comes from the cache',
  why: 'Each question is paid for, the same one too.',
  source: 'guide Step 12, row 16; https://docs.litellm.ai/docs/proxy/caching',
  wanted: hasCache,
  asks: [cacheCheck, hits],
  suspects: [
    {
      id: 'cache-settings',
      title: 'LiteLLM has another cache than is configured, or none',
      needs: [differs('stack.models', /cache|similarity|ttl/, 3)],
      also: [failed('diagnose.cache-ping'), failed('diagnose.cache-hits')],
      repair: converge('stack.models,stack.services'),
    },
    {
      id: 'cache-threshold',
      title: 'questions are too seldom alike',
      needs: [failed('diagnose.cache-hits')],
      byHand: ({ name, stack }) =>
        stack.cache.mode === 'semantic'
          ? [
              'lower stack.cache.similarity in clincher.yaml by 0.1, and look again after a day',
              `clincher run provision -s ${name} --only 'stack.*'`,
            ]
          : ['stack.cache.mode: semantic in clincher.yaml finds questions that are alike'],
    },
  ],
});
