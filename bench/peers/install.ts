// The peers themselves: the newest Ansible and pyinfra that this machine's newest Python takes, in a venv in the cache folder.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from '../../scripts/packages.js';
import { patiently, type Say } from '../../scripts/patiently.js';
import { must, run } from '../../scripts/run.js';
import { inCache } from '../../src/temporal/paths.js';

export interface Peers {
  ansible: string;
  pyinfra: string;
  versions: { ansible: string; 'ansible-core': string; pyinfra: string; python: string };
}

const DAYS_30_MS = 30 * 24 * 3_600_000;

export async function ensurePeers(say: Say): Promise<Peers> {
  const venv = inCache('bench', 'peers');
  const bin = (name: string): string => join(venv, 'bin', name);
  if (!isRecent(bin('pyinfra'))) await install(venv, bin('pip'), say);
  return {
    ansible: bin('ansible-playbook'),
    pyinfra: bin('pyinfra'),
    versions: await versions(bin('pip'), bin('python')),
  };
}

/** "Newest" has a date: after a month it is asked for again. */
const isRecent = (path: string): boolean =>
  existsSync(path) && Date.now() - statSync(path).mtimeMs < DAYS_30_MS;

async function install(venv: string, pip: string, say: Say): Promise<void> {
  const python = await newestPython(say);
  await patiently(say, `Installing Ansible and pyinfra from PyPI into ${venv} (${python})`, async () => {
    await must(python, ['-m', 'venv', '--clear', venv]);
    await must(pip, ['install', '--quiet', '--upgrade', 'ansible', 'pyinfra']);
  });
}

/** New releases of Ansible refuse old Pythons, and a machine often has a newer one than `python3`. */
async function newestPython(say: Say): Promise<string> {
  const minors = [15, 14, 13, 12];
  const candidates = minors.flatMap((minor) => [`python3.${minor}`, ...fromPyenv(minor)]);
  for (const python of candidates)
    if ((await run(python, ['-c', 'import ensurepip, venv'])).code === 0) return python;
  if ((await run('python3', ['-c', 'import ensurepip, venv'])).code !== 0)
    await ensurePackages(['python3-venv'], { say });
  return 'python3';
}

function fromPyenv(minor: number): string[] {
  const folder = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`3.${minor}.`))
    .map((name) => join(folder, name, 'bin', 'python3'));
}

async function versions(pip: string, python: string): Promise<Peers['versions']> {
  const list = JSON.parse(await must(pip, ['list', '--format=json'])) as { name: string; version: string }[];
  const of = (name: string): string => list.find((each) => each.name === name)?.version ?? 'unknown';
  return {
    ansible: of('ansible'),
    'ansible-core': of('ansible-core'),
    pyinfra: of('pyinfra'),
    python: (await must(python, ['--version'])).trim().replace('Python ', ''),
  };
}
