// One small question to each model from inside the gateway's container, by the way and with the key that the gateway uses.
import type { Fact } from '../model.js';
import { answered } from './docker-api.js';
import { CONTAINER } from './openclaw.js';

export interface ModelCallsAsk {
  models: string[];
  maxTokens: number;
  /** Of one answer. */
  seconds: number;
}

export interface ModelCall {
  model: string;
  status?: number | undefined;
  /** Why there was no answer at all: `timeout`, `ECONNREFUSED`. */
  error?: string | undefined;
  /** What LiteLLM said instead of an answer. */
  refusal?: string | undefined;
  answer?: string | undefined;
  tokens?: number | undefined;
  /** By LiteLLM's own prices; absent where it knows none. */
  costUsd?: number | undefined;
  ms: number;
}

/** Answers by model, as LiteLLM counts them; and what it says was spent, all in all. */
export interface Counters {
  answers: Record<string, number>;
  spentUsd: number;
}

export interface ModelCalls {
  calls: ModelCall[];
  before: Counters;
  after: Counters;
}

/**
 * No cache and no fallback: each would answer for a model that is dead. After a failure LiteLLM lets a model rest for some
 * seconds and refuses calls without a reason: those are asked again, so that the reason is known. LiteLLM counts a moment after it answers, and
 * from several processes, so its counters are read until they have risen. The key never leaves the container.
 */
export const COMMON = String.raw`const http = require('http'), fs = require('fs'), { randomUUID } = require('crypto');
const ask = JSON.parse(process.argv[1]);
const key = JSON.parse(fs.readFileSync('/home/node/.config/clincher/secrets.json', 'utf8')).litellmKey;
const web = (path, body, ms) => new Promise((done) => {
  const began = Date.now();
  const headers = { authorization: 'Bearer ' + key, ...(body ? { 'content-type': 'application/json' } : {}) };
  const request = http.request('http://openclaw-litellm:4000' + path, { method: body ? 'POST' : 'GET', headers, agent: new http.Agent() }, (answer) => {
    let text = ''; answer.on('data', (chunk) => { if (text.length < 4e6) text += chunk; });
    answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text, ms: Date.now() - began }));
  });
  const clock = setTimeout(() => { done({ error: 'timeout', ms: Date.now() - began }); request.destroy(); }, ms);
  request.on('error', (error) => done({ error: error.code || error.message, ms: Date.now() - began }));
  request.on('close', () => clearTimeout(clock));
  request.end(body && JSON.stringify(body));
});
const label = (line, name) => (new RegExp('[{,]' + name + '="([^"]*)"').exec(line) || [])[1];
const counters = async () => {
  const { text = '', status } = await web('/metrics/', undefined, 30000);
  if (status !== 200) throw new Error('LiteLLM shows no counters: ' + status);
  const lines = text.split('\n'), answers = {};
  const value = (line) => Number(line.slice(line.lastIndexOf(' ')));
  for (const line of lines) if (line.startsWith('litellm_proxy_total_requests_metric_total{') && label(line, 'status_code') === '200') {
    const model = label(line, 'requested_model'); answers[model] = (answers[model] || 0) + value(line);
  }
  const spentUsd = lines.filter((line) => line.startsWith('litellm_spend_metric_total{')).reduce((sum, line) => sum + value(line), 0);
  return { answers, spentUsd };
};
const risen = async (before, models) => {
  for (let i = 0; ; i += 1) {
    const now = await counters();
    if (i >= 12 || models.every((model) => (now.answers[model] || 0) > (before.answers[model] || 0))) return now;
    await new Promise((next) => setTimeout(next, 1000));
  }
};
const end = (work) => work.then((said) => process.stdout.write(JSON.stringify(said), () => process.exit(0)), (error) => { console.error(error.message); process.exit(1); });`;

const CALLS = String.raw`${COMMON}
const one = async (model) => {
  const body = { model, max_tokens: ask.maxTokens, messages: [{ role: 'user', content: 'Answer with one word: pong. (' + randomUUID() + ')' }], cache: { 'no-cache': true }, disable_fallbacks: true };
  let said = await web('/v1/chat/completions', body, ask.seconds * 1000);
  for (let i = 0; i < 2 && said.status === 429 && /cooldown_list=\['/.test(said.text); i += 1) {
    await new Promise((next) => setTimeout(next, 7000));
    said = await web('/v1/chat/completions', body, ask.seconds * 1000);
  }
  const { status, headers, text, error, ms } = said;
  if (status !== 200) return { model, status, error, ms, refusal: text && text.split(key).join('«secret»').slice(0, 1500) };
  try {
    const told = JSON.parse(text), cost = headers['x-litellm-response-cost'];
    return { model, status, ms, answer: String(told.choices[0].message.content || '').slice(0, 200), tokens: told.usage && told.usage.total_tokens, ...(cost === undefined ? {} : { costUsd: Number(cost) }) };
  } catch { return { model, status, ms, error: 'an answer that makes no sense' }; }
};
end((async () => {
  const before = await counters();
  const calls = await Promise.all(ask.models.map(one));
  const after = await risen(before, calls.filter(({ status }) => status === 200).map(({ model }) => model));
  return { calls, before, after };
})());`;

export const modelCalls = (ask: ModelCallsAsk): Fact<ModelCalls> => ({
  read: [
    ...['timeout', String(3 * ask.seconds + 120), 'docker', 'exec', CONTAINER, 'node', '-e', CALLS],
    JSON.stringify(ask),
  ],
  parse: (reading) => answered<ModelCalls>(reading),
});

const LATER = `${COMMON}
end(risen(ask.before, ask.models));`;

/** Once more, until these models have answered more often than before, or a few seconds have passed. */
export const countersLater = (before: Counters, models: readonly string[]): Fact<Counters> => ({
  read: [
    ...['timeout', '120', 'docker', 'exec', CONTAINER, 'node', '-e', LATER],
    JSON.stringify({ before, models }),
  ],
  parse: (reading) => answered<Counters>(reading),
});
