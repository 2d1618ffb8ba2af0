// A key gives way to another: at no moment is nobody let in, and the configuration is told which one counts.
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { KeySwap, RunState } from '../../src/model.js';
import { failing, fakes, input, plan, survey, useStage } from './harness.js';

const stage = useStage();
const [OLD, NEXT, OTHER] = ['ssh-ed25519 AAAAold me', 'ssh-ed25519 AAAAnext me', 'ssh-ed25519 AAAAother you'];
const KEYS: KeySwap = {
  from: { line: OLD, identity_file: '/keys/old' },
  to: { line: NEXT, identity_file: '/keys/next' },
  lines: [OLD, OTHER],
};

/** A host with a list of keys; whoever comes by one that is not in it is refused, whatever they want. */
function host(overrides: Partial<Activities> = {}) {
  const seen = { lists: [[OLD, OTHER]] as string[][], logins: [] as unknown[], lockedOut: [] as string[] };
  const now = () => seen.lists.at(-1)!;
  const enter = ({ ssh }: { ssh: { identity_file?: string | undefined } }): void => {
    const line = ssh.identity_file === '/keys/old' ? OLD : NEXT;
    if (!now().includes(line)) seen.lockedOut.push(line);
  };
  const set = fakes({
    survey: async ({ checklist, server, only }) => {
      enter(server);
      expect(only).toBe('base.authorized-keys');
      const isSame = server.ssh.authorized_keys.join() === now().join();
      return survey(checklist, [plan('base.authorized-keys', isSame ? 'ok' : 'drift')]);
    },
    converge: async ({ server }) => {
      enter(server);
      seen.lists.push(server.ssh.authorized_keys);
      return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
    },
    release: async ({ server }) => enter(server),
    tryLogin: async ({ server, expected }) => {
      const { identity_file, authorized_keys, agent } = server.ssh;
      seen.logins.push([identity_file, agent, expected]);
      const isTaken = now().includes(authorized_keys[0]!);
      if (isTaken !== (expected === 'taken')) throw failing('NOT_ROTATED');
      return { changes: [], remote: [] };
    },
    ...overrides,
  });
  return { seen, set, now };
}

const from = (keys = KEYS) => ({ ...input({ onFailure: 'abort' }), keys });
const tell = (set: ReturnType<typeof fakes>, keys = KEYS): Promise<RunState> =>
  stage.tell('rotateSsh', set, (story) => story.handle.result() as Promise<RunState>, from(keys));
const fails = (set: ReturnType<typeof fakes>): Promise<RunState> =>
  stage.tell(
    'rotateSsh',
    set,
    async (story) => {
      await expect(story.handle.result()).rejects.toThrow();
      return story.state();
    },
    from(),
  );

it('beside the old one, proved, in its place; the old one let in before and refused after', async () => {
  const { seen, set } = host();
  expect(await tell(set)).toMatchObject({ status: 'done', sshKey: 'new' });
  expect(seen.lists.slice(1)).toEqual([
    [OLD, OTHER, NEXT],
    [NEXT, OTHER],
  ]);
  expect(seen.logins).toEqual([
    ['/keys/old', false, 'taken'],
    ['/keys/next', false, 'taken'],
    ['/keys/old', false, 'refused'],
  ]);
  expect(seen.lockedOut).toEqual([]);
});

it('one that stands in the list already stands there once', async () => {
  const { seen, set } = host();
  await tell(set, { ...KEYS, lines: [NEXT, OLD] });
  expect(seen.lists.at(-1)).toEqual([NEXT]);
});

it('a new key that does not log in is taken out again, and the old one counts', async () => {
  const { seen, set, now } = host();
  const { tryLogin } = set.activities;
  set.activities.tryLogin = (asked) =>
    asked.server.ssh.identity_file === '/keys/next'
      ? Promise.reject(failing('NOT_ROTATED'))
      : tryLogin(asked);
  expect(await fails(set)).toMatchObject({ status: 'failed', sshKey: 'old', error: { code: 'NOT_ROTATED' } });
  expect([now(), seen.lockedOut]).toEqual([[OLD, OTHER], []]);
});

it('an old key that is not refused is told, and the new one counts', async () => {
  const { seen, set, now } = host();
  const { tryLogin } = set.activities;
  set.activities.tryLogin = (asked) =>
    asked.expected === 'refused' ? Promise.reject(failing('NOT_ROTATED')) : tryLogin(asked);
  expect(await fails(set)).toMatchObject({ status: 'failed', sshKey: 'new', error: { code: 'NOT_ROTATED' } });
  expect([now(), seen.lockedOut]).toEqual([[NEXT, OTHER], []]);
});

it('an old key that cannot be tried begins nothing', async () => {
  const { seen, set } = host({ tryLogin: () => Promise.reject(failing('AUTH_REFUSED')) });
  expect(await fails(set)).toMatchObject({ sshKey: 'old' });
  expect(seen.lists).toHaveLength(1);
});
