// Where things are: the state folder, the cache folder, and this package itself.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

type Env = NodeJS.ProcessEnv;

/** What must not be lost: histories, the codec's keys, what runs. */
export function stateDir(env: Env = process.env): string {
  if (env['CLINCHER_HOME']) return resolve(env['CLINCHER_HOME']);
  return join(env['XDG_STATE_HOME'] || join(home(env), '.local', 'state'), 'clincher');
}

/** What is of one worker alone, where several share a state folder: its control socket. */
export const runtimeDir = (env: Env = process.env): string => env['CLINCHER_RUNTIME'] || stateDir(env);

/** What can be made again: downloaded and built servers. */
export function cacheDir(env: Env = process.env): string {
  if (env['CLINCHER_CACHE']) return resolve(env['CLINCHER_CACHE']);
  return join(env['XDG_CACHE_HOME'] || join(home(env), '.cache'), 'clincher');
}

const home = (env: Env) => env['HOME'] || homedir();

export const inState = (...names: string[]) => join(stateDir(), ...names);
export const inCache = (...names: string[]) => join(cacheDir(), ...names);

/** For its owner alone. Only who writes makes folders: a look must not bring a deleted one back. */
export function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** The folder with our package.json: the checkout, or the installed package. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json is missing from the installation');
    folder = parent;
  }
  return folder;
}

/** Files that are shipped beside the code, the same in a checkout and in a package. */
export const asset = (...names: string[]) => join(projectRoot(), 'templates', 'temporal', ...names);

/** Required by the SDK by path, in workers and when workflows are bundled. */
export const failureConverterPath = () => asset('failure-converter.cjs');

const runsFromSource = () => import.meta.url.endsWith('.ts');

/**
 * A worker lives for months and does little: with V8's default of 16 MB its young generation, and that of each workflow
 * thread, grows for the first hundreds of runs although next to nothing of it is alive.
 */
const WORKER_FLAGS = ['--max-semi-space-size=2'];

/** Words for `spawn` that run one of our own entry points, built or from source. */
export function entryWords(name: 'supervisor' | 'worker', env: Env = process.env): string[] {
  const chosen = name === 'worker' ? env['CLINCHER_WORKER_ENTRY'] : undefined;
  const file = chosen ?? entryFile(name);
  const flags = name === 'worker' ? WORKER_FLAGS : [];
  return [process.execPath, ...flags, ...(file.endsWith('.ts') ? ['--import', tsxLoader()] : []), file];
}

function entryFile(name: 'supervisor' | 'worker'): string {
  if (!runsFromSource()) return join(projectRoot(), 'dist', `${name}.js`);
  return join(projectRoot(), 'src', name === 'supervisor' ? 'temporal/supervisor.ts' : 'worker.ts');
}

const tsxLoader = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** A number in [0, size) that stays the same for a state folder. */
export function folderNumber(size: number, folder: string = stateDir()): number {
  return createHash('sha256').update(folder).digest().readUInt32BE(0) % size;
}
