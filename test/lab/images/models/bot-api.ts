// The fake Bot API of Telegram: long polls, one poller a bot as at the real one, and a record of who polled when.
// POST /bots, /bots/revoke, /bots/say and /bots/record are for the tests; they carry the token in their body.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Times are milliseconds since 1970, by the clock of this server. */
export interface Poll {
  /** Address that the connection came from: of a gateway on a lab host, that host's. */
  from: string;
  begin: number;
  /** Null: it still waits. */
  end: number | null;
  /** `conflict`: another poll of the same bot began; `gone`: the poller hung up; `refused`: the token was revoked meanwhile. */
  by: 'updates' | 'timeout' | 'conflict' | 'gone' | 'refused' | null;
  /** Who began the poll that ended this one. */
  rival?: string;
}

export interface BotCall {
  at: number;
  from: string;
  method: string;
  body: Fields;
}

export interface BotRecord {
  polls: Poll[];
  /** All but polls, oldest first, the last thousand. */
  calls: BotCall[];
}

type Fields = Record<string, unknown>;

interface Bot extends BotRecord {
  token: string;
  username: string;
  isTaken: boolean;
  updates: ({ update_id: number } & Fields)[];
  made: number;
  /** Ends the poll that waits. */
  waiting?: ((by: NonNullable<Poll['by']>, rival?: string) => void) | undefined;
}

const kept = 1000;
const bots = new Map<string, Bot>();

export const isBotPath = (path: string): boolean =>
  /^\/bot[^/]*\//.test(path) || /^\/bots(?:\/|$)/.test(path);

export async function serveBots(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://bots');
  const body = { ...Object.fromEntries(url.searchParams), ...(await fieldsOf(incoming)) };
  const [, token, method] = /^\/bot([^/]*:[^/]*)\/([^/]+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  if (token !== undefined && method !== undefined) return call(token, method, body, incoming, response);
  const control = CONTROLS[url.pathname];
  if (control === undefined || incoming.method !== 'POST')
    return send(response, 404, wrong(404, 'Not Found'));
  send(response, 200, control(botOf(String(body['token'])), body));
}

const CONTROLS: Readonly<Record<string, (bot: Bot, body: Fields) => object>> = {
  '/bots': (bot, { username }) => {
    bot.isTaken = true;
    if (typeof username === 'string') bot.username = username;
    return { ok: true };
  },
  '/bots/revoke': (bot) => {
    bot.isTaken = false;
    bot.waiting?.('refused');
    return { ok: true };
  },
  '/bots/say': (bot, { from, name, text }) => {
    bot.updates.push(messageTo(bot, Number(from), String(name), String(text)));
    if (bot.waiting) bot.waiting('updates');
    return { ok: true };
  },
  '/bots/record': ({ polls, calls }) => ({ polls, calls }) satisfies BotRecord,
};

function botOf(token: string): Bot {
  const known = bots.get(token);
  if (known) return known;
  const bot = { token, username: `bot_${token.split(':')[0]}`, isTaken: false };
  const made: Bot = { ...bot, updates: [], made: 0, polls: [], calls: [] };
  bots.set(token, made);
  return made;
}

function messageTo(bot: Bot, id: number, name: string, text: string): Bot['updates'][number] {
  bot.made += 1;
  const [chat, from] = [
    { id, type: 'private', first_name: name },
    { id, is_bot: false, first_name: name },
  ];
  return {
    update_id: bot.made,
    message: { message_id: bot.made, date: seconds(), chat, from, text },
  };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

async function call(
  token: string,
  method: string,
  body: Fields,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bot = bots.get(token);
  if (!bot?.isTaken) return send(response, 401, wrong(401, 'Unauthorized'));
  const from = (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (method.toLowerCase() === 'getupdates') return poll(bot, body, from, response);
  bot.calls = [...bot.calls, { at: Date.now(), from, method, body }].slice(-kept);
  send(response, 200, { ok: true, result: RESULTS[method.toLowerCase()]?.(bot, body) ?? true });
}

/** What else is called is answered with `true`, and stands in the record. */
const RESULTS: Readonly<Record<string, (bot: Bot, body: Fields) => unknown>> = {
  getme: ({ token, username }) => ({
    ...{ id: Number(token.split(':')[0]), is_bot: true, first_name: username, username },
    ...{ can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false },
  }),
  getwebhookinfo: ({ updates }) => ({
    ...{ url: '', has_custom_certificate: false, pending_update_count: updates.length },
  }),
  getmycommands: () => [],
  sendmessage: sent,
  editmessagetext: sent,
  getchat: (_, { chat_id }) => ({ id: Number(chat_id), type: 'private', first_name: 'Nobody' }),
};

function sent(bot: Bot, { chat_id, text }: Fields): unknown {
  bot.made += 1;
  const chat = { id: Number(chat_id), type: 'private' };
  return { message_id: bot.made, date: seconds(), chat, text: String(text ?? '') };
}

const CONFLICT =
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

/** The newer poll wins, as at the real one: whoever waits is sent away. */
function poll(bot: Bot, { offset, timeout }: Fields, from: string, response: ServerResponse): void {
  bot.waiting?.('conflict', from);
  confirm(bot, Number(offset ?? 0));
  const entry: Poll = { from, begin: Date.now(), end: null, by: null };
  bot.polls.push(entry);
  const end = (by: NonNullable<Poll['by']>, rival?: string): void => {
    if (entry.end !== null) return;
    Object.assign(entry, { end: Date.now(), by, ...(rival === undefined ? {} : { rival }) });
    clearTimeout(timer);
    bot.waiting = undefined;
    answerPoll(response, by, bot.updates);
  };
  const timer = setTimeout(() => end('timeout'), Number(timeout ?? 0) * 1000);
  bot.waiting = end;
  response.once('close', () => end('gone'));
  if (bot.updates.length > 0) end('updates');
}

function answerPoll(response: ServerResponse, by: NonNullable<Poll['by']>, updates: Bot['updates']): void {
  if (by === 'conflict') send(response, 409, wrong(409, CONFLICT));
  else if (by === 'refused') send(response, 401, wrong(401, 'Unauthorized'));
  else if (by !== 'gone') send(response, 200, { ok: true, result: by === 'updates' ? updates : [] });
}

/** An offset takes what is below it as read; a negative one leaves that many. */
function confirm(bot: Bot, offset: number): void {
  bot.updates =
    offset < 0 ? bot.updates.slice(offset) : bot.updates.filter(({ update_id }) => update_id >= offset);
}

async function fieldsOf(incoming: IncomingMessage): Promise<Fields> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  const type = incoming.headers['content-type'] ?? '';
  if (type.includes('json')) return JSON.parse(text || '{}') as Fields;
  return type.includes('urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : {};
}

function wrong(error_code: number, description: string): object {
  return { ok: false, error_code, description };
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
