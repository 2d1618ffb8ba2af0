// What a configuration needs: by what is turned on, and by what something uses.
import { expect, test } from 'vitest';
import type { Server } from '../../src/model.js';
import { neededSecrets, providerUses } from '../../src/stack/needs.js';
import { fixtureStack } from '../fixture-stack.js';
import { server as fixture } from '../steps/fixture.js';

const server = (written: Record<string, unknown>, role: Server['role'] = 'primary'): Server => ({
  ...fixture({ role }),
  ...fixtureStack('prod', written),
});

const DEFAULT = ['telegram_bot_token', 'anthropic_api_key', 'voyage_api_key'];
const QUIET = { telegram: { enabled: false } };

test.each<[what: string, written: Record<string, unknown>, needed: string[]]>([
  ['nothing is written', {}, DEFAULT],
  ['no channel is on', { channels: QUIET }, ['anthropic_api_key', 'voyage_api_key']],
  [
    'Discord and Slack are on',
    { channels: { ...QUIET, discord: { enabled: true }, slack: { enabled: true } } },
    [
      'discord_bot_token',
      'slack_bot_token',
      'slack_app_token',
      'slack_signing_secret',
      'anthropic_api_key',
      'voyage_api_key',
    ],
  ],
  [
    'webhooks are on',
    { channels: { ...QUIET, webhook: { enabled: true } } },
    ['webhook_token', 'anthropic_api_key', 'voyage_api_key'],
  ],
  [
    'a provider is there that nothing uses',
    { providers: { anthropic: {}, voyage: {}, openai: {} } },
    DEFAULT,
  ],
  ['memory uses the provider that the cache no longer does', { stack: { cache: { mode: 'off' } } }, DEFAULT],
  [
    'neither memory nor cache uses embeddings',
    { stack: { cache: { mode: 'exact' } }, memory: { enabled: false } },
    ['telegram_bot_token', 'anthropic_api_key'],
  ],
  [
    'a key has two parts',
    {
      providers: { anthropic: {}, voyage: {}, qianfan: {} },
      memory: { provider: 'qianfan' },
    },
    [...DEFAULT, 'qianfan_api_key', 'qianfan_secret_key'],
  ],
  [
    'a tunnel is the way in',
    { proxy: { kind: 'tunnel', domain: 'c.example.com' } },
    [...DEFAULT, 'tunnel_token'],
  ],
  [
    'single sign-on is on',
    { proxy: { kind: 'caddy', domain: 'c.example.com', oidc: { enabled: true } } },
    [...DEFAULT, 'oidc_client_secret'],
  ],
  [
    'the environment refers to one',
    { openclaw: { extra_env: { URL: 'secret://prod/rpc_url', LEVEL: 'info' } } },
    [...DEFAULT, 'rpc_url'],
  ],
  ['there is no stack', { stack: { enabled: false }, proxy: { kind: 'tunnel' } }, ['telegram_bot_token']],
])('when %s', (_, written, needed) =>
  expect(neededSecrets(server(written))).toEqual(needed.map((name) => `secret://prod/${name}`)),
);

test('a model server of your own needs no key, and one with a key needs it', () => {
  const model = { name: 'own', provider: 'vllm', id: 'own', budget_usd: 0 };
  const written = (vllm: Record<string, string>): Record<string, unknown> => ({
    channels: QUIET,
    providers: { vllm: { api_base: 'https://m.example.com', ...vllm } },
    models: { default: 'own', heartbeat: 'own', list: [model] },
    memory: { enabled: false },
    stack: { cache: { mode: 'off' } },
  });
  expect(neededSecrets(server(written({})))).toEqual([]);
  expect(neededSecrets(server(written({ key: 'env:KEY' })))).toEqual(['env:KEY']);
});

test('a secret that two things share is needed once', () => {
  const shared = 'secret://shared/bot';
  const channels = { telegram: { token: shared }, discord: { enabled: true, token: shared } };
  expect(neededSecrets(server({ channels })).filter((ref) => ref === shared)).toHaveLength(1);
});

test('a monitor only sends messages', () =>
  expect(neededSecrets(server({}, 'monitor'))).toEqual(['secret://prod/telegram_bot_token']));

test('what clincher generates is never asked for', () => {
  const everything = server({
    channels: { discord: { enabled: true }, slack: { enabled: true }, webhook: { enabled: true } },
    proxy: { kind: 'tunnel', oidc: { enabled: true } },
  });
  const generated = /gateway_token|litellm_master_key|redis_password|backup_key/;
  expect(neededSecrets(everything).filter((ref) => generated.test(ref))).toEqual([]);
});

test('who uses which provider, at its place in the file', () =>
  expect(providerUses(server({})).map(({ provider, path }) => `${provider} ${path.join('.')}`)).toEqual([
    'voyage stack.cache.mode',
    'anthropic models.list.0.provider',
    'anthropic models.list.1.provider',
    'anthropic models.list.2.provider',
    'voyage memory.provider',
  ]));
