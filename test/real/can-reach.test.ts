// Whether a server is there to be stopped: one that is silent at every door is not waited for at each of them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Beat } from '../../src/activities/beat.js';
import { canReach } from '../../src/activities/failover.js';
import { Pool } from '../../src/activities/pool.js';
import { ClincherError } from '../../src/errors.js';
import type { Server } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

/** Nobody takes its connections: once its queue is full, the kernel drops every further SYN. */
const NEVER_TAKES =
  'import socket,sys; s=socket.socket(); s.bind(("127.0.0.1",0)); s.listen(0); print(s.getsockname()[1],flush=True); sys.stdin.read()';

let process_: ChildProcess;
let silent: number;
const waiting: Socket[] = [];

beforeAll(async () => {
  process_ = spawn('python3', ['-c', NEVER_TAKES], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(process_.stdout!, 'data')) as [Buffer];
  silent = Number(line.toString());
  for (let n = 0; n < 4; n += 1) waiting.push(connect(silent, '127.0.0.1').on('error', () => {}));
  await once(waiting[0]!, 'connect');
});
afterAll(() => {
  for (const socket of waiting) socket.destroy();
  process_.stdin?.end();
});

const beat = { signal: new AbortController().signal, say: () => {}, cancelled: () => false } as Beat;

const at = (port: number, more: Partial<Server['ssh']> = {}): Server => {
  const server = fixtureServer({ address: '127.0.0.1' });
  return { ...server, ssh: { ...server.ssh, port, first_contact: { user: 'root', port }, ...more } };
};

describe('canReach', () => {
  let opened = 0;
  const pool = new Pool({ credentials: () => Promise.reject(new Error('nobody logs in')) });
  const deps = {
    hosts: {
      isSilent: (server: Server) => pool.isSilent(server),
      open: () => {
        opened += 1;
        return Promise.reject(new ClincherError('UNREACHABLE', 'nobody logs in'));
      },
    },
  } as never;

  it.each([
    ['silent: nobody tries to log in', () => at(silent), 0],
    ['refused: there is a host behind it, and a login is tried', () => at(1), 1],
    [
      'behind a jump host: only a login knows',
      () => at(silent, { jump: { address: 'jump.test', port: 22, user: 'root', host_keys: [] } }),
      1,
    ],
  ])('%s', async (_, server, logins) => {
    opened = 0;
    expect(await canReach(deps, { server: server() }, beat)).toBe(false);
    expect(opened).toBe(logins);
  });
});

it('is counted by the firewall as a login is: no more than four in half a minute', async () => {
  const open = createServer((socket) => socket.end());
  await new Promise<void>((up) => open.listen(0, '127.0.0.1', up));
  const slept: number[] = [];
  const pool = new Pool({
    credentials: () => Promise.reject(new Error('nobody logs in')),
    now: () => 0,
    sleep: async (ms) => void slept.push(ms),
  });
  const { port } = open.address() as AddressInfo;
  for (let n = 0; n < 4; n += 1) expect(await pool.isSilent(at(port))).toBe(false);
  expect(slept).toEqual([]);
  await pool.isSilent(at(port));
  expect(slept).toEqual([30_000]);
  open.close();
});
