// What a turn of the real gateway 2026.3.13 looked like, and what is read out of it.
import { describe, expect, it } from 'vitest';
import { turn } from '../../src/commands/turn.js';

const parse = (told: object) =>
  turn({ message: 'x', seconds: 60 }).parse({ stdout: JSON.stringify(told), stderr: '', exitCode: 0 });

const agent = (payloads: object[]) => ({
  value: {
    status: 'ok',
    summary: 'completed',
    result: {
      payloads,
      meta: { durationMs: 2354, agentMeta: { provider: 'litellm', model: 'local/small' } },
    },
  },
});

const refused = {
  role: 'toolResult',
  toolCallId: 'call_8e65',
  toolName: 'exec',
  content: [{ type: 'text', text: 'Tool exec not found' }],
  isError: true,
};
const call = {
  role: 'assistant',
  content: [{ type: 'toolCall', id: 'call_8e65', name: 'exec', arguments: { command: 'id' } }],
  stopReason: 'toolUse',
};

describe('a turn', () => {
  it('is an answer and who gave it', () =>
    expect(parse({ agent: agent([{ text: 'pong', mediaUrl: null }]), messages: [] })).toEqual({
      answer: 'pong',
      calls: [],
      model: 'litellm/local/small',
    }));

  it('tells what tools were called with, and whether they were refused', () => {
    const { calls } = parse({ agent: agent([]), messages: [call, refused] });
    expect(calls).toEqual([{ tool: 'exec', input: '{"command":"id"}', isRefused: true }]);
    expect(
      parse({ agent: agent([]), messages: [call, { ...refused, isError: false }] }).calls[0]?.isRefused,
    ).toBe(false);
  });

  it('knows a call by its result where its arguments are not told', () =>
    expect(parse({ agent: agent([]), messages: [refused] }).calls).toEqual([
      { tool: 'exec', input: '{}', isRefused: true },
    ]));

  it.each([
    [
      'the gateway cannot be asked',
      { agent: { error: 'gateway closed (1008)' }, messages: [] },
      'gateway closed (1008)',
    ],
    [
      'the model failed',
      { agent: agent([{ text: 'HTTP 429: over budget', isError: true }]), messages: [] },
      'HTTP 429: over budget',
    ],
    [
      'the turn did not end well',
      { agent: { value: { status: 'timeout' } }, messages: [] },
      'the gateway gave no answer',
    ],
    [
      'the last message is an error',
      { agent: agent([]), messages: [{ role: 'assistant', stopReason: 'error', errorMessage: '500' }] },
      '500',
    ],
  ])('has no answer where %s', (_, told, error) => {
    expect(parse(told)).toMatchObject({ answer: '', error });
  });

  it('that could not even be begun is no turn', () => {
    const fact = turn({ message: 'x', seconds: 60 });
    expect(() => fact.parse({ stdout: '', stderr: 'No such container: openclaw', exitCode: 1 })).toThrow(
      'No such container',
    );
  });
});
