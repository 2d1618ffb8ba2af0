// The operator's key of the lab: made once, kept in the cache folder, accepted by root of every lab host.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { labCache } from './cache.js';

export interface LabKey {
  privateKeyFile: string;
  publicKey: string;
}

export function labKey(): LabKey {
  const privateKeyFile = labCache('id_ed25519');
  if (!existsSync(`${privateKeyFile}.pub`)) {
    // ssh-keygen asks before it overwrites; "y" is for a half-made pair.
    const words = ['-q', '-t', 'ed25519', '-N', '', '-C', 'clincher-lab', '-f', privateKeyFile];
    execFileSync('ssh-keygen', words, { input: 'y\n', stdio: ['pipe', 'ignore', 'pipe'] });
  }
  return { privateKeyFile, publicKey: readFileSync(`${privateKeyFile}.pub`, 'utf8').trim() };
}
