// Which variables of the peer are secrets of a server, and by which name the vault knows them.
import type { ImportedSecret } from '../secrets/import-file.js';
import { readPairs } from '../secrets/import-file.js';
import { isInternalName } from '../secrets/internal.js';
import { PROVIDERS } from '../stack/providers.js';

const CHANNELS = [
  'telegram_bot_token',
  'discord_bot_token',
  'slack_bot_token',
  'slack_app_token',
  'slack_signing_secret',
];
const OTHERS = ['tunnel_token', 'backup_encryption_key', 'ansible_become_password', 'ansible_become_pass'];
const NAMES = new Set([...CHANNELS, ...OTHERS, ...PROVIDERS.map(({ id }) => `${id}_api_key`)]);

export const isSecretVariable = (name: string): boolean => NAMES.has(name) || isInternalName(name);

/** Of sudo: the only one that `ssh` refers to. */
export const SUDO = 'sudo_password';

/** Or what is wrong with it, without its value. */
export function secretOf(name: string, value: unknown): ImportedSecret | { why: string } {
  if (value === '' || value === null) return { why: 'is empty' };
  // Nobody but the stack itself knows it, and clincher makes one that LiteLLM takes.
  if (name === 'litellm_master_key' && !String(value).startsWith('sk-'))
    return { why: 'LiteLLM takes only keys that begin with sk-; a new one is made' };
  const key = name.startsWith('ansible_become_pass') ? SUDO : name;
  const { secrets, mistakes } = readPairs([[key, value]]);
  return secrets[0] ?? { why: mistakes[0]?.replace(/^[^:]+: /, '') ?? 'is no secret' };
}
