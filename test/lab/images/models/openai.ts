// The fake model in OpenAI's dialect: chat completions, whole or streamed, and embeddings.
import { embedding, type Message, type Reply, textOf, tokens } from './script.js';

export interface ChatRequest {
  model?: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  messages?: { role: string; content?: unknown }[];
}

export function chatMessages({ messages = [] }: ChatRequest): Message[] {
  return messages.map(({ role, content }) => ({ role, text: textOf(content) }));
}

export function chatAnswer(asked: ChatRequest, reply: Reply, id: string): object {
  const message = { role: 'assistant', content: reply.tool ? null : reply.text, ...toolCalls(reply, id) };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finish(reply) }];
  return { ...head(asked, id, 'chat.completion'), choices, usage: usage(asked, reply) };
}

export function chatEvents(asked: ChatRequest, reply: Reply, id: string): object[] {
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    ...head(asked, id, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, finish_reason }],
  });
  const words = reply.text.match(/\S+\s*|\s+/g) ?? [];
  const parts = reply.tool ? [toolCalls(reply, id)] : words.map((content) => ({ content }));
  const last = { ...head(asked, id, 'chat.completion.chunk'), choices: [], usage: usage(asked, reply) };
  return [
    ...[chunk({ role: 'assistant', content: '' }), ...parts.map((part) => chunk(part))],
    ...[chunk({}, finish(reply)), ...(asked.stream_options?.include_usage ? [last] : [])],
  ];
}

function head({ model = 'fake' }: ChatRequest, id: string, object: string): object {
  return { id: `chatcmpl-${id}`, object, created: Math.floor(Date.now() / 1000), model };
}

function finish({ tool }: Reply): string {
  return tool ? 'tool_calls' : 'stop';
}

function toolCalls({ tool }: Reply, id: string): object {
  if (!tool) return {};
  const call = { name: tool.name, arguments: JSON.stringify(tool.input) };
  return { tool_calls: [{ index: 0, id: `call_${id}`, type: 'function', function: call }] };
}

function usage(asked: ChatRequest, reply: Reply): object {
  const prompt = tokens(
    chatMessages(asked)
      .map(({ text }) => text)
      .join('\n'),
  );
  const completion = tokens(reply.tool ? JSON.stringify(reply.tool) : reply.text);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

export interface EmbeddingRequest {
  model?: string;
  input?: string | string[];
  dimensions?: number;
  encoding_format?: string;
}

export function embeddings({
  model = 'fake',
  input = '',
  dimensions = 1024,
  encoding_format,
}: EmbeddingRequest): object {
  const texts = Array.isArray(input) ? input : [input];
  const encode = (vector: number[]): unknown =>
    encoding_format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
  const data = texts.map((text, index) => ({
    ...{ object: 'embedding', index, embedding: encode(embedding(text, dimensions)) },
  }));
  const count = texts.reduce((sum, text) => sum + tokens(text), 0);
  return { object: 'list', data, model, usage: { prompt_tokens: count, total_tokens: count } };
}
