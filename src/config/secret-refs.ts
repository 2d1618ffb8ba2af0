// Where in a server secrets are referred to: one list, for the checks, the paths and `secrets ls`.
import type { SecretRef } from '../model.js';
import { looksLikeReference } from '../secrets/reference.js';
import type { NamedServer } from './schema.js';

export interface SecretUse {
  /** Below the server, as `channels.telegram.token`. */
  path: string;
  ref: SecretRef;
}

type Parts = Pick<
  NamedServer,
  'ssh' | 'channels' | 'partitions' | 'providers' | 'proxy' | 'openclaw' | 'backup' | 'alerts' | 'watchdog'
>;

/** Every reference, those of what is turned off included: a wrong one is told before it is needed. */
export function secretUses(server: Parts): SecretUse[] {
  return entries(server).flatMap(([path, ref]) => (ref === undefined ? [] : [{ path, ref }]));
}

/** For the way to the server itself: written by a person, or absent. */
export const connectionSecrets = ({ ssh }: Pick<Parts, 'ssh'>): SecretRef[] =>
  [ssh.identity_passphrase, ssh.sudo_password].filter((ref) => ref !== undefined);

const channelEntries = (prefix: string, channels: Parts['channels']): [string, string][] => [
  [`${prefix}channels.telegram.token`, channels.telegram.token],
  [`${prefix}channels.discord.token`, channels.discord.token],
  [`${prefix}channels.slack.bot_token`, channels.slack.bot_token],
  [`${prefix}channels.slack.app_token`, channels.slack.app_token],
  [`${prefix}channels.slack.signing_secret`, channels.slack.signing_secret],
  [`${prefix}channels.webhook.token`, channels.webhook.token],
];

const entries = ({
  ssh,
  channels,
  partitions,
  providers,
  proxy,
  openclaw,
  backup,
  alerts,
  watchdog,
}: Parts): [string, string | undefined][] => [
  ['ssh.identity_passphrase', ssh.identity_passphrase],
  ['ssh.sudo_password', ssh.sudo_password],
  ...channelEntries('', channels),
  ...Object.entries(partitions ?? {}).flatMap(([name, own]) =>
    channelEntries(`partitions.${name}.`, own.channels),
  ),
  ['proxy.tunnel_token', proxy.tunnel_token],
  ['proxy.oidc.client_secret', proxy.oidc.client_secret],
  ['backup.offsite.access_key', backup.offsite?.access_key],
  ['backup.offsite.secret_key', backup.offsite?.secret_key],
  ['backup.offsite.key', backup.offsite?.key],
  ...Object.entries(providers).flatMap(([name, { key, secret_key }]): [string, string | undefined][] => [
    [`providers.${name}.key`, key],
    [`providers.${name}.secret_key`, secret_key],
  ]),
  ...(alerts?.channels ?? []).map(({ secret }, at): [string, string | undefined] => [
    `alerts.channels.${at}.secret`,
    secret,
  ]),
  ['watchdog.ping', watchdog?.ping],
  ...Object.entries(openclaw.extra_env)
    .filter(([, value]) => looksLikeReference(value))
    .map(([name, value]): [string, string] => [`openclaw.extra_env.${name}`, value]),
];
