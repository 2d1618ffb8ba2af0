// Installs Debian packages that a script needs, saying so; where it may not, says what to type.
import { readdir, stat } from 'node:fs/promises';
import { consent } from './consent.js';
import { patiently, type Say } from './patiently.js';
import { run } from './run.js';
import { SetupError } from './setup-error.js';

interface PackageOptions {
  say: Say;
  /** The person at the terminal was asked already. */
  agreed?: boolean;
}

export async function ensurePackages(names: readonly string[], o: PackageOptions): Promise<void> {
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  const command = `apt-get install -y ${missing.join(' ')}`;
  if ((await run('apt-get', ['--version'])).code !== 0) {
    throw new SetupError(
      `This needs the tools of these Debian packages; please install them: ${missing.join(' ')}`,
    );
  }
  if (!isRoot())
    throw new SetupError(`This needs packages that are not installed. Please type:\n  sudo ${command}`);
  if (!o.agreed) await consent(`This needs ${missing.join(', ')}. Install?`, `Please type:\n  ${command}`);
  if (await listsAreOld()) {
    await patiently(o.say, 'Reading the package lists (apt-get update)', () => apt(['update']));
  }
  await patiently(o.say, `Installing ${missing.join(', ')} (apt-get)`, () => aptInstall(missing));
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export async function hasSystemd(): Promise<boolean> {
  return stat('/run/systemd/system').then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function missingPackages(names: readonly string[]): Promise<string[]> {
  const { stdout } = await run('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n', ...names]);
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return names.filter((name) => !installed.has(`${name} installed`));
}

async function aptInstall(names: readonly string[]): Promise<void> {
  const install = ['install', '-y', '--no-install-recommends', ...names];
  // The lists may name versions that the mirror no longer has: one fresh look, then again.
  await apt(install).catch(async () => {
    await apt(['update']);
    await apt(install);
  });
}

async function apt(args: readonly string[]): Promise<void> {
  // Without systemd, runlevel 1 keeps the packages' scripts from starting daemons by themselves.
  const quiet = (await hasSystemd()) ? {} : { RUNLEVEL: '1' };
  const env = { DEBIAN_FRONTEND: 'noninteractive', ...quiet };
  const result = await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env });
  if (result.code === 0) return;
  const said = result.stderr.trim().split('\n').slice(-6).join('\n');
  throw new SetupError(`apt-get ${args[0]} failed:\n${said}`);
}

async function listsAreOld(): Promise<boolean> {
  const folder = '/var/lib/apt/lists';
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.includes('_dists_'));
  if (names.length === 0) return true;
  const times = await Promise.all(names.map(async (name) => (await stat(`${folder}/${name}`)).mtimeMs));
  const { mtimeMs } = await stat(folder);
  return Date.now() - Math.max(mtimeMs, ...times) > 24 * 3600_000;
}
