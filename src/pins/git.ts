// Asks the git of this machine for one commit and what stands in it; nothing of a repository is ever checked out or run.
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClincherError } from '../errors.js';
import { lastWord, type ProgramResult, runProgram } from '../images/program.js';

export interface GitPlace {
  /** A bare repository of our own. */
  folder: string;
  /** `https` alone, except in tests. */
  protocols: string;
  env: NodeJS.ProcessEnv;
}

/** A repository of a monorepo is large, a commit of it is not; a source that trickles is given up. */
const FETCH_MS = 60_000;
const LOOK_MS = 20_000;

/** Neither this machine's nor the operator's settings: a rewritten address or a helper would be another source. */
const clean = ({ env, protocols }: GitPlace): NodeJS.ProcessEnv => ({
  PATH: env['PATH'],
  HTTPS_PROXY: env['HTTPS_PROXY'] ?? env['https_proxy'],
  NO_PROXY: env['NO_PROXY'] ?? env['no_proxy'],
  GIT_SSL_CAINFO: env['GIT_SSL_CAINFO'] ?? env['NODE_EXTRA_CA_CERTS'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: protocols,
  LC_ALL: 'C',
});

async function git(place: GitPlace, timeoutMs: number, ...words: string[]): Promise<ProgramResult> {
  // Every object is judged as it comes in; its name is its hash, so what has the name is the content.
  const safe = ['-c', 'transfer.fsckObjects=true', '-c', 'core.hooksPath=/dev/null'];
  const said = await runProgram('git', ['--git-dir', place.folder, ...safe, ...words], {
    env: clean(place),
    timeoutMs,
  });
  if (said !== undefined) return said;
  throw new ClincherError(
    'TOOL_UNUSABLE',
    'Skills and personas are fetched by git, which is not installed here.',
    {
      remedy: ['apt install git (on the machine of the worker)'],
    },
  );
}

/** What an object is: `commit`, `tag`, …; nothing where we do not have it. */
export async function kindOf(place: GitPlace, id: string): Promise<string | undefined> {
  if (!existsSync(place.folder)) return undefined;
  const { code, stdout } = await git(place, LOOK_MS, 'cat-file', '-t', id);
  return code === 0 ? stdout.trim() : undefined;
}

/** The one commit; from servers that give no single commit, every branch. Says why nothing came. */
export async function fetchCommit(place: GitPlace, source: string, commit: string): Promise<string> {
  await begin(place);
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];
  const one = await git(place, FETCH_MS, ...fetch, '--depth', '1', '--', source, commit);
  if (one.code === 0) return '';
  const all = await git(place, FETCH_MS, ...fetch, '--', source, '+refs/heads/*:refs/heads/*');
  return all.code === 0 ? '' : lastWord(all);
}

async function begin(place: GitPlace): Promise<void> {
  if (existsSync(place.folder)) return;
  await mkdir(dirname(place.folder), { recursive: true, mode: 0o700 });
  const { code } = await git(place, LOOK_MS, 'init', '--quiet', '--bare');
  if (code === 0) return;
  await rm(place.folder, { recursive: true, force: true });
  throw new ClincherError('TOOL_UNUSABLE', `git could not make a repository in ${place.folder}.`);
}

export interface TreeEntry {
  mode: string;
  type: string;
  id: string;
  bytes: number;
  /** From the root of the repository. */
  path: string;
}

/** Everything at or below a path; nothing where there is no such path. */
export async function entriesAt(place: GitPlace, commit: string, path: string): Promise<TreeEntry[]> {
  const below = path === '.' ? [] : ['--', path];
  const words = ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--long', '--full-tree', commit, ...below];
  const { code, stdout } = await git(place, LOOK_MS, ...words);
  if (code !== 0) throw new ClincherError('PIN_INVALID', `the tree of ${commit.slice(0, 7)} cannot be read`);
  return stdout
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [meta = '', file = ''] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)];
      const [mode = '', type = '', id = '', bytes = ''] = meta.split(/ +/);
      return { mode, type, id, bytes: Number(bytes) || 0, path: file };
    });
}

export async function blob(place: GitPlace, id: string): Promise<string> {
  const { code, stdout } = await git(place, LOOK_MS, 'cat-file', 'blob', id);
  if (code !== 0) throw new ClincherError('PIN_INVALID', `the object ${id.slice(0, 7)} cannot be read`);
  return stdout;
}
