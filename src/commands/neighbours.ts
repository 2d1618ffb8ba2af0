// Whether one gateway gets to others on the same host, past the walls between their networks and through its own egress proxy.
import type { Fact } from '../model.js';
import { CONNECT } from './inside.js';
import { CONTAINER } from './openclaw.js';

export interface Reached {
  /** `172.16.253.2:18789`. */
  target: string;
  /** How a connection of its own ended: `connected`, or the error's code. */
  direct: string;
  /** Status with which its egress proxy answers; what could not be asked has an error instead. */
  proxied: { status?: number; error?: string };
}

const PROBE = `const net = require('net'), http = require('http');
${CONNECT}
const direct = (target) => new Promise((done) => {
  const [host, port] = target.split(':'), socket = net.connect({ host, port, timeout: 4000 });
  const end = (how) => { socket.destroy(); done(how); };
  socket.on('connect', () => end('connected')).on('timeout', () => end('ETIMEDOUT')).on('error', ({ code }) => end(code));
});
Promise.all(JSON.parse(process.argv[1]).map(async (target) => ({ target, direct: await direct(target), proxied: await connect(target) })))
  .then((found) => process.stdout.write(JSON.stringify(found), () => process.exit(0)));`;

export const reached = (targets: readonly string[]): Fact<Reached[]> => ({
  read: ['timeout', '60', 'docker', 'exec', CONTAINER, 'node', '-e', PROBE, JSON.stringify(targets)],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `it ended with ${exitCode}`);
    return JSON.parse(stdout) as Reached[];
  },
});
