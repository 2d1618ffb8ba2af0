// Three servers whose files stand under golden/: as small as can be, with everything on, and full of odd but valid values.

import type { ImageName, Server } from '../../src/model.js';
import { fixtureStack } from '../fixture-stack.js';
import { KEY, server } from '../steps/fixture.js';

const IMAGES: ImageName[] = [
  'openclaw',
  'litellm',
  'redis',
  'docker-socket-proxy',
  'egress',
  'caddy',
  'cloudflared',
  'sandbox',
  'filebrowser',
];

export const digests = Object.fromEntries(
  IMAGES.map((name, place) => [name, `sha256:${String(place + 1).repeat(64)}`]),
);

const named = (name: string, written: Record<string, unknown>, overrides: Partial<Server> = {}): Server => ({
  ...server({ name }),
  ...overrides,
  ...fixtureStack(name, written),
  digests,
});

const minimal = named('prod', {
  channels: { telegram: { enabled: false } },
  providers: { anthropic: {} },
  memory: { enabled: false },
  stack: {
    tier: 'starter',
    cache: { mode: 'off' },
    egress: { source: 'image' },
    images: { egress: { repository: 'registry.example.com/smokescreen', version: '1' } },
  },
  models: {
    default: 'claude',
    heartbeat: 'claude',
    list: [{ name: 'claude', provider: 'anthropic', id: 'claude-haiku-4-5-20251001', budget_usd: 5 }],
  },
});

const full = named('prod', {
  channels: {
    telegram: { enabled: true },
    discord: { enabled: true, guild: '1234' },
    slack: { enabled: true },
    webhook: { enabled: true },
  },
  providers: {
    anthropic: {},
    voyage: {},
    qianfan: {},
    openai: { key: 'secret://shared/openai_api_key' },
    vllm: { api_base: 'http://10.1.2.3:8000/v1' },
    groq: {},
  },
  models: {
    budget_period: '24h',
    list: [
      {
        name: 'anthropic/claude-opus-4-6',
        provider: 'anthropic',
        id: 'claude-opus-4-6',
        budget_usd: 100,
        fallbacks: ['ernie', 'own'],
      },
      {
        name: 'anthropic/claude-haiku-4-5-20251001',
        provider: 'anthropic',
        id: 'claude-haiku-4-5-20251001',
        budget_usd: 20,
      },
      { name: 'ernie', provider: 'qianfan', id: 'ernie-4.5', budget_usd: 1.5 },
      {
        name: 'own',
        provider: 'vllm',
        id: 'meta-llama/Llama-3.3-70B',
        budget_usd: 0,
        requests_per_minute: 600,
      },
    ],
  },
  openclaw: {
    sandbox: 'docker',
    extra_env: { BASE_RPC_URL: 'https://rpc.example.com', WALLET: 'secret://prod/wallet' },
  },
  convenience: { shortcuts: true, uploads: true, filebrowser: true },
  stack: {
    images: { openclaw: { version: '2026.9.6' } },
    timezone: 'Europe/Berlin',
    limits: { openclaw: { cpus: 3.5, memory: '6g' } },
    egress: {
      commit: 'a3294a6cc4e4e33cd086ec0d5bca9f22db097023',
      allow_ranges: ['10.1.2.3'],
      extra_domains: [{ domain: 'rpc.example.com', reason: 'The agent reads balances.' }],
    },
  },
  proxy: {
    kind: 'caddy',
    domain: 'claw.example.com',
    email: 'ops@example.com',
    oidc: {
      enabled: true,
      issuer: 'https://id.example.com/',
      client_id: 'claw',
      allowed_domains: ['example.com', 'example.org'],
    },
  },
  backup: {
    offsite: {
      type: 's3',
      endpoint: 'https://s3.example.com',
      region: 'eu',
      bucket: 'copies',
      keep_days: 90,
    },
  },
});

const hostile = named('prod', {
  backup: {
    offsite: {
      ...{ type: 'sftp', host: '2001:db8::1', port: 2222, user: 'u1-sub.2', path: '/srv/a_b-c.d/..e' },
      host_keys: [KEY, KEY.replace('you@home', 'a b')],
    },
  },
  channels: { telegram: { enabled: true, token: 'exec:op read "op://vault/a $b #c=d"' } },
  providers: { anthropic: { key: 'file:/home/you/with blank/$HOME: #key' }, voyage: { key: 'env:ON' } },
  models: {
    default: 'null',
    heartbeat: '1e3',
    list: [
      { name: 'null', provider: 'anthropic', id: '0x1F', budget_usd: 0.000001, fallbacks: ['1e3', 'on'] },
      { name: '1e3', provider: 'anthropic', id: 'a:b@c', budget_usd: 1e9 },
      { name: 'on', provider: 'anthropic', id: 'on', budget_usd: 1, fallbacks: ['null'] },
    ],
  },
  memory: { model: '2026-01-01' },
  openclaw: {
    extra_env: {
      Y: 'yes',
      COLON: 'a: b # no comment',
      UNICODE: 'grüße 🦞 「」',
      STAR: '*anchor &alias !tag %directive @at',
      OCTAL: '0777',
      TIME: '1:30',
      EMPTY: '',
      BRACES: '{a: [b, c]}',
      DASH: '- x',
      TILDE: '~',
      SECRET: 'env:HOME',
    },
  },
  stack: {
    directory: '/srv/open.claw-1/_x',
    timezone: 'Etc/GMT+5',
    proxy_subnet: '10.200.0.240/29',
    images: {
      openclaw: { repository: 'registry.example.com:5000/a/b__c.d', version: '2026.3.13-slim' },
      redis: { version: `7.4.0-v3@sha256:${'e'.repeat(64)}` },
    },
    cache: { similarity: 1, ttl_seconds: 1 },
    egress: {
      extra_domains: [
        { domain: '*.example.co.uk', reason: "it's: “quoted” # 100% $HOME ${NOT} 'x' \"y\" `z` — grüße 🦞" },
        { domain: 'xn--mnchen-3ya.example', reason: '- [ ] { } & * ! | > % @ ?' },
        { domain: '203.0.113.9', reason: '--- not a document' },
      ],
    },
  },
  proxy: {
    kind: 'caddy',
    domain: 'xn--mnchen-3ya.example',
    tls: 'internal',
    email: 'o\'brien+"{x}"\\#@example.com',
  },
});

const tunnel = named('prod', { proxy: { kind: 'tunnel', domain: 'claw.example.com' } });

export const servers = { minimal, full, hostile, tunnel };
