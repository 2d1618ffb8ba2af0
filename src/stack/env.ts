// Secrets on the host: .env for LiteLLM and its neighbours, secrets.json for the gateway. Each holds what is used, and no more.
import type { Server } from '../model.js';
import { DOOR_VARIABLE } from './metrics-door.js';
import { isReference, providerUses } from './needs.js';
import { WEBHOOK_TOKEN_VARIABLE } from './openclaw-channels.js';
import { composeFiles } from './overlays.js';
import { nameIn } from './partitions.js';
import { findProvider } from './providers.js';
import { extraVariable } from './services-gateway.js';
import { internal, token } from './tokens.js';
import { doorToken, isWatched } from './watched.js';
import { commented } from './yaml-text.js';

export const PROJECT = 'openclaw';

export const projectOf = (server: Pick<Server, 'stack'>): string => nameIn(server, PROJECT);

export const CACHE_VARIABLE = 'REDIS_PASSWORD';

/** What of .env is no secret. */
export const PLAIN_VARIABLES = ['COMPOSE_PROJECT_NAME', 'COMPOSE_FILE'] as const;

type Variable = readonly [name: string, value: string];

/** A provider's keys, by the variable that LiteLLM reads each from. */
export function providerKeys({ providers }: Pick<Server, 'providers'>, name: string): Variable[] {
  const { key, secret_key } = providers[name] ?? {};
  const [first = `${name.toUpperCase().replaceAll('-', '_')}_API_KEY`, second] =
    findProvider(name)?.keys ?? [];
  return [
    ...(key === undefined ? [] : [[first, token(key)] as const]),
    ...(secret_key === undefined || second === undefined ? [] : [[second, token(secret_key)] as const]),
  ];
}

/** Of those that something uses. */
const keys = (server: Server): Variable[] =>
  [...new Set(providerUses(server).map(({ provider }) => provider))]
    .sort()
    .flatMap((name) => providerKeys(server, name));

export const keyVariables = (server: Server): string[] => keys(server).map(([name]) => name);

function variables(server: Server): Variable[] {
  const { proxy, channels, openclaw } = server;
  const extras = Object.entries(openclaw.extra_env).filter(([, value]) => isReference(value));
  return [
    ['COMPOSE_PROJECT_NAME', projectOf(server)],
    ['COMPOSE_FILE', composeFiles(server).join(':')],
    ['LITELLM_MASTER_KEY', token(internal(server, 'litellm_master_key'))],
    [CACHE_VARIABLE, token(internal(server, 'redis_password'))],
    ...keys(server),
    ...(channels.webhook.enabled ? [[WEBHOOK_TOKEN_VARIABLE, token(channels.webhook.token)] as const] : []),
    ...(proxy.kind === 'tunnel' ? [['TUNNEL_TOKEN', token(proxy.tunnel_token)] as const] : []),
    ...(proxy.oidc.enabled ? [['OIDC_CLIENT_SECRET', token(proxy.oidc.client_secret)] as const] : []),
    ...(isWatched(server) ? [[DOOR_VARIABLE, token(doorToken(server.name))] as const] : []),
    ...extras.map(([name, value]) => [extraVariable(name), token(value)] as const),
  ];
}

const HEADING = `Read by every \`docker compose\` in this folder: which files make up the stack, and the keys of its services.
Written by clincher; values come from the secrets that clincher.yaml refers to.`;

export const dotEnv = (server: Server): string =>
  `${commented(HEADING)}\n${variables(server)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')}`;

/** Fields of secrets.json, as openclaw.json refers to them. */
export function secretsJson(server: Server): string {
  const { telegram, discord, slack } = server.channels;
  const secrets = {
    gatewayToken: internal(server, 'gateway_token'),
    litellmKey: internal(server, 'litellm_master_key'),
    ...(telegram.enabled ? { telegramToken: telegram.token } : {}),
    ...(discord.enabled ? { discordToken: discord.token } : {}),
    ...(slack.enabled
      ? {
          slackBotToken: slack.bot_token,
          slackAppToken: slack.app_token,
          slackSigningSecret: slack.signing_secret,
        }
      : {}),
  };
  // A token is not escaped: it is found again as it stands, and the value that takes its place is.
  const lines = Object.entries(secrets).map(([name, ref]) => `  "${name}": "${token(ref)}"`);
  return `{\n${lines.join(',\n')}\n}\n`;
}
