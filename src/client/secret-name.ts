// Which secret is meant: `secret://prod/x`, `prod/x`, or `x` with --server. Checked against the servers there are.
import { type Config, serverNames } from '../config/load.js';
import { didYouMean } from '../config/nearest.js';
import { ClincherError } from '../errors.js';
import { looksLikeReference, parseReference, SHARED, vaultReference } from '../secrets/reference.js';

export interface SecretName {
  server: string;
  name: string;
  /** As the vault calls it. */
  key: string;
  ref: string;
}

export function secretName(config: Config, text: string, servers: readonly string[] = []): SecretName {
  const parsed = parseReference(fullReference(text, servers));
  if ('problem' in parsed)
    throw new ClincherError('USAGE', `This is not the name of a secret: ${parsed.problem}.`);
  if (parsed.kind !== 'vault')
    throw new ClincherError(
      'USAGE',
      'Only the vault can be changed here; env:, file: and exec: are kept where they point to.',
    );
  const { server, name } = parsed;
  assertOwner(config, server);
  return { server, name, key: `${server}/${name}`, ref: vaultReference(server, name) };
}

/** A server of the configuration, or `shared`. */
export function assertOwner(config: Config, owner: string): void {
  const owners = [...serverNames(config), SHARED];
  if (owners.includes(owner)) return;
  throw new ClincherError('UNKNOWN_SERVER', `There is no server "${owner}"${didYouMean(owner, owners)}`);
}

function fullReference(text: string, servers: readonly string[]): string {
  if (looksLikeReference(text)) return text;
  if (text.includes('/')) return `secret://${text}`;
  if (servers.length === 1) return `secret://${servers[0]}/${text}`;
  throw new ClincherError('USAGE', 'Whose secret? Write <server>/<name>, or shared/<name>.', {
    remedy: ['clincher secrets ls'],
  });
}
