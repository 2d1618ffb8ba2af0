// The real Ansible, where it can be had: its vault and its view of an inventory, to hold ours to. Kept in the cache folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { must, run } from '../../scripts/run.js';
import { labCache } from '../lab/cache.js';

export interface Ansible {
  version: string;
  encrypt(file: string, passwordFile: string): Promise<void>;
  /** Variables of a host, as Ansible itself resolves them; templates stay templates. */
  variables(folder: string, host: string, passwordFile: string): Promise<Record<string, unknown>>;
}

const MINUTES_MS = 5 * 60_000;

/** Undefined where neither the cache nor PyPI has it. */
export async function realAnsible(say: (line: string) => void): Promise<Ansible | undefined> {
  const venv = labCache('ansible');
  const program = (name: string): string => join(venv, 'bin', name);
  if (!existsSync(program('ansible-vault')) && !(await install(venv, program('pip'), say))) return undefined;
  const env = { ANSIBLE_HOME: join(venv, 'home') };
  const said = await must(program('ansible-vault'), ['--version'], { env });
  return {
    version: /core ([\d.]+)/.exec(said)?.[1] ?? 'unknown',
    encrypt: async (file, passwordFile) => {
      await must(program('ansible-vault'), ['encrypt', '--vault-password-file', passwordFile, file], { env });
    },
    variables: async (folder, host, passwordFile) => {
      const words = ['--list', '--vault-password-file', passwordFile];
      const listed = await must(program('ansible-inventory'), words, { env, cwd: folder });
      const { _meta } = JSON.parse(listed) as {
        _meta: { hostvars: Record<string, Record<string, unknown>> };
      };
      return _meta.hostvars[host] ?? {};
    },
  };
}

async function install(venv: string, pip: string, say: (line: string) => void): Promise<boolean> {
  say('  installing ansible-core from PyPI');
  const made = await run('python3', ['-m', 'venv', venv], { timeoutMs: MINUTES_MS });
  const words = ['install', '--quiet', 'ansible-core'];
  return made.code === 0 && (await run(pip, words, { timeoutMs: MINUTES_MS })).code === 0;
}
