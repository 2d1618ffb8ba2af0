// Whether LiteLLM has a cache that takes and gives, by its own word; and how often an answer came from there.
import type { Fact } from '../model.js';
import { answered } from './docker-api.js';
import { COMMON } from './model-calls.js';
import { CONTAINER } from './openclaw.js';

export interface CacheNow {
  /** What LiteLLM answers to /cache/ping: 200, or 503 with a reason. */
  status?: number | undefined;
  error?: string | undefined;
  said: string;
  /** Since it was started; those from the cache are among them. */
  answers: number;
  hits: number;
}

const ASK = String.raw`${COMMON}
end((async () => {
  const { status, error, text = '' } = await web('/cache/ping', undefined, 30000);
  const metrics = (await web('/metrics/', undefined, 30000)).text || '';
  const sum = (name) => metrics.split('\n').filter((line) => line.startsWith(name + '{') && !/requested_model="(clincher-budget-proof)?"/.test(line)).reduce((n, line) => n + Number(line.slice(line.lastIndexOf(' '))), 0);
  const why = status === 200 ? '' : (/"message": ?"([^"]{0,160})/.exec(text.split('\\"').join('"')) || ['', text.slice(0, 160)])[1];
  return { status, error, said: why.split(key).join('«secret»'), answers: sum('litellm_deployment_success_responses_total'), hits: sum('litellm_cache_hits_metric_total') };
})());`;

export const cacheNow: Fact<CacheNow> = {
  read: ['timeout', '90', 'docker', 'exec', CONTAINER, 'node', '-e', ASK, '{}'],
  parse: (reading) => answered<CacheNow>(reading),
};
