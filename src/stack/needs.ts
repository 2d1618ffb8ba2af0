// What a configuration really needs: the providers that something uses, and the secrets of what is turned on.
import type { SecretRef, Server } from '../model.js';
import { isMonitor } from './watched.js';

/** Embeds prompts for the semantic cache. */
export const CACHE_PROVIDER = 'voyage';

/** What uses which provider, in the order of the file: `models.list[0]`, `memory`, `stack.cache`. */
export interface ProviderUse {
  provider: string;
  path: (string | number)[];
}

type Parts = Pick<Server, 'stack' | 'models' | 'memory'>;

export function providerUses({ stack, models, memory }: Parts): ProviderUse[] {
  return [
    ...(stack.cache.mode === 'semantic'
      ? [{ provider: CACHE_PROVIDER, path: ['stack', 'cache', 'mode'] }]
      : []),
    ...models.list.map(({ provider }, at) => ({ provider, path: ['models', 'list', at, 'provider'] })),
    ...(memory.enabled ? [{ provider: memory.provider, path: ['memory', 'provider'] }] : []),
  ];
}

/** References without a value here would fail a run; those that clincher generates are not among them. */
export function neededSecrets(server: Server): SecretRef[] {
  // Where no stack runs, messages are still sent.
  const runsStack = server.role !== 'monitor' && server.stack.enabled;
  const refs = runsStack
    ? ofStack(server)
    : [
        ...ofChannels(server),
        ...(isMonitor(server) ? server.alerts.channels.map(({ secret }) => secret) : []),
      ];
  return [...new Set(refs.filter((ref) => ref !== undefined))];
}

const ofStack = (server: Server): (SecretRef | undefined)[] => [
  ...ofChannels(server),
  ...ofProviders(server),
  ...ofProxy(server),
  ...Object.values(server.openclaw.extra_env).filter(isReference),
  ...Object.values(server.partitions ?? {}).flatMap(ofChannels),
  ...offsiteSecrets(server),
];

/** Of the far end that backups are copied to, and that the standby takes them from. */
export function offsiteSecrets({ role, standby_for, backup: { enabled, offsite } }: Server): SecretRef[] {
  const isUsed = role === 'primary' || standby_for !== undefined;
  if (!isUsed || !enabled || offsite === undefined) return [];
  return offsite.type === 'sftp' ? [offsite.key] : [offsite.access_key, offsite.secret_key];
}

function ofChannels({
  channels: { telegram, discord, slack, webhook },
}: Pick<Server, 'channels'>): SecretRef[] {
  return [
    ...(telegram.enabled ? [telegram.token] : []),
    ...(discord.enabled ? [discord.token] : []),
    ...(slack.enabled ? [slack.bot_token, slack.app_token, slack.signing_secret] : []),
    ...(webhook.enabled ? [webhook.token] : []),
  ];
}

function ofProviders(server: Server): (SecretRef | undefined)[] {
  const used = new Set(providerUses(server).map(({ provider }) => provider));
  return Object.entries(server.providers).flatMap(([name, { key, secret_key }]) =>
    used.has(name) ? [key, secret_key] : [],
  );
}

const ofProxy = ({ proxy: { kind, tunnel_token, oidc } }: Server): SecretRef[] => [
  ...(kind === 'tunnel' ? [tunnel_token] : []),
  ...(oidc.enabled ? [oidc.client_secret] : []),
];

/** Begins as a reference does (src/secrets/reference.ts); anything else is a plain value. */
export const isReference = (text: string): boolean => /^(?:secret:\/\/|env:|file:|exec:)/.test(text);
