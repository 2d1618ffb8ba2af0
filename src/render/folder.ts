// Puts rendered files into a folder that stands for the server's `/`; touches nothing beyond it, and no folder of others.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { ClincherError } from '../errors.js';
import type { Rendered, RenderedFile } from './rendered.js';

/** Says that the folder is ours, and what of it: written first, so that a rendering that broke off can be repeated. */
export const MARK = '.clincher-render.json';
const SCHEMA = 'clincher.rendered/1';

export interface FolderWork {
  rendered: Rendered;
  /** Absolute. */
  folder: string;
  /** Also into a folder that somebody else has filled. */
  force: boolean;
  /** What to type once the folder is mended. */
  again: string;
}

export function writeFolder({ rendered, folder, force, again }: FolderWork): void {
  guarded(folder, again, () => {
    const before = existsSync(folder) ? ownFiles(folder) : [];
    if (before === undefined && !force) throw foreign(folder, again);
    for (const path of before ?? []) remove(folder, path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    put(folder, `/${MARK}`, `${JSON.stringify(marking(rendered), null, 2)}\n`, 0o600);
    for (const { path, content, mode } of rendered.files)
      put(folder, path, content, Number.parseInt(mode, 8));
  });
}

const marking = ({ server, system, files }: Rendered): object => ({
  schema: SCHEMA,
  server: server.name,
  system,
  files: files.map(({ path, mode, owner, group, step }: RenderedFile) => ({
    path,
    mode,
    owner,
    group,
    step,
  })),
});

/** What an earlier rendering has put there; undefined: it is full of other things. */
function ownFiles(folder: string): string[] | undefined {
  const names = readdirSync(folder);
  if (names.length === 0) return [];
  if (!names.includes(MARK)) return undefined;
  try {
    const { schema, files } = JSON.parse(readFileSync(join(folder, MARK), 'utf8')) as {
      schema?: unknown;
      files?: { path?: unknown }[];
    };
    if (schema !== SCHEMA || !Array.isArray(files)) return undefined;
    return files.flatMap(({ path }) => (typeof path === 'string' && isPlain(path) ? [path] : []));
  } catch {
    return undefined;
  }
}

/** The mark is a file like any other, and could have been written by anybody: `/../../etc/passwd`. */
const isPlain = (path: string): boolean =>
  path.startsWith('/') && normalize(path) === path && !path.endsWith(sep);

function remove(folder: string, path: string): void {
  if (!isReal(folder, path)) return;
  rmSync(folder + path, { force: true });
  for (let above = dirname(path); above !== '/' && isEmpty(folder + above); above = dirname(above))
    rmdirSync(folder + above);
}

const isEmpty = (path: string): boolean => existsSync(path) && readdirSync(path).length === 0;

function put(folder: string, path: string, content: string, mode: number): void {
  if (!isReal(folder, path))
    throw new ClincherError(
      'FOLDER_UNUSABLE',
      `${folder}${path} would be written through a link, to somewhere else.`,
      {
        remedy: ['choose another folder: --out <folder>'],
      },
    );
  mkdirSync(dirname(folder + path), { recursive: true });
  rmSync(folder + path, { force: true });
  writeFileSync(folder + path, content, { flag: 'wx', mode });
}

/** No folder on the way down is a link: `etc → /etc` would make this machine the server. */
function isReal(folder: string, path: string): boolean {
  for (let above = dirname(path); above !== '/'; above = dirname(above))
    if (lstatSync(folder + above, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  return true;
}

const foreign = (folder: string, again: string): ClincherError =>
  new ClincherError('FOLDER_UNUSABLE', `${folder} is not empty, and clincher did not fill it.`, {
    remedy: ['choose another folder: --out <folder>', `${again} --force`],
  });

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be written to by you',
  EPERM: 'may not be written to by you',
  EROFS: 'is on a file system that is read-only',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk of which you have used your share',
  ENOTDIR: 'is not a folder, or stands below something that is none',
  EEXIST: 'is not a folder',
  ELOOP: 'is a link that leads in a circle',
  ENAMETOOLONG: 'has a name that is too long',
};

function guarded(folder: string, again: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof ClincherError) throw error;
    const { code = '', message, path } = error as NodeJS.ErrnoException;
    const why = REASONS[code];
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new ClincherError('FOLDER_UNUSABLE', why ? `${path ?? folder} ${why}.` : `${folder}: ${message}`, {
      remedy: isFull
        ? [`df -h ${folder}, make room, then: ${again}`]
        : ['choose another folder: --out <folder>'],
      cause: error,
    });
  }
}
