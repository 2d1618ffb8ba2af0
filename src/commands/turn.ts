// One turn of the agent through the gateway's own API, in a conversation that is deleted afterwards; and how it is read.
import type { Fact } from '../model.js';
import { answered } from './docker-api.js';
import { CONTAINER } from './openclaw.js';

export interface TurnAsk {
  message: string;
  /** Stands in the prompt of this turn only. */
  extraPrompt?: string | undefined;
  /** As OpenClaw calls it: `litellm/…`. Absent: the default model. */
  model?: string | undefined;
  /** How long the agent may take. */
  seconds: number;
}

export interface ToolCall {
  tool: string;
  /** Its arguments, as JSON. */
  input: string;
  /** The tool was not there, or was refused. */
  isRefused: boolean;
}

export interface Turn {
  answer: string;
  calls: ToolCall[];
  /** Who answered, as OpenClaw says. */
  model?: string | undefined;
  /** Why there is no answer. */
  error?: string | undefined;
}

/**
 * Calls of the gateway's command line, each with the token in its environment. Known secrets are replaced by their names
 * before anything leaves the container. A conversation of its own: none of a person's is touched, and none stays. What
 * tools were called with stands in the transcript alone; newer versions, which keep it elsewhere, tell it when asked.
 */
const PROGRAM = String.raw`const fs = require('fs'), { execFile } = require('child_process'), { randomUUID } = require('crypto');
process.umask(0o077);
const ask = JSON.parse(process.argv[1]);
const keys = JSON.parse(fs.readFileSync('/home/node/.config/clincher/secrets.json', 'utf8'));
const env = { ...process.env, OPENCLAW_GATEWAY_TOKEN: keys.gatewayToken };
const clean = (text) => Object.entries(keys).reduce((rest, [name, value]) =>
  [value, JSON.stringify(value).slice(1, -1)].reduce((all, form) => form.length < 8 ? all : all.split(form).join('«secret:' + name + '»'), rest), text);
const json = (text) => { const lines = text.split('\n').filter((line) => !line.startsWith('{"time"')); return JSON.parse(lines.slice(lines.findIndex((line) => /^[[{]/.test(line))).join('\n')); };
const call = (method, params, seconds, ...more) => new Promise((done) => {
  const words = ['gateway', 'call', method, '--json', '--timeout', String(seconds * 1000), ...more, '--params', JSON.stringify(params)];
  execFile('openclaw', words, { env, maxBuffer: 16e6, timeout: (seconds + 240) * 1000 }, (error, stdout, stderr) => {
    try { done({ value: json(stdout) }); } catch { done({ error: (stderr.trim() || stdout.trim() || String(error && error.message || error)).slice(-600) }); }
  });
});
const transcript = (id) => {
  try { return fs.readFileSync('/home/node/.openclaw/agents/main/sessions/' + id + '.jsonl', 'utf8').trim().split('\n').map((line) => JSON.parse(line).message).filter(Boolean); } catch { return undefined; }
};
const main = async () => {
  const id = 'clincher-' + randomUUID(), key = 'agent:main:' + id;
  const patched = ask.model ? await call('sessions.patch', { key, model: ask.model }, 60) : {};
  if (patched.error) return { agent: patched, messages: [] };
  const agent = await call('agent', { message: ask.message, sessionKey: key, deliver: false, timeout: ask.seconds, idempotencyKey: id,
    ...(ask.extraPrompt ? { extraSystemPrompt: ask.extraPrompt } : {}) }, ask.seconds + 20, '--expect-final');
  const session = agent.value?.result?.meta?.agentMeta?.sessionId;
  const messages = (session && transcript(session)) ?? (await call('chat.history', { sessionKey: key, limit: 60 }, 60)).value?.messages ?? [];
  const gone = await call('sessions.delete', { key, deleteTranscript: true }, 60);
  for (const path of gone.value?.archived ?? []) fs.rmSync(path, { force: true });
  return { agent, messages };
};
main().then((said) => process.stdout.write(clean(JSON.stringify(said)), () => process.exit(0)));`;

/** Command lines of the gateway take seconds each, and minutes on a small host that is busy. */
const PATIENCE_SECONDS = 420;

export const turn = (ask: TurnAsk): Fact<Turn> => ({
  read: [
    ...[
      'timeout',
      String(ask.seconds + PATIENCE_SECONDS),
      'docker',
      'exec',
      CONTAINER,
      'node',
      '-e',
      PROGRAM,
    ],
    JSON.stringify(ask),
  ],
  parse: (reading) => parseTurn(answered<Told>(reading)),
});

interface Part {
  type?: string;
  id?: string;
  name?: string;
  arguments?: unknown;
}

interface Message {
  role?: string;
  content?: Part[] | string;
  toolCallId?: string;
  toolName?: string;
  isError?: boolean;
  stopReason?: string;
  errorMessage?: string;
}

/** What the program prints. */
interface Told {
  agent: {
    value?: {
      status?: string;
      summary?: string;
      result?: {
        payloads?: { text?: string; isError?: boolean }[];
        meta?: { agentMeta?: { provider?: string; model?: string } };
      };
    };
    error?: string;
  };
  messages: Message[];
}

function parseTurn({ agent: { value, error }, messages }: Told): Turn {
  const payloads = value?.result?.payloads ?? [];
  const { provider, model } = value?.result?.meta?.agentMeta ?? {};
  const why = error ?? failureOf(value, payloads, messages);
  return {
    answer: payloads
      .filter(({ isError }) => !isError)
      .map(({ text = '' }) => text)
      .join('\n')
      .trim(),
    calls: callsIn(messages),
    ...(model === undefined ? {} : { model: `${provider}/${model}` }),
    ...(why === undefined ? {} : { error: why }),
  };
}

function failureOf(
  value: Told['agent']['value'],
  payloads: readonly { text?: string; isError?: boolean }[],
  messages: readonly Message[],
): string | undefined {
  const failed = payloads.find(({ isError }) => isError)?.text;
  if (failed !== undefined) return failed;
  if (value?.status !== 'ok') return value?.summary ?? 'the gateway gave no answer';
  const last = messages.findLast(({ role }) => role === 'assistant');
  return last?.stopReason === 'error' ? (last.errorMessage ?? 'the model gave no answer') : undefined;
}

/** A refused call may have left its result alone. */
function callsIn(messages: readonly Message[]): ToolCall[] {
  const results = messages.filter(({ role }) => role === 'toolResult');
  const asked = messages
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter(({ type }) => type === 'toolCall');
  const known = new Set(asked.map(({ id }) => id));
  const refused = new Set(results.filter(({ isError }) => isError).map(({ toolCallId }) => toolCallId));
  return [
    ...asked.map(({ id, name = '', arguments: input }) => ({
      tool: name,
      input: JSON.stringify(input ?? {}),
      isRefused: refused.has(id),
    })),
    ...results
      .filter(({ toolCallId }) => !known.has(toolCallId))
      .map(({ toolName = '', isError = false }) => ({ tool: toolName, input: '{}', isRefused: isError })),
  ];
}
