// Asks a service with the new value of a secret and with the old one, from where the gateway asks it.
import type { Action, SecretRef } from '../model.js';

export type RotatedSecret = 'gateway_token' | 'litellm_master_key' | 'redis_password';

/** Who takes it. */
export const TAKEN_BY: Record<RotatedSecret, string> = {
  gateway_token: 'the gateway',
  litellm_master_key: 'LiteLLM',
  redis_password: 'Redis',
};

/**
 * `taken`, `refused`, or what was said instead: an error is neither. A service that was only just started is given time.
 * The gateway's limit on failed logins exempts loopback.
 */
const KNOCK = `const http = require('http'), net = require('net'), fs = require('fs');
const ask = JSON.parse(fs.readFileSync(0, 'utf8'));
const web = (url, method, token, body) => new Promise((done) => {
  const headers = { authorization: 'Bearer ' + token, ...(body ? { 'content-type': 'application/json' } : {}) };
  const request = http.request(url, { method, headers, agent: new http.Agent(), timeout: 10000 }, (answer) => {
    answer.resume(); done(answer.statusCode === 200 ? 'taken' : [400, 401, 403].includes(answer.statusCode) ? 'refused' : 'status ' + answer.statusCode);
  });
  request.on('timeout', () => { done('timeout'); request.destroy(); });
  request.on('error', (error) => done(error.code || error.message));
  request.end(body);
});
const redis = (password) => new Promise((done) => {
  const socket = net.connect({ host: 'openclaw-redis', port: 6379, timeout: 10000 });
  socket.on('connect', () => socket.write('AUTH ' + password + '\\r\\n'));
  socket.on('data', (data) => { done(/^\\+OK/.test(data) ? 'taken' : /WRONGPASS|invalid/i.test(data) ? 'refused' : String(data).slice(0, 60)); socket.destroy(); });
  socket.on('timeout', () => { done('timeout'); socket.destroy(); });
  socket.on('error', (error) => done(error.code || error.message));
});
const knock = {
  gateway_token: (value) => web('http://127.0.0.1:18789/tools/invoke', 'POST', value, JSON.stringify({ tool: 'sessions_list', args: {} })),
  litellm_master_key: (value) => web('http://openclaw-litellm:4000/v1/models', 'GET', value),
  redis_password: redis,
}[ask.name];
(async () => {
  const until = Date.now() + 120000;
  let now = await knock(ask.now);
  while (!['taken', 'refused'].includes(now) && Date.now() < until) { await new Promise((next) => setTimeout(next, 500)); now = await knock(ask.now); }
  const answer = { now, before: await knock(ask.before) };
  process.stdout.write('rotation: ' + JSON.stringify(answer) + '\\n', () => process.exit(0));
})();`;

/** Both values go by stdin, and only words come back. */
export const knock = (name: RotatedSecret, now: SecretRef, before: SecretRef): Action => ({
  command: ['timeout', '240', 'docker', 'exec', '-i', 'openclaw', 'node', '-e', KNOCK],
  stdin: JSON.stringify({ name, now: `«${now}»`, before: `«${before}»` }),
  fill: 'json',
});

export interface Knocked {
  now: string;
  before: string;
}

export function knocked(stdout: string): Knocked {
  const line = /^rotation: (\{.*\})$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error('nobody answered');
  return JSON.parse(line) as Knocked;
}
