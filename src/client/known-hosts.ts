// Host keys that this user trusts already: what OpenSSH remembers, as fingerprints. Whoever ran Ansible has compared them once.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostKey } from './host-key.js';

const run = promisify(execFile);

/** Names may be hashed in the file, so OpenSSH itself looks them up. Nothing where it is not there, or knows nothing. */
export async function knownHostKeys(address: string, port: number, home: string): Promise<HostKey[]> {
  const name = port === 22 ? address : `[${address}]:${port}`;
  const words = ['-F', name, '-f', join(home, '.ssh', 'known_hosts')];
  const said = await run('ssh-keygen', words).then(
    ({ stdout }) => stdout,
    () => '',
  );
  return said.split('\n').flatMap(keyOf);
}

/** `name type key`; what begins with a mark (`@revoked`, `@cert-authority`) is no plain key of a host. */
function keyOf(line: string): HostKey[] {
  const [name = '', type = '', blob = ''] = line.trim().split(/\s+/);
  if (/^[#@]|^$/.test(name) || blob === '') return [];
  const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return [{ type, fingerprint: `SHA256:${hash.replace(/=+$/, '')}` }];
}
