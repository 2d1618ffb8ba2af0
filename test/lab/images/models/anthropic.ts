// The fake model in Anthropic's dialect: messages, whole or streamed.
import { type Message, type Reply, textOf, tokens } from './script.js';

export interface MessagesRequest {
  model?: string;
  stream?: boolean;
  system?: unknown;
  messages?: { role: string; content?: unknown }[];
}

/** The system's words first; what a tool answered counts as said by the tool, though the user hands it over. */
export function messagesOf({ system, messages = [] }: MessagesRequest): Message[] {
  const rest = messages.map(({ role, content }) => {
    const isResult =
      Array.isArray(content) && content.some((part: { type?: string }) => part.type === 'tool_result');
    return { role: isResult ? 'tool' : role, text: textOf(content) };
  });
  return [...(system ? [{ role: 'system', text: textOf(system) }] : []), ...rest];
}

export function messageAnswer(asked: MessagesRequest, reply: Reply, id: string): object {
  return { ...head(asked, id), content: [block(reply, id)], ...end(reply), usage: usage(asked, reply) };
}

/** Each goes out under the name of its type. */
export function messageEvents(asked: MessagesRequest, reply: Reply, id: string): { type: string }[] {
  const { input_tokens, output_tokens } = usage(asked, reply);
  const begun = { ...head(asked, id), content: [], usage: { input_tokens, output_tokens: 1 } };
  const delta = reply.tool
    ? { type: 'input_json_delta', partial_json: JSON.stringify(reply.tool.input) }
    : { type: 'text_delta', text: reply.text };
  return [
    { type: 'message_start', message: { ...begun, stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: emptied(reply, id) },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: end(reply), usage: { output_tokens } },
    { type: 'message_stop' },
  ] as { type: string }[];
}

function head({ model = 'fake' }: MessagesRequest, id: string): object {
  return { id: `msg_${id}`, type: 'message', role: 'assistant', model };
}

function block({ tool, text }: Reply, id: string): object {
  return tool ? { type: 'tool_use', id: `toolu_${id}`, ...tool } : { type: 'text', text };
}

function emptied({ tool }: Reply, id: string): object {
  return tool
    ? { type: 'tool_use', id: `toolu_${id}`, name: tool.name, input: {} }
    : { type: 'text', text: '' };
}

function end({ tool }: Reply): object {
  return { stop_reason: tool ? 'tool_use' : 'end_turn', stop_sequence: null };
}

function usage(asked: MessagesRequest, reply: Reply): { input_tokens: number; output_tokens: number } {
  const prompt = messagesOf(asked).map(({ text }) => text);
  const answer = reply.tool ? JSON.stringify(reply.tool) : reply.text;
  return { input_tokens: tokens(prompt.join('\n')), output_tokens: tokens(answer) };
}
