// Where in a server secrets are referred to: one list, for the checks, the paths and `secrets ls`.
import type { SecretRef } from '../model.js';
import type { NamedServer } from './schema.js';

export interface SecretUse {
  /** Below the server, as `channels.telegram.token`. */
  path: string;
  ref: SecretRef;
}

export function secretUses({ ssh, channels }: Pick<NamedServer, 'ssh' | 'channels'>): SecretUse[] {
  const uses = {
    'ssh.identity_passphrase': ssh.identity_passphrase,
    'ssh.sudo_password': ssh.sudo_password,
    'channels.telegram.token': channels.telegram.token,
  };
  return Object.entries(uses).flatMap(([path, ref]) => (ref === undefined ? [] : [{ path, ref }]));
}
