// Cross-checks of `openclaw.extra_env`: what clincher sets itself, and what must not stand in a file.
import { isSecretName, looksSecret } from '../secrets/looks.js';
import { isReference } from '../stack/needs.js';
import { PROVIDERS } from '../stack/providers.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export function checkEnvironment({ openclaw: { extra_env } }: NamedServer): Finding[] {
  return Object.entries(extra_env).flatMap(([name, value]) => {
    const complaint = reserved(name) ?? literal(name, value);
    return complaint === undefined ? [] : [finding(['openclaw', 'extra_env', name], complaint)];
  });
}

const OURS =
  /^(?:OPENCLAW_\w*|(?:HTTPS?|NO|ALL)_PROXY|DOCKER_HOST|NODE_(?:OPTIONS|TLS_REJECT_UNAUTHORIZED)|TZ|PATH|HOME)$/;
const KEYS = new Set(PROVIDERS.flatMap(({ keys }) => keys));

function reserved(name: string): string | undefined {
  if (OURS.test(name)) return 'is set by clincher; another value would go round its walls or break the stack';
  return KEYS.has(name)
    ? 'is a provider’s key, and those stay with LiteLLM: with it, the gateway would go past every budget; use `providers`'
    : undefined;
}

/** `MAX_TOKENS: 4096` is no secret, whatever its name sounds like. */
function literal(name: string, value: string): string | undefined {
  if (isReference(value) || /^(?:\d+|true|false|)$/.test(value)) return undefined;
  return isSecretName(name) || looksSecret(value)
    ? 'looks like a secret, and a value here ends up in backups and version control; put it into the vault and write its reference here'
    : undefined;
}
