// The model proxy and its cache: keys and budgets are theirs, and Redis keeps what was spent over a restart.
import type { Server } from '../model.js';
import { CACHE_VARIABLE, keyVariables } from './env.js';
import { pinned } from './images.js';
import { limitOf, sizeBytes } from './limits.js';
import { bind, CORE_NET, fromEnv, healthy, type Service } from './service.js';
import { proxied } from './services-gateway.js';
import { USAGE_FILE } from './usage-record.js';

/** No curl in the image. What it prints stands in the container's health log, so a refusal is one line. */
const ALIVE = `import sys, http.client
try:
  link = http.client.HTTPConnection('127.0.0.1', 4000, timeout=4)
  link.request('GET', '/health/liveliness')
  sys.exit(link.getresponse().status != 200)
except OSError as error: sys.exit(str(error))
`;

export const litellm = (server: Server): Service => ({
  service: 'litellm',
  container: 'openclaw-litellm',
  image: pinned(server, 'litellm'),
  definition: {
    command: ['--config', '/app/config.yaml', '--host', '0.0.0.0', '--port', '4000'],
    environment: {
      ...Object.fromEntries(
        ['LITELLM_MASTER_KEY', ...keyVariables(server), CACHE_VARIABLE].map((name) => [name, fromEnv(name)]),
      ),
      REDIS_HOST: 'openclaw-redis',
      REDIS_PORT: '6379',
      ...proxied('openclaw-redis'),
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_MODE: 'PRODUCTION',
      DISABLE_ADMIN_UI: 'True',
      NO_DOCS: 'True',
      NO_REDOC: 'True',
      TZ: server.stack.timezone,
    },
    volumes: [
      bind('./config/litellm-config.yaml', '/app/config.yaml'),
      bind(`./${USAGE_FILE}`, '/app/clincher_usage.py'),
    ],
    tmpfs: ['/tmp:size=128m,mode=1777', '/root/.cache:size=32m'],
    networks: { [CORE_NET]: {} },
    depends_on: healthy('redis', 'openclaw-egress'),
  },
  notes: {
    command: 'The image starts without a configuration of its own, and then knows no model.',
    environment:
      'The price list is the one in the image: the newer one is on a host that the egress proxy refuses.\nPages for people are off, as far as it can be told: nobody looks at them here.',
  },
  health: { test: ['CMD', 'python3', '-c', ALIVE], startSeconds: 120, startInterval: '500ms' },
  reads: ['config/litellm-config.yaml', USAGE_FILE],
});

/** Of nobody on any host or in any image. The folder `cache` is its own. */
export const CACHE_USER = '6379';

/** The rest is for its buffers and for the copy that it makes to save itself. */
const cacheBytes = (server: Server): number => sizeBytes(limitOf(server, 'redis').memory) / 2;

const modules = '/opt/redis-stack/lib/redisearch.so';

/** The password comes by a file in memory: the words of a process are there for everyone to read. */
const start = (server: Server): string =>
  [
    `umask 077 && printf 'requirepass "%s"\\n' "$$${CACHE_VARIABLE}" >/tmp/redis.conf`,
    [
      '&& exec redis-server /tmp/redis.conf --dir /data --save 300 10 --stop-writes-on-bgsave-error no',
      `--maxmemory ${cacheBytes(server)} --maxmemory-policy volatile-ttl`,
      ...(server.stack.cache.mode === 'semantic' ? [`--loadmodule ${modules}`] : []),
    ].join(' '),
  ].join(' ');

export const redis = (server: Server): Service => ({
  service: 'redis',
  container: 'openclaw-redis',
  image: pinned(server, 'redis'),
  definition: {
    entrypoint: ['sh', '-c', start(server)],
    user: `${CACHE_USER}:${CACHE_USER}`,
    environment: { [CACHE_VARIABLE]: fromEnv(CACHE_VARIABLE) },
    volumes: [bind('./cache', '/data', { writable: true })],
    tmpfs: ['/tmp:size=32m,mode=1777'],
    networks: { [CORE_NET]: {} },
  },
  notes: {
    entrypoint:
      'When it is full, what would end soonest goes first: cached answers, which live an hour, and not what a\nmodel has spent of its month.',
    volumes:
      'A folder of its own user: images disagree on whose /data is, and where Redis cannot save, it soon takes no writes.',
  },
  health: {
    test: ['CMD-SHELL', `REDISCLI_AUTH="$$${CACHE_VARIABLE}" redis-cli ping | grep -q PONG`],
    startSeconds: 30,
  },
  reads: [],
});
