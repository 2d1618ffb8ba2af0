// What the gateway's container itself can reach: its own door, the model proxy, the ways out. One exec for all of it.
import type { Fact } from '../model.js';
import { answered } from './docker-api.js';

/** An HTTP status, or why there was none: `ECONNREFUSED`, `timeout`, … */
export interface Said {
  status?: number;
  error?: string;
  text?: string;
}

/** What a proxy said to CONNECT. */
export interface Connected extends Said {
  /** Smokescreen's reason for a refusal. */
  reason?: string;
}

export interface Inside {
  gateway: {
    ready: Said;
    anonymous: Said;
    badToken: Said;
    goodToken: Said;
    /** By name of the tool, asked for with the good token and without arguments. */
    tools: Record<string, Said>;
  };
  litellm: {
    live: Said;
    badKey: Said;
    models: Said & { ids?: string[] };
    /** Calls of a model whose first answer costs more than it may; what was spent is counted a moment later. */
    overBudget: Said[];
  };
  /** By `host:port`. */
  connects: Record<string, Connected>;
  direct: Said;
  /** Routes to everywhere: the interface, and the address that they lead to. */
  defaultRoutes: { by: string; gateway: string }[];
  /** The configuration that the gateway reads: its file's inode and the hash of its contents. */
  config: { inode: number; sha256: string; isWritable: boolean } | { error: string };
}

export interface InsideAsk {
  tools: string[];
  connects: string[];
  direct: string;
}

/** JavaScript: asks the egress proxy for a way to `host:port`, and for nothing beyond it. */
export const CONNECT = `const connect = (target, ms = 10000) => new Promise((done) => {
  const request = http.request({ host: 'openclaw-egress', port: 4750, method: 'CONNECT', path: target, agent: new http.Agent(), timeout: ms });
  const end = (answer, socket) => { socket.destroy(); const reason = answer.headers['x-smokescreen-error']; done({ status: answer.statusCode, ...(reason ? { reason } : {}) }); };
  request.on('connect', end); request.on('response', (answer) => end(answer, answer.socket));
  request.on('timeout', () => { done({ error: 'timeout' }); request.destroy(); });
  request.on('error', (error) => done({ error: error.code || error.message }));
  request.end();
});`;

/**
 * Node is the one tool that the image must have. An agent of its own keeps each request from the proxy that the
 * environment names. Tokens are read from the mounted file, and only status codes leave. The gateway's limit on failed
 * logins exempts loopback, so that looking never locks anybody out. A gateway that was only just started is given time
 * to become ready: a small host needs a minute for it.
 */
const PROBE = `const http = require('http'), net = require('net'), fs = require('fs'), crypto = require('crypto');
const ask = JSON.parse(process.argv[1]);
let keys = {}; try { keys = JSON.parse(fs.readFileSync('/home/node/.config/clincher/secrets.json', 'utf8')); } catch {}
const web = (url, { method = 'GET', token, body, keep = 0, ms = 15000 } = {}) => new Promise((done) => {
  const headers = { ...(token === undefined ? {} : { authorization: 'Bearer ' + token }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const request = http.request(url, { method, headers, agent: new http.Agent(), timeout: ms }, (answer) => {
    let text = ''; answer.on('data', (chunk) => { if (text.length < 200000) text += chunk; });
    answer.on('end', () => done({ status: answer.statusCode, ...(keep ? { text: text.slice(0, keep) } : {}) }));
  });
  request.on('timeout', () => { done({ error: 'timeout' }); request.destroy(); });
  request.on('error', (error) => done({ error: error.code || error.message }));
  request.end(body);
});
const gateway = 'http://127.0.0.1:18789', litellm = 'http://openclaw-litellm:4000';
const invoke = (tool, token) => web(gateway + '/tools/invoke', { method: 'POST', token, body: JSON.stringify({ tool, args: {} }) });
${CONNECT}
const direct = (target) => new Promise((done) => {
  const [host, port] = target.split(':'), socket = net.connect({ host, port: Number(port), timeout: 3000 });
  socket.on('connect', () => { done({ status: 0 }); socket.destroy(); });
  socket.on('timeout', () => { done({ error: 'timeout' }); socket.destroy(); });
  socket.on('error', (error) => done({ error: error.code || error.message }));
});
const young = ({ status, text = '' }) => status === 503 && Number((/"uptimeMs":\\s*(\\d+)/.exec(text) || [])[1] ?? Infinity) < 180000;
const ready = async (tries = 90) => {
  const said = await web(gateway + '/readyz', { keep: 300 });
  if (tries === 0 || !young(said)) return said;
  await new Promise((next) => setTimeout(next, 1000));
  return ready(tries - 1);
};
const named = async (names, work) => Object.fromEntries(await Promise.all(names.map(async (name) => [name, await work(name)])));
const models = async () => {
  const { text, ...said } = await web(litellm + '/v1/models', { token: keys.litellmKey, keep: 200000 });
  try { return { ...said, ids: JSON.parse(text).data.map(({ id }) => id) }; } catch { return said; }
};
const budget = async () => {
  const body = JSON.stringify({ model: 'clincher-budget-proof', messages: [{ role: 'user', content: 'proof ' + crypto.randomUUID() }], max_tokens: 1 });
  const said = [];
  while (said.length < 5 && (said.length < 2 || said.at(-1).status === 200)) {
    if (said.length > 0) await new Promise((next) => setTimeout(next, 400 * said.length));
    said.push(await web(litellm + '/v1/chat/completions', { method: 'POST', token: keys.litellmKey, body }));
  }
  return said;
};
const config = () => {
  const path = '/home/node/.openclaw/openclaw.json';
  try {
    let isWritable = true; try { fs.accessSync('/home/node/.openclaw', fs.constants.W_OK); } catch { isWritable = false; }
    return { inode: fs.statSync(path).ino, sha256: crypto.createHash('sha256').update(fs.readFileSync(path)).digest('hex'), isWritable };
  } catch (error) { return { error: error.code || error.message }; }
};
const routes = () => fs.readFileSync('/proc/net/route', 'utf8').split('\\n').slice(1).map((line) => line.split('\\t')).filter(([, to, , flags]) => to === '00000000' && parseInt(flags, 16) & 2)
  .map(([by, , hex]) => ({ by, gateway: hex.match(/../g).reverse().map((byte) => parseInt(byte, 16)).join('.') }));
(async () => {
  const isReady = await ready();
  const [anonymous, badToken, goodToken, tools, live, badKey, list, overBudget, connects, straight] = await Promise.all([
    invoke('sessions_list'), invoke('sessions_list', 'clincher-no-such-token'), invoke('sessions_list', keys.gatewayToken),
    named(ask.tools, (tool) => invoke(tool, keys.gatewayToken)), web(litellm + '/health/liveliness'), web(litellm + '/v1/models', { token: 'sk-clincher-no-such-key' }),
    models(), budget(), named(ask.connects, connect), direct(ask.direct)]);
  const answer = { gateway: { ready: isReady, anonymous, badToken, goodToken, tools }, litellm: { live, badKey, models: list, overBudget }, connects, direct: straight, defaultRoutes: routes(), config: config() };
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
})();`;

export const inside = (ask: InsideAsk): Fact<Inside> => ({
  read: ['timeout', '240', 'docker', 'exec', 'openclaw', 'node', '-e', PROBE, JSON.stringify(ask)],
  parse: (reading) => answered<Inside>(reading),
});

/** In words: `answers 200`, `does not answer (ECONNREFUSED)`. */
export const sayingOf = ({ status, error }: Said): string =>
  status === undefined ? `does not answer (${error ?? 'without a reason'})` : `answers ${status}`;
