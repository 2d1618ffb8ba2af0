// What an upgrade is on a very server: from what runs to what is wanted, and nothing else.
import { expect, it } from 'vitest';
import { plannedSwap, swappable } from '../../src/stack/swap.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const there = [
  { name: 'openclaw', image: `ghcr.io/openclaw/openclaw:2026.2.1@${digest('a')}` },
  { name: 'openclaw-litellm', image: `registry.example:5000/berriai/litellm:old@${digest('b')}` },
  { name: 'openclaw-redis', image: `redis/redis-stack-server:7.4.0-v3@${server.digests.redis}` },
  { name: 'openclaw-egress', image: 'openclaw-egress:built-here' },
];
const swap = plannedSwap(server, 'openclaw', there, '/trial');

it('goes from what runs to what is wanted, and leaves the others as they run', () => {
  expect(swap).toMatchObject({
    ...{
      service: 'openclaw',
      container: 'openclaw',
      from: '2026.2.1',
      folders: ['data'],
      rehearsal: '/trial',
    },
    to: server.stack.images.openclaw.version,
  });
  expect(swap?.before.openclaw).toEqual({
    ...{ repository: 'ghcr.io/openclaw/openclaw', version: '2026.2.1', digest: digest('a') },
  });
  expect(swap?.after.openclaw?.digest).toBe(server.digests.openclaw);
  expect(swap?.after.litellm).toEqual({
    ...{ repository: 'registry.example:5000/berriai/litellm', version: 'old', digest: digest('b') },
  });
  expect(swap?.others).toEqual(['litellm']);
});

it('what does not run, or was built there, cannot be gone back to', () => {
  expect(plannedSwap(server, 'openclaw', [], '/trial')).toBeUndefined();
  expect(plannedSwap(server, 'docker-socket-proxy', there, '/trial')).toBeUndefined();
});

it('two digests of one tag are told apart', () => {
  const now = [{ name: 'openclaw-redis', image: `redis/redis-stack-server:7.4.0-v3@${digest('c')}` }];
  expect(plannedSwap(server, 'redis', now, '/trial')).toMatchObject({
    ...{
      from: '7.4.0-v3 (cccccccc)',
      to: `7.4.0-v3 (${server.digests.redis?.slice(7, 15)})`,
      folders: ['cache'],
    },
  });
});

it('the sandbox is no service', () => {
  const sandboxed = { ...server, openclaw: { ...server.openclaw, sandbox: 'docker' as const } };
  expect(swappable(sandboxed)).not.toContain('sandbox');
});
