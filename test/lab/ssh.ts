// How to log in to a lab host with OpenSSH: its key pinned to what the container itself says, the lab's key alone.
import { rmSync, writeFileSync } from 'node:fs';
import { type RunResult, run } from '../../scripts/run.js';
import { labCache } from './cache.js';
import { publicHostKeys } from './host.js';
import { labKey } from './key.js';

export interface Login {
  user: string;
  port: number;
}

export const firstContact: Login = { user: 'root', port: 22 };
/** The way in after hardening. */
export const afterHardening: Login = { user: 'deploy', port: 9922 };

/** Words for `ssh`, up to and without the command. */
export async function sshWords(
  host: { name: string; address: string },
  as = firstContact,
): Promise<string[]> {
  const options = {
    UserKnownHostsFile: await knownHosts(host, as.port),
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    IdentitiesOnly: 'yes',
    ConnectTimeout: '5',
    LogLevel: 'ERROR',
  };
  const settings = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const identity = ['-F', '/dev/null', '-i', labKey().privateKeyFile];
  return [...identity, ...settings, '-p', String(as.port), `${as.user}@${host.address}`];
}

export async function sshRun(
  host: { name: string; address: string },
  line: string,
  as = firstContact,
): Promise<RunResult> {
  const words = await sshWords(host, as);
  return run('ssh', ['-o', 'BatchMode=yes', ...words, line], { timeoutMs: 20_000 });
}

async function knownHosts(host: { name: string; address: string }, port: number): Promise<string> {
  const file = labCache(`known_hosts-${host.name}-${port}`);
  const where = port === 22 ? host.address : `[${host.address}]:${port}`;
  const lines = (await publicHostKeys(host.name)).map((key) => `${where} ${key}\n`);
  writeFileSync(file, lines.join(''));
  return file;
}

export function forgetKnownHosts(name: string): void {
  for (const { port } of [firstContact, afterHardening]) {
    rmSync(labCache(`known_hosts-${name}-${port}`), { force: true });
  }
}
