// Where the running stack holds the secrets that others have made: in which container, by which name, and who can judge them.
import type { HeldSecret, Judge, Server } from '../model.js';
import { providerKeys } from './env.js';
import { isReference, providerUses } from './needs.js';
import { WEBHOOK_TOKEN_VARIABLE } from './openclaw-channels.js';

/** Of what is turned on; what clincher itself makes is not among them. */
export const heldSecrets = (server: Server): HeldSecret[] => [
  ...ofProviders(server),
  ...ofChannels(server),
  ...ofProxy(server),
  ...ofGateway(server),
];

function ofProviders(server: Server): HeldSecret[] {
  const used = new Set(providerUses(server).map(({ provider }) => provider));
  return Object.entries(server.providers)
    .filter(([name]) => used.has(name))
    .flatMap(([provider, { key, secret_key }]) => {
      const [first, second] = providerKeys(server, provider);
      const judge: Judge = { by: 'model', provider };
      const held = (
        name: string,
        ref: string | undefined,
        variable: readonly [string, string] | undefined,
      ) =>
        ref === undefined || variable === undefined
          ? []
          : [
              {
                path: `providers.${provider}.${name}`,
                ref,
                container: 'openclaw-litellm',
                variable: variable[0],
                judge,
              },
            ];
      return [...held('key', key, first), ...held('secret_key', secret_key, second)];
    });
}

const inFile = (path: string, ref: string, field: string, channel: 'telegram' | 'discord' | 'slack') => ({
  ...{ path: `channels.${path}`, ref, container: 'openclaw', field },
  judge: { by: 'channel', channel } as const,
});

function ofChannels({ channels: { telegram, discord, slack, webhook } }: Server): HeldSecret[] {
  return [
    ...(telegram.enabled ? [inFile('telegram.token', telegram.token, 'telegramToken', 'telegram')] : []),
    ...(discord.enabled ? [inFile('discord.token', discord.token, 'discordToken', 'discord')] : []),
    ...(slack.enabled
      ? [
          inFile('slack.bot_token', slack.bot_token, 'slackBotToken', 'slack'),
          inFile('slack.app_token', slack.app_token, 'slackAppToken', 'slack'),
          inFile('slack.signing_secret', slack.signing_secret, 'slackSigningSecret', 'slack'),
        ]
      : []),
    ...(webhook.enabled
      ? [
          {
            ...{ path: 'channels.webhook.token', ref: webhook.token, container: 'openclaw' },
            variable: WEBHOOK_TOKEN_VARIABLE,
            judge: { by: 'channel', channel: 'webhook' } as const,
          },
        ]
      : []),
  ];
}

const NOBODY: Judge = { by: 'nobody' };

/** A tunnel that is healthy was taken by Cloudflare; of an OIDC secret only a person who logs in hears. */
function ofProxy({ proxy: { kind, tunnel_token, oidc } }: Server): HeldSecret[] {
  const common = { judge: NOBODY, isExposing: true } as const;
  return [
    ...(kind === 'tunnel'
      ? [
          {
            ...{ path: 'proxy.tunnel_token', ref: tunnel_token, container: 'openclaw-tunnel' },
            ...{ variable: 'TUNNEL_TOKEN', ...common },
          },
        ]
      : []),
    ...(kind === 'caddy' && oidc.enabled
      ? [
          {
            ...{ path: 'proxy.oidc.client_secret', ref: oidc.client_secret, container: 'openclaw-caddy' },
            ...{ variable: 'OIDC_CLIENT_SECRET', ...common },
          },
        ]
      : []),
  ];
}

const ofGateway = ({ openclaw }: Server): HeldSecret[] =>
  Object.entries(openclaw.extra_env)
    .filter(([, value]) => isReference(value))
    .map(([variable, ref]) => ({
      ...{ path: `openclaw.extra_env.${variable}`, ref, container: 'openclaw', variable },
      judge: NOBODY,
    }));
