// Keys of what runs on the host: `stack`, its images, limits, cache and ways out.
import * as z from 'zod';
import { size, text } from './fields.js';
import * as is from './fields-stack.js';

const image = (repository: string, version: string, what: string) =>
  z
    .strictObject({
      repository: text(is.repository)
        .default(repository)
        .describe(`Image repository, for mirrors. Default ${repository}.`),
      version: text(is.imageVersion)
        .default(version)
        .describe(`Tag, \`@sha256:…\` may follow. Default ${version}.`),
    })
    .prefault({})
    .describe(what);

const images = () =>
  z.strictObject({
    openclaw: image('ghcr.io/openclaw/openclaw', '2026.3.13', 'OpenClaw, the gateway.'),
    litellm: image('ghcr.io/berriai/litellm', 'main-v1.81.3-stable', 'LiteLLM, the model proxy.'),
    redis: image('redis/redis-stack-server', '7.4.0-v3', 'Redis with RediSearch, the semantic cache.'),
    'docker-socket-proxy': image(
      'ghcr.io/tecnativa/docker-socket-proxy',
      'v0.4.2',
      'HAProxy, the only door to the Docker socket.',
    ),
    egress: image(
      'ghcr.io/example/smokescreen',
      'unset',
      'A prebuilt Smokescreen, used when `stack.egress.source` is `image`.',
    ),
    caddy: image('caddy', '2.8.4-alpine', 'Caddy, when `proxy.kind` is `caddy`.'),
    cloudflared: image('cloudflare/cloudflared', '2026.2.0', 'The tunnel, when `proxy.kind` is `tunnel`.'),
    sandbox: image(
      'debian',
      'bookworm-slim',
      'What tools run in, when `openclaw.sandbox` is `docker`; needs a shell.',
    ),
    prometheus: image('prom/prometheus', 'v2.53.3', 'Prometheus, on a monitor.'),
    alertmanager: image('prom/alertmanager', 'v0.28.1', 'Alertmanager, on a monitor.'),
    grafana: image('grafana/grafana', '11.5.2', 'Grafana, on a monitor.'),
    'uptime-kuma': image('louislam/uptime-kuma', '2.0.2', 'Uptime Kuma, on a monitor.'),
    'blackbox-exporter': image('prom/blackbox-exporter', 'v0.26.0', 'Looks at gateways from a monitor.'),
    'node-exporter': image('prom/node-exporter', 'v1.9.0', 'Figures of the host, where it is watched.'),
    'redis-exporter': image(
      'oliver006/redis_exporter',
      'v1.69.0-alpine',
      'Figures of Redis, where it is watched.',
    ),
    postgres: image('postgres', '16', 'PostgreSQL, where the control plane is on a monitor.'),
    'temporal-server': image('temporalio/server', '1.32.0', 'Temporal, there too.'),
    'temporal-admin-tools': image('temporalio/admin-tools', '1.32.0', 'What brings its tables up to date.'),
    'temporal-ui': image('temporalio/ui', '2.54.1', 'Its web UI.'),
    filebrowser: image(
      'filebrowser/filebrowser',
      'v2.63.23',
      'Filebrowser, when `convenience.filebrowser` is on.',
    ),
  });

const limit = () =>
  z
    .strictObject({
      cpus: z.number().min(0.1).max(128).describe('Processors the service may use.'),
      memory: text(size).describe('Memory the service may use, such as 2g.'),
    })
    .describe('Limits of this service.');

const SERVICES = [
  ...['openclaw', 'litellm', 'openclaw-egress', 'redis', 'docker-proxy', 'caddy', 'cloudflared'],
  'filebrowser',
  ...['node-exporter', 'redis-exporter', 'metrics-door'],
];

export const limits = () => z.partialRecord(z.enum(SERVICES), limit()).default({});

const cache = () =>
  z.strictObject({
    mode: z
      .enum(['semantic', 'exact', 'off'])
      .default('semantic')
      .describe(
        '`semantic`: similar prompts share an answer (default; wants RediSearch and Voyage); `exact`: equal prompts; `off`.',
      ),
    ttl_seconds: z.int().min(1).default(3600).describe('How long an answer is kept. Default 3600.'),
    similarity: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.8)
      .describe('How similar two prompts must be, 0.5 to 1. Default 0.8.'),
  });

/** In full, since a short one can come to mean another. Smokescreen of 2026-07-06: strict validation of the list, connection limits. The guide pins a tag object of 2022. */
const SMOKESCREEN_COMMIT = 'a3294a6cc4e4e33cd086ec0d5bca9f22db097023';

const egress = () =>
  z.strictObject({
    source: z
      .enum(['build', 'image'])
      .default('build')
      .describe(
        '`build`: Smokescreen from its pinned commit, on the server (default); `image`: `stack.images.egress`.',
      ),
    commit: text(is.gitCommit)
      .default(SMOKESCREEN_COMMIT)
      .describe(`Commit of Smokescreen that is built. Default ${SMOKESCREEN_COMMIT}.`),
    extra_domains: z
      .array(
        z.strictObject({
          domain: text(is.egressDomain).describe('Host name, or *.example.com for all below it.'),
          reason: text(is.reason).describe('Why data may leave this way.'),
          owner: text(is.person).optional().describe('Who answers for it.'),
          expires: text(is.expiry)
            .optional()
            .describe(
              'Until when, in UTC: a day (2026-12-31, all of it) or a moment (2026-12-31T18:00Z). Then it is shut by itself.',
            ),
        }),
      )
      .default([])
      .describe('Ways out beyond those that providers and channels need. Each can carry data away.'),
    allow_ranges: z
      .array(text(is.egressRange))
      .default([])
      .describe('Private networks that may be reached all the same, such as a model server of your own.'),
  });

export const stack = () =>
  z.strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Whether OpenClaw runs here; false: a hardened Docker host and no more. Default true.'),
    directory: text(is.folder)
      .default('/opt/openclaw')
      .describe('Folder of the stack on the server. Default /opt/openclaw.'),
    images: images().prefault({}).describe('Container images: each has a repository and a version.'),
    tier: z
      .enum(['starter', 'growth', 'production', 'auto'])
      .default('production')
      .describe(
        'How much the services may take: `starter` (4 GB servers), `growth` (16 GB), `production` (64 GB, default; the guide’s), `auto` (computed out of the memory and processors that the server has, shared by its gateways).',
      ),
    limits: limits().describe('Limits of single services, in place of the tier’s.'),
    timezone: text(is.timeZone).default('UTC').describe('Time zone of the containers. Default UTC.'),
    proxy_subnet: text(is.proxySubnet)
      .default('172.16.253.0/28')
      .describe(
        'Private network between the reverse proxy and the gateway; only the proxy’s own address in it is trusted. Choose one that Docker does not give out by itself (172.17 to 172.31, 192.168). Default 172.16.253.0/28.',
      ),
    cache: cache().prefault({}).describe('The cache of answers, in Redis.'),
    egress: egress().prefault({}).describe('The proxy that lets only listed domains out.'),
  });
