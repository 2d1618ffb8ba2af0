// Public keys that the operator has: in the SSH agent, and in ~/.ssh. Private keys are not looked at.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { publicKey } from '../config/fields.js';

export interface OwnKey {
  /** The line of the .pub file. */
  line: string;
  /** `agent`, or the file. */
  from: string;
  /** The private key beside the .pub file. */
  identityFile?: string | undefined;
}

export async function ownKeys(env: NodeJS.ProcessEnv): Promise<OwnKey[]> {
  const files = keyFiles(join(env['HOME'] || homedir(), '.ssh'));
  const agent = (await agentKeys(env['SSH_AUTH_SOCK'])).map((line) => ({ line, from: 'agent' }));
  const isInFile = (line: string): boolean => files.some((file) => blobOf(file.line) === blobOf(line));
  return [...files, ...agent.filter(({ line }) => !isInFile(line))];
}

export const blobOf = (line: string): string | undefined => line.split(' ')[1];

function keyFiles(folder: string): OwnKey[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.pub'));
  return names.sort().flatMap((name) => readKeyFile(join(folder, name)) ?? []);
}

/** Nothing when the file holds no public key that OpenSSH still takes. */
export function readKeyFile(path: string): OwnKey | undefined {
  const line = readFileSync(path, 'utf8').split('\n')[0]?.trim() ?? '';
  if (publicKey(line) !== undefined) return undefined;
  const identityFile = path.replace(/\.pub$/, '');
  return { line, from: path, ...(identityFile !== path && existsSync(identityFile) ? { identityFile } : {}) };
}

export async function agentKeys(socket: string | undefined): Promise<string[]> {
  if (socket === undefined || socket === '') return [];
  const { default: ssh2 } = await import('ssh2');
  const keys = await new Promise<{ type: string; comment: string; getPublicSSH(): Buffer }[]>((resolve) => {
    ssh2.createAgent(socket).getIdentities((error, found) => resolve(error ? [] : ((found ?? []) as never)));
  });
  const lines = keys.map((key) =>
    `${key.type} ${key.getPublicSSH().toString('base64')} ${key.comment ?? ''}`.trim(),
  );
  return lines.filter((line) => publicKey(line) === undefined);
}
