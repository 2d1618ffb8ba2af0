// Whether the channels can talk: asked inside the gateway's container, through its own egress proxy, with its own tokens.
import type { Action, Fact, Reading } from '../model.js';
import { answered } from './docker-api.js';
import type { Connected, Said } from './inside.js';
import { asked, jsonOf } from './openclaw.js';

export type ChannelName = 'telegram' | 'discord' | 'slack' | 'webhook';

/** One call of a service's API. */
export interface ApiSaid extends Said {
  /** What the egress proxy said first; without it nothing was asked. */
  connect?: Connected;
  hasToken: boolean;
  /** Slack and Telegram say so in the body, whatever the status. */
  isOk?: boolean;
  /** The service's own word for what is wrong: `invalid_auth`. */
  word?: string;
  /** Who the token is: the bot's name. */
  name?: string;
}

export interface ChannelsSaid {
  telegram?: ApiSaid;
  discord?: ApiSaid;
  slackBot?: ApiSaid;
  slackApp?: ApiSaid;
  webhook?: { anonymous: Said; known: Said };
}

/**
 * Tokens are read from the mounted file and go nowhere but to their service; of errors only codes leave, since a text may
 * hold the address, and Telegram's address holds the token. The empty call of the webhook is refused as empty where its
 * token is taken: nothing is asked of a model.
 */
const PROBE = `const http = require('http'), https = require('https'), net = require('net'), tls = require('tls'), fs = require('fs');
const wanted = JSON.parse(process.argv[1]), telegramRoot = process.argv[2] || 'https://api.telegram.org', ms = 15000;
let keys = {}; try { keys = JSON.parse(fs.readFileSync('/home/node/.config/clincher/secrets.json', 'utf8')); } catch {}
const proxy = new URL(process.env.HTTPS_PROXY || 'http://openclaw-egress:4750');
const codeOf = (error) => error.code || 'no answer';
const tunnel = (door) => new Promise((done) => {
  const request = http.request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: door, agent: new http.Agent(), timeout: ms });
  const end = (answer, socket) => {
    const reason = answer.headers['x-smokescreen-error'], connect = { status: answer.statusCode, ...(reason ? { reason } : {}) };
    if (answer.statusCode === 200) return done({ connect, socket });
    socket.destroy(); done({ connect });
  };
  request.on('connect', end); request.on('response', (answer) => end(answer, answer.socket));
  request.on('timeout', () => { done({ connect: { error: 'timeout' } }); request.destroy(); });
  request.on('error', (error) => done({ connect: { error: codeOf(error) } }));
  request.end();
});
const read = (text) => {
  let body = {}; try { body = JSON.parse(text) || {}; } catch {}
  const name = body.username || (body.result && body.result.username) || body.user;
  return { ...(typeof body.ok === 'boolean' ? { isOk: body.ok } : {}), ...(/^[\\w.-]{1,60}$/.test(body.error || '') ? { word: body.error } : {}), ...(/^[\\w.-]{1,64}$/.test(name || '') ? { name } : {}) };
};
const spoken = (options, body) => new Promise((done) => {
  const request = (options.isTls ? https : http).request(options, (answer) => {
    let text = ''; answer.on('data', (chunk) => { if (text.length < 50000) text += chunk; });
    answer.on('end', () => done({ status: answer.statusCode, ...read(text) }));
  });
  request.on('timeout', () => { done({ error: 'timeout' }); request.destroy(); });
  request.on('error', (error) => done({ error: codeOf(error) }));
  request.end(body);
});
const api = async (token, root, path, { method = 'GET', headers = {} } = {}) => {
  if (!token) return { hasToken: false };
  const { protocol, hostname, port } = new URL(root), isTls = protocol === 'https:', host = hostname.replace(/^\\[|\\]$/g, '');
  const { connect, socket } = await tunnel(hostname + ':' + (port || (isTls ? 443 : 80)));
  if (!socket) return { hasToken: true, connect };
  try {
    const createConnection = () => isTls ? tls.connect({ socket, ...(net.isIP(host) ? { host } : { servername: host }) }) : socket;
    return { hasToken: true, connect, ...(await spoken({ isTls, host, port, path, method, headers, timeout: ms, createConnection })) };
  } catch (error) { return { hasToken: true, connect, error: codeOf(error) }; } finally { socket.destroy(); }
};
const slack = (token, method) => api(token, 'https://slack.com', '/api/' + method, { method: 'POST', headers: { authorization: 'Bearer ' + token, 'content-length': 0 } });
const hook = (token) => spoken({ host: '127.0.0.1', port: 18789, path: '/hooks/wake', method: 'POST', timeout: ms, agent: new http.Agent(),
  headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: 'Bearer ' + token }) } }, '{}');
const calls = {
  telegram: async () => ({ telegram: await api(keys.telegramToken, telegramRoot, '/bot' + keys.telegramToken + '/getMe') }),
  discord: async () => ({ discord: await api(keys.discordToken, 'https://discord.com', '/api/v10/users/@me', { headers: { authorization: 'Bot ' + keys.discordToken, 'user-agent': 'DiscordBot (https://openclaw.ai, 1)' } }) }),
  slack: async () => ({ slackBot: await slack(keys.slackBotToken, 'auth.test'), slackApp: await slack(keys.slackAppToken, 'apps.connections.open') }),
  webhook: async () => { const anonymous = await hook(); return { webhook: { anonymous, known: await hook(process.env.OPENCLAW_WEBHOOK_TOKEN || '') } }; },
};
(async () => {
  const said = await Promise.all(wanted.map((name) => calls[name]()));
  process.stdout.write(JSON.stringify(Object.assign({}, ...said)), () => process.exit(0));
})();`;

/** All channels by one exec: equal questions are asked once. `telegramRoot`: of a Bot API server of one's own. */
export const channelsSaid = (
  names: readonly ChannelName[],
  telegramRoot?: string | undefined,
): Fact<ChannelsSaid> => ({
  read: [
    ...['timeout', '80', 'docker', 'exec', 'openclaw', 'node', '-e', PROBE, JSON.stringify(names)],
    ...(telegramRoot === undefined ? [] : [telegramRoot]),
  ],
  parse: (reading) => answered<ChannelsSaid>(reading),
});

export interface ChannelState {
  isRunning: boolean;
  /** The gateway's words, tokens taken out. */
  lastError?: string;
}

/** Although it came up without its channels after a loop of its own: the gateway's own way back (2026.8 and newer). */
export const startChannel = (name: string): Action => ({
  command: [
    ...['timeout', '120', ...asked('gateway', 'call', 'channels.start', '--json', '--timeout', '60000')],
    ...['--params', JSON.stringify({ channel: name })],
  ],
});

/** What it says of that: whether it is connected, only the channel's own state tells. */
export const isStarted = (log: string): boolean => /"started":\s*true/.test(log);

interface Account {
  accountId?: unknown;
  running?: unknown;
  lastError?: unknown;
}

/** Libraries put the whole address into their errors. */
const masked = (text: string): string =>
  text.replace(/\d{6,}:[\w-]{20,}|x(?:ox[a-z]|app)-[\w-]+/g, '…').slice(0, 200);

/** By channel, as the gateway itself sees them. */
export const channelStates: Fact<Record<string, ChannelState>> = {
  read: ['timeout', '240', ...asked('channels', 'status', '--json', '--timeout', '60000')],
  parse(reading: Reading) {
    const said = jsonOf(reading) as { channelAccounts?: Record<string, Account[]> };
    if (typeof said.channelAccounts !== 'object' || said.channelAccounts === null)
      throw new Error('the gateway did not say how its channels are');
    return Object.fromEntries(
      Object.entries(said.channelAccounts).map(([name, accounts]) => [name, stateOf(accounts)]),
    );
  },
};

function stateOf(accounts: readonly Account[]): ChannelState {
  const account = accounts.find(({ accountId }) => accountId === 'default') ?? accounts[0];
  const error = account?.lastError;
  return {
    isRunning: account?.running === true,
    ...(typeof error === 'string' && error !== '' ? { lastError: masked(error) } : {}),
  };
}
