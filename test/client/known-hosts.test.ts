import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { knownHostKeys } from '../../src/client/known-hosts.js';
import { folder } from '../secrets/folder.js';

/** A key of a host, as `known_hosts` has it and as `ssh-keygen -lf` prints it. */
function hostKey(at: string): { line: string; fingerprint: string } {
  const file = join(at, 'host');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
  const said = execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' });
  return {
    line: readFileSync(`${file}.pub`, 'utf8').trim(),
    fingerprint: /SHA256:\S+/.exec(said)?.[0] ?? '',
  };
}

test('keys that OpenSSH trusts already, by name and port, hashed names too', async () => {
  const home = folder();
  mkdirSync(join(home, '.ssh'));
  const { line, fingerprint } = hostKey(home);
  const file = join(home, '.ssh', 'known_hosts');
  writeFileSync(file, `# mine\n[203.0.113.7]:9922 ${line}\n@revoked 203.0.113.7 ${line}\n`);
  expect(await knownHostKeys('203.0.113.7', 9922, home)).toEqual([{ type: 'ssh-ed25519', fingerprint }]);
  expect(await knownHostKeys('203.0.113.7', 22, home)).toEqual([]);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  expect(readFileSync(file, 'utf8')).toContain('|1|');
  expect(await knownHostKeys('203.0.113.7', 9922, home)).toEqual([{ type: 'ssh-ed25519', fingerprint }]);
});

test('nobody is known where there is no such file', async () => {
  expect(await knownHostKeys('203.0.113.7', 22, folder())).toEqual([]);
});
