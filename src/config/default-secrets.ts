// Where a secret is kept when the configuration does not say: the server's own name in the vault.
import { vaultReference } from '../secrets/reference.js';
import { findProvider } from '../stack/providers.js';
import { at, deepMerge, isPlain, own, type Plain } from './merge.js';
import { DEFAULT_PROVIDERS } from './schema-openclaw.js';

/** References as they would stand in the file. `written` names the providers; each gets the keys that its API asks for. */
export function computedSecrets(owner: string, written: unknown): Plain {
  const ref = (name: string): string => vaultReference(owner, name);
  return {
    channels: channelSecrets(owner),
    ...partitionSecrets(owner, written),
    proxy: { tunnel_token: ref('tunnel_token'), oidc: { client_secret: ref('oidc_client_secret') } },
    providers: providerKeys(own(written, 'providers') ?? DEFAULT_PROVIDERS, owner),
    // Only where there is one: a far end with nothing but keys would be one.
    ...(isPlain(at(written, ['backup', 'offsite']))
      ? {
          backup: {
            offsite: {
              access_key: ref('offsite_access_key'),
              secret_key: ref('offsite_secret_key'),
              key: ref('offsite_ssh_key'),
            },
          },
        }
      : {}),
  };
}

/** `prefix`: of a partition's, which begin with its name. */
function channelSecrets(owner: string, prefix = ''): Plain {
  const ref = (name: string): string => vaultReference(owner, `${prefix}${name}`);
  return {
    telegram: { token: ref('telegram_bot_token') },
    discord: { token: ref('discord_bot_token') },
    slack: {
      bot_token: ref('slack_bot_token'),
      app_token: ref('slack_app_token'),
      signing_secret: ref('slack_signing_secret'),
    },
    webhook: { token: ref('webhook_token') },
  };
}

/** All bots of a server are known to the same Bot API, unless it says otherwise. */
function partitionSecrets(owner: string, written: unknown): Plain {
  const partitions = own(written, 'partitions');
  if (!isPlain(partitions)) return {};
  const api_root = at(written, ['channels', 'telegram', 'api_root']);
  const common = api_root === undefined ? {} : { telegram: { api_root } };
  const entries = Object.entries(partitions)
    .filter(([, value]) => isPlain(value))
    .map(([name]) => [name, { channels: deepMerge(common, channelSecrets(owner, `${name}_`)) }]);
  return { partitions: Object.fromEntries(entries) };
}

/** The reference that a key below a server has when nothing is written, or would have if it needed one. */
export function defaultReference(owner: string, path: readonly string[]): string | undefined {
  const [part, name = '', key] = path;
  if (part === 'alerts') return vaultReference(owner, 'alerts_secret');
  if (part === 'partitions') return partitionReference(owner, path);
  if (part === 'watchdog') return vaultReference(owner, 'watchdog_ping');
  if (part === 'providers' && findProvider(name) !== undefined)
    return providerKey(owner, name, key === 'secret_key' ? key : 'api_key');
  const reference = at(computedSecrets(owner, { backup: { offsite: {} } }), path);
  return typeof reference === 'string' ? reference : undefined;
}

const partitionReference = (owner: string, [, name = '', ...rest]: readonly string[]): string | undefined =>
  defaultReference(owner, rest)?.replace(/([^/]+)$/, `${name}_$1`);

const providerKey = (owner: string, provider: string, suffix: string): string =>
  vaultReference(owner, `${provider.replaceAll('-', '_')}_${suffix}`);

function providerKeys(providers: unknown, owner: string): Plain {
  const names = isPlain(providers) ? Object.keys(providers) : [];
  return Object.fromEntries(
    names.flatMap((name) => {
      const known = findProvider(name);
      if (known === undefined) return [];
      const [key, secretKey] = known.keys;
      const keys = {
        ...(key === undefined ? {} : { key: providerKey(owner, name, 'api_key') }),
        ...(secretKey === undefined ? {} : { secret_key: providerKey(owner, name, 'secret_key') }),
      };
      return [[name, keys]];
    }),
  );
}
