import { expect, test } from 'vitest';
import { registryAddress } from '../../src/images/address.js';
import { parseChallenge } from '../../src/images/challenge.js';
import { platformSource, platformsOf } from '../../src/images/manifest.js';
import type { Server } from '../../src/model.js';
import { imagesNeeded, imageTag, pinned } from '../../src/stack/images.js';
import { server } from '../steps/fixture.js';
import { index } from './registry-server.js';

test.each([
  ['caddy', 'docker.io', 'https://registry-1.docker.io', 'library/caddy'],
  ['redis/redis-stack-server', 'docker.io', 'https://registry-1.docker.io', 'redis/redis-stack-server'],
  ['docker.io/caddy', 'docker.io', 'https://registry-1.docker.io', 'library/caddy'],
  ['index.docker.io/a/b', 'docker.io', 'https://registry-1.docker.io', 'a/b'],
  ['ghcr.io/openclaw/openclaw', 'ghcr.io', 'https://ghcr.io', 'openclaw/openclaw'],
  ['10.66.0.3:5000/redis', '10.66.0.3:5000', 'https://10.66.0.3:5000', 'redis'],
  ['localhost:5000/a', 'localhost:5000', 'http://localhost:5000', 'a'],
  ['127.0.0.1:5000/a', '127.0.0.1:5000', 'http://127.0.0.1:5000', 'a'],
  ['127.evil.example/a', '127.evil.example', 'https://127.evil.example', 'a'],
])('%s is at %s', (repository, registry, origin, name) =>
  expect(registryAddress(repository)).toEqual({ registry, origin, name }),
);

test('challenges', () => {
  const hub =
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/caddy:pull"';
  expect(parseChallenge(hub)).toMatchObject({ scheme: 'bearer', realm: 'https://auth.docker.io/token' });
  const seen = parseChallenge(`${hub},error="invalid_token"`);
  expect(seen?.scheme === 'bearer' && `${seen.query}`).toBe(
    'service=registry.docker.io&scope=repository%3Alibrary%2Fcaddy%3Apull',
  );
  expect(parseChallenge('basic realm="x, y"')).toEqual({ scheme: 'basic' });
  for (const nonsense of ['', 'Negotiate', 'Bearer', 'Bearer service="x"'])
    expect(parseChallenge(nonsense)).toBeUndefined();
});

test('platforms: of an index without attestations; of a single image from its configuration', () => {
  expect(platformSource(index())).toEqual({ platforms: ['linux/amd64', 'linux/arm64/v8'] });
  expect(platformSource({ config: { digest: 'sha256:x' } })).toEqual({ config: 'sha256:x' });
  expect(platformSource({})).toBeUndefined();
  expect(platformsOf({ os: 'linux', architecture: 'amd64', rootfs: {} })).toEqual(['linux/amd64']);
  expect(platformsOf('nonsense')).toEqual([]);
});

const needs = (overrides: Partial<Server>): string[] => imagesNeeded({ ...server(), ...overrides });
const ALWAYS = ['openclaw', 'litellm', 'redis', 'docker-socket-proxy'];

test('which images a server needs', () => {
  const { stack, proxy, openclaw } = server();
  const plain = {
    stack: { ...stack, egress: { ...stack.egress, source: 'build' as const } },
    proxy: { ...proxy, kind: 'none' as const },
    openclaw: { ...openclaw, sandbox: 'off' as const },
  };
  expect(needs(plain)).toEqual(ALWAYS);
  expect(needs({ ...plain, role: 'standby' })).toEqual(ALWAYS);
  expect(needs({ ...plain, role: 'monitor' })).toEqual([]);
  expect(needs({ ...plain, stack: { ...plain.stack, enabled: false } })).toEqual([]);
  expect(needs({ ...plain, proxy: { ...proxy, kind: 'caddy' } })).toEqual([...ALWAYS, 'caddy']);
  expect(needs({ ...plain, proxy: { ...proxy, kind: 'tunnel' } })).toEqual([...ALWAYS, 'cloudflared']);
  expect(needs({ ...plain, proxy: { ...proxy, kind: 'tailscale' } })).toEqual(ALWAYS);
  expect(needs({ ...plain, openclaw: { ...openclaw, sandbox: 'docker' } })).toEqual([...ALWAYS, 'sandbox']);
  expect(needs({ ...plain, stack: { ...stack, egress: { ...stack.egress, source: 'image' } } })).toEqual([
    ...ALWAYS,
    'egress',
  ]);
});

test('an image is written with its digest, or not at all', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const want = { ...server(), digests: { redis: digest } };
  expect(pinned(want, 'redis')).toBe(
    `${want.stack.images.redis.repository}:${want.stack.images.redis.version}@${digest}`,
  );
  expect(() => pinned({ ...want, digests: {} }, 'redis')).toThrow(/has no digest in clincher.lock.yaml/);
  expect(imageTag({ repository: 'caddy', version: `2@${digest}` })).toEqual({
    repository: 'caddy',
    tag: '2',
    digest,
  });
});
