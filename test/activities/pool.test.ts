import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Pool, type PoolDeps } from '../../src/activities/pool.js';
import { routes } from '../../src/activities/routes.js';
import type { Session } from '../../src/activities/ssh.js';
import { ClincherError, type ErrorCode } from '../../src/errors.js';
import type { SshEndpoint } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const way = ({ user, port }: SshEndpoint): string => `${user}@${port}`;

function session(endpoint: SshEndpoint): Session & { ended: string[] } {
  const ended: string[] = [];
  return {
    endpoint,
    ended,
    get alive() {
      return ended.length === 0;
    },
    exec: async () => ({ code: 0, stdout: '', stderr: '', durationMs: 0 }),
    attach: async () => 0,
    forward: async () => new PassThrough(),
    close: () => void ended.push('closed'),
    retire: () => void ended.push('retired'),
  };
}

/** A host that answers each way in as told: open, or with the code of what goes wrong. */
function pool(answers: Record<string, ErrorCode | 'refused' | 'open'>, clock = { ms: 0 }) {
  const dialled: string[] = [];
  const opened: ReturnType<typeof session>[] = [];
  const deps: PoolDeps = {
    credentials: async () => ({ offer: [] }),
    connect: async (endpoint) => {
      dialled.push(way(endpoint));
      const answer = answers[way(endpoint)] ?? 'refused';
      if (answer === 'refused') throw new ClincherError('UNREACHABLE', 'connect ECONNREFUSED');
      if (answer !== 'open') throw new ClincherError(answer, `${way(endpoint)} said no`);
      opened.push(session(endpoint));
      return opened.at(-1)!;
    },
    now: () => clock.ms,
    sleep: async (ms) => {
      clock.ms += ms;
    },
  };
  return { pool: new Pool(deps), dialled, opened, clock };
}

describe('ways in', () => {
  it('are ours first, then those of a server that nobody touched, then the half-way ones', () =>
    expect(routes(fixtureServer()).map(way)).toEqual(['deploy@9922', 'root@22', 'deploy@22', 'root@9922']));

  it.each([
    ['a hardened server', { 'deploy@9922': 'open' }, ['deploy@9922']],
    ['a bare server', { 'root@22': 'open' }, ['deploy@9922', 'root@22']],
    [
      'port moved, no user yet',
      { 'deploy@9922': 'AUTH_REFUSED', 'root@9922': 'open' },
      ['deploy@9922', 'root@22', 'root@9922'],
    ],
    [
      'user there, root closed, port not moved',
      { 'root@22': 'AUTH_REFUSED', 'deploy@22': 'open' },
      ['deploy@9922', 'root@22', 'deploy@22'],
    ],
  ] as const)('%s', async (_, answers, expected) => {
    const { pool: tried, dialled } = pool(answers);
    await tried.session(fixtureServer());
    expect(dialled).toEqual(expected);
  });

  it('stop at a host key that is not pinned: no other way is tried', async () => {
    const { pool: tried, dialled } = pool({ 'deploy@9922': 'HOST_KEY_MISMATCH', 'root@22': 'open' });
    await expect(tried.session(fixtureServer())).rejects.toMatchObject({ code: 'HOST_KEY_MISMATCH' });
    expect(dialled).toEqual(['deploy@9922']);
  });

  it('a secret without a value is no closed door: it is said, and no other way is tried', async () => {
    const { pool: tried, dialled } = pool({ 'deploy@9922': 'SECRET_MISSING', 'root@22': 'open' });
    await expect(tried.session(fixtureServer())).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    expect(dialled).toEqual(['deploy@9922']);
  });

  it('all closed is unreachable; one that refused us says more', async () => {
    await expect(pool({}).pool.session(fixtureServer())).rejects.toMatchObject({
      code: 'UNREACHABLE',
      evidence: expect.objectContaining({ length: 2 }),
    });
    await expect(pool({ 'root@22': 'AUTH_REFUSED' }).pool.session(fixtureServer())).rejects.toMatchObject({
      code: 'AUTH_REFUSED',
    });
  });
});

describe('one connection a server', () => {
  it('serves everybody, also those who ask while it is being opened', async () => {
    const { pool: shared, dialled } = pool({ 'deploy@9922': 'open' });
    const sessions = await Promise.all([1, 2, 3].map(() => shared.session(fixtureServer())));
    expect(new Set(sessions).size).toBe(1);
    expect(dialled).toHaveLength(1);
  });

  it('is opened again when it is dead', async () => {
    const { pool: shared, opened, dialled } = pool({ 'deploy@9922': 'open' });
    await shared.session(fixtureServer());
    opened[0]?.close();
    await shared.session(fixtureServer());
    expect(dialled).toHaveLength(2);
  });

  it('gives way to a login that was proved; what runs on it may end in peace', async () => {
    const { pool: shared, opened } = pool({ 'root@22': 'open', 'deploy@9922': 'open' });
    const server = fixtureServer();
    await shared.session({ ...server, ssh: { ...server.ssh, port: 9922 } });
    const [endpoint] = routes(server);
    const proved = await shared.login(server, endpoint!);
    expect(await shared.session(server)).toBe(proved);
    expect(opened[0]?.ended).toEqual(['retired']);
  });

  it('never makes more than four handshakes in half a minute: ufw limit bans the sixth', async () => {
    const { pool: shared, clock } = pool({ 'deploy@9922': 'open' });
    const server = fixtureServer();
    const at: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      await shared.login(server, routes(server)[0]!);
      at.push(clock.ms);
    }
    for (const [i, ms] of at.entries())
      expect(at.filter((other, j) => j <= i && ms - other < 30_000).length).toBeLessThanOrEqual(4);
  });

  it('does not count ports that were closed', async () => {
    const { pool: shared, clock } = pool({});
    for (let i = 0; i < 6; i += 1) await shared.session(fixtureServer()).catch(() => {});
    expect(clock.ms).toBe(0);
  });
});
