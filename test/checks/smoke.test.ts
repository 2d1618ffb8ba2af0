// The judge of small questions: what LiteLLM 1.81.3 said to each kind of failure, and the remedy that fits it.
import { describe, expect, it } from 'vitest';
import { judgeCall, judgeTurn } from '../../src/checks/smoke.js';
import { redteamBound, smokeBound } from '../../src/checks/trials.js';
import type { Counters, ModelCall } from '../../src/commands/model-calls.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const model = server.models.default;
const counters = (answers: number): Counters => ({ answers: { [model]: answers }, spentUsd: 0 });
const call = (more: Partial<ModelCall>): ModelCall => ({ model, status: 200, ms: 900, ...more });
const judge = (more: Partial<ModelCall>, risen = true) => {
  const one = call(more);
  return judgeCall(one, { calls: [one], before: counters(4), after: counters(risen ? 6 : 4) }, server);
};

const refusal = (message: string, code: string, type = 'None') =>
  JSON.stringify({ error: { message, type, param: 'None', code } });

const REFUSALS: [what: string, status: number, text: string, remedy: string][] = [
  [
    'over its budget',
    429,
    refusal(
      'No deployments available - crossed budget: Exceeded budget for deployment model_name: x, litellm_params.model: openai/x, model_id: 18: 0.6 >= 1m\n',
      '429',
    ),
    'budget_usd',
  ],
  [
    'the provider refuses the key',
    401,
    refusal('litellm.AuthenticationError: AuthenticationError: Hosted_vllmException - told to fail', '401'),
    'clincher secrets set secret://lab/anthropic_api_key',
  ],
  [
    'refuses the gateway’s own key',
    400,
    refusal('No connected db.', '400', 'no_db_connection'),
    'stack.secrets',
  ],
  [
    'cannot be reached',
    500,
    refusal(
      'litellm.InternalServerError: InternalServerError: Hosted_vllmException - Connection error.',
      '500',
    ),
    'verify.egress*',
  ],
  ['in time', 408, refusal('litellm.Timeout: Connection timed out after 60.0 seconds.', '408'), 'run smoke'],
  ['no model of this name', 400, refusal('Invalid model name passed in model=nosuch', '400'), 'models.list'],
  [
    'too many requests',
    429,
    refusal('litellm.RateLimitError: RateLimitError: AnthropicException - slow down', '429'),
    'wait a minute',
  ],
  ['it does not answer', 418, refusal('I am a teapot', '418'), 'docker logs'],
];

describe('a model', () => {
  it('passes by an answer that LiteLLM counted', () => {
    const found = judge({ answer: 'pong', tokens: 20, costUsd: 0.00012 });
    expect(found.verdict).toBe('pass');
    expect(found.evidence[0]).toBe('answered “pong” in 0.9 s, 20 tokens, $0.000120');
  });
  it('is unknown where it answered and the counter stood still', () =>
    expect(judge({ answer: 'pong' }, false).verdict).toBe('unknown'));
  it.each(REFUSALS)('%s', (what, status, text, remedy) => {
    const found = judge({ status, refusal: text });
    expect(found.verdict).toBe('fail');
    expect(found.evidence[0]).toContain(what);
    expect(found.remedy.join('\n')).toContain(remedy);
  });
  it('that says nothing in time is told from a LiteLLM that is not there', () => {
    expect(judge({ status: undefined, error: 'timeout', ms: 60_000 })).toMatchObject({
      verdict: 'fail',
      evidence: [`${model}: no answer within 60 s`],
    });
    expect(judge({ status: undefined, error: 'ECONNREFUSED' }).verdict).toBe('unknown');
  });
  it('no key of a provider is repeated', () => {
    const key = 'sk-abcdefghijklmnopqrstuvwx';
    expect(
      JSON.stringify(judge({ status: 401, refusal: refusal(`AuthenticationError ${key}`, '401') })),
    ).not.toContain(key);
  });
});

describe('the agent', () => {
  const turn = (answer: string, error?: string) => ({ answer, calls: [], ...(error ? { error } : {}) });
  it('passes by an answer that LiteLLM counted, also one of a fallback', () =>
    expect(judgeTurn(turn('pong'), counters(1), counters(2), server).evidence[1]).toBe(
      `LiteLLM counted it: ${model}`,
    ));
  it('fails where it was asked past LiteLLM, says nothing, or fails', () => {
    expect(judgeTurn(turn('pong'), counters(1), counters(1), server).verdict).toBe('fail');
    expect(judgeTurn(turn(''), counters(1), counters(2), server).verdict).toBe('fail');
    expect(judgeTurn(turn('', 'boom'), counters(1), counters(2), server).evidence[0]).toBe(
      'the agent failed: boom',
    );
  });
});

describe('what it may cost is said before', () => {
  it('by questions and tokens', () => {
    expect(smokeBound(server)).toBe(
      `3 questions of at most 16 tokens an answer, and one turn of the agent (${model}, at most 4096 tokens an answer)`,
    );
    expect(redteamBound(server)).toBe(
      '7 turns of the agent, at most 28672 tokens of answers unless it calls tools',
    );
  });
});
