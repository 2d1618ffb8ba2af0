// What the fake model says: `pong`, or what a marker in the last message of the user tells it to.
//   [[say: TEXT]]            this text
//   [[tool: NAME {"a":1}]]   a call of this tool, with these arguments
//   [[fail: 529]]            no answer but this HTTP status
//   [[wait: 2000]]           first waits so many milliseconds
import { createHash } from 'node:crypto';

export interface Message {
  role: string;
  text: string;
}

export interface Reply {
  text: string;
  tool?: { name: string; input: Record<string, unknown> } | undefined;
  fail?: number | undefined;
  waitMs: number;
}

export function replyTo(messages: readonly Message[]): Reply {
  const last = messages.at(-1);
  // After a tool has answered, its words come back: the prompt's marker would call it for ever.
  if (last?.role === 'tool') return { text: `The tool said: ${last.text}`, waitMs: 0 };
  const said = messages.filter(({ role }) => role === 'user').at(-1)?.text ?? '';
  const marked = (name: string): string | undefined =>
    new RegExp(`\\[\\[${name}:\\s*([\\s\\S]*?)\\]\\]`).exec(said)?.[1]?.trim();
  return {
    text: marked('say') ?? 'pong',
    tool: toolOf(marked('tool')),
    fail: Number(marked('fail')) || undefined,
    waitMs: Number(marked('wait')) || 0,
  };
}

function toolOf(words: string | undefined): Reply['tool'] {
  const [, name, input] = /^(\S+)\s*([\s\S]*)$/.exec(words ?? '') ?? [];
  return name ? { name, input: JSON.parse(input || '{}') as Record<string, unknown> } : undefined;
}

/** Near enough to what a tokenizer counts, and the same each time. */
export function tokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}

/** The same text has the same vector, of length one. */
export function embedding(text: string, dimensions: number): number[] {
  const raw = Array.from({ length: dimensions }, (_, i) => {
    const byte = createHash('sha256')
      .update(`${i >> 5}\0${text}`)
      .digest()[i & 31]!;
    return byte / 127.5 - 1;
  });
  const length = Math.hypot(...raw);
  return raw.map((each) => each / length);
}

/** Content is a text or a list of parts, in both dialects. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { text?: unknown; content?: unknown }) => textOf(part.text ?? part.content))
    .join('\n');
}
