// Where a secret is kept when the configuration does not say: the server's own name in the vault.
import { vaultReference } from '../secrets/reference.js';
import { PROVIDERS } from '../stack/providers.js';
import { at, isPlain, own, type Plain } from './merge.js';
import { DEFAULT_PROVIDERS } from './schema-openclaw.js';

/** References as they would stand in the file. `written` names the providers; each gets the keys that its API asks for. */
export function computedSecrets(owner: string, written: unknown): Plain {
  const ref = (name: string): string => vaultReference(owner, name);
  return {
    channels: {
      telegram: { token: ref('telegram_bot_token') },
      discord: { token: ref('discord_bot_token') },
      slack: {
        bot_token: ref('slack_bot_token'),
        app_token: ref('slack_app_token'),
        signing_secret: ref('slack_signing_secret'),
      },
      webhook: { token: ref('webhook_token') },
    },
    proxy: { tunnel_token: ref('tunnel_token'), oidc: { client_secret: ref('oidc_client_secret') } },
    providers: providerKeys(own(written, 'providers') ?? DEFAULT_PROVIDERS, ref),
  };
}

/** The reference that a key below a server has when nothing is written, if it has one. */
export function defaultReference(owner: string, path: readonly string[]): string | undefined {
  const [part, name = ''] = path;
  const written = part === 'providers' ? { providers: { [name]: {} } } : {};
  const reference = at(computedSecrets(owner, written), path);
  return typeof reference === 'string' ? reference : undefined;
}

function providerKeys(providers: unknown, ref: (name: string) => string): Plain {
  const names = isPlain(providers) ? Object.keys(providers) : [];
  return Object.fromEntries(
    names.flatMap((name) => {
      const known = PROVIDERS.find(({ id }) => id === name);
      if (known === undefined) return [];
      const [key, secretKey] = known.keys;
      const secret = (suffix: string): string => ref(`${name.replaceAll('-', '_')}_${suffix}`);
      return [
        [
          name,
          {
            ...(key === undefined ? {} : { key: secret('api_key') }),
            ...(secretKey === undefined ? {} : { secret_key: secret('secret_key') }),
          },
        ],
      ];
    }),
  );
}
