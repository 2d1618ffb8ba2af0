// Files and folders on the host: read, write atomically, own.
import type { Action, Change, Command, Fact } from '../model.js';
import { sh } from './shell.js';

export interface FileWant {
  path: string;
  content: string;
  /** Octal, as `chmod` takes it: `0644`. */
  mode: string;
  owner?: string;
  group?: string;
}

export interface FileNow {
  content: string;
  mode: string;
  owner: string;
  group: string;
}

/**
 * A word of surveys alone: `read-file PATH` answers as `stat -L -c '%a %U %G' PATH && cat PATH` would. Surveys read many
 * files, and one process reads them all (activities/file-reads.ts): two for each would be a third of what a host starts.
 */
export const READ_FILE = 'read-file';

/** A file with its mode and owner; null when there is none. */
export function file(path: string): Fact<FileNow | null> {
  return {
    read: [READ_FILE, path],
    parse({ stdout, stderr, exitCode }) {
      if (exitCode === 0) return parseFile(stdout);
      if (/No such file or directory/.test(stderr)) return null;
      throw new Error(stderr || `cannot read ${path}`);
    },
  };
}

function parseFile(stdout: string): FileNow {
  const end = stdout.indexOf('\n');
  const [mode = '', owner = '', group = ''] = stdout.slice(0, end).split(' ');
  return { mode: mode.padStart(4, '0'), owner, group, content: stdout.slice(end + 1) };
}

/** Content by stdin into a file beside it, then renamed: a reader sees the old file or the new one. */
export function write({ path, content, mode, owner = 'root', group = 'root' }: FileWant): Action {
  return {
    command: sh(
      'set -e; d=$(dirname -- "$1"); mkdir -p -- "$d"; t=$(mktemp -- "$d/.clincher.XXXXXX"); trap \'rm -f -- "$t"\' EXIT; cat >"$t"; chmod -- "$2" "$t"; chown -- "$3:$4" "$t"; mv -f -- "$t" "$1"',
      path,
      mode,
      owner,
      group,
    ),
    stdin: content,
  };
}

/** The change that makes a file what it should be, content, mode and owner; nothing when it already is. */
export function fileChange(now: FileNow | null, want: FileWant, ...after: Action[]): Change[] {
  return fileChangeBy(now, want, write(want), ...after);
}

/** The same with another way of writing: one that checks first, say. */
export function fileChangeBy(now: FileNow | null, want: FileWant, ...run: Action[]): Change[] {
  const { path, content, mode, owner = 'root', group = 'root' } = want;
  const same = now?.content === content && now.mode === mode && now.owner === owner && now.group === group;
  if (same) return [];
  const describe = (mode_: string, owner_: string, group_: string) =>
    `# mode ${mode_} owner ${owner_}:${group_}\n`;
  const before = now ? describe(now.mode, now.owner, now.group) + now.content : '';
  const diff = { path, before, after: describe(mode, owner, group) + content };
  const file = { path, content, mode, owner, group };
  return [{ what: `${now ? 'update' : 'create'} ${path}`, diff, file, run }];
}

/** Writes only what `check` accepts: a constant script that is given the new file, still beside its place, as `$1`. */
export function writeChecked(want: FileWant, check: string): Action {
  const { path, content, mode, owner = 'root', group = 'root' } = want;
  return {
    command: sh(
      `set -e; d=$(dirname -- "$1"); mkdir -p -- "$d"; t=$(mktemp -- "$d/.clincher.XXXXXX"); trap 'rm -f -- "$t"' EXIT; cat >"$t"; chmod -- "$2" "$t"; chown -- "$3:$4" "$t"; sh -c '${check}' sh "$t"; mv -f -- "$t" "$1"`,
      path,
      mode,
      owner,
      group,
    ),
    stdin: content,
  };
}

/** Writes, then asks `check` about the whole; when it says no, what was there before is back. */
export function writeOrPutBack(want: FileWant, check: string): Action {
  const { path, content, mode, owner = 'root', group = 'root' } = want;
  return {
    command: sh(
      `set -e; d=$(dirname -- "$1"); mkdir -p -- "$d"; t=$(mktemp -- "$d/.clincher.XXXXXX"); o=$(mktemp -- "$d/.clincher.XXXXXX"); trap 'rm -f -- "$t" "$o"' EXIT; cat >"$t"; chmod -- "$2" "$t"; chown -- "$3:$4" "$t"
if [ -e "$1" ]; then cp -p -- "$1" "$o"; else rm -f -- "$o"; fi
mv -f -- "$t" "$1"
if ! (${check}); then if [ -e "$o" ]; then mv -f -- "$o" "$1"; else rm -f -- "$1"; fi; echo "put back: $1" >&2; exit 1; fi`,
      path,
      mode,
      owner,
      group,
    ),
    stdin: content,
  };
}

export interface FolderWant {
  path: string;
  mode: string;
  owner: string;
  group: string;
}

/** Mode and owner of folders, in one call; those that do not exist are absent from the map. */
export function folders(
  paths: readonly string[],
  { numeric = false }: { numeric?: boolean | 'owner' } = {},
): Fact<Map<string, FolderWant>> {
  const format = numeric === false ? '%a %U %G %F %n' : `%a %u ${numeric === true ? '%g' : '%G'} %F %n`;
  return {
    read: ['stat', '-c', format, '--', ...paths],
    parse: ({ stdout }) =>
      new Map(
        [...stdout.matchAll(/^(\d+) (\S+) (\S+) directory (.*)$/gm)].map(
          ([, mode = '', owner = '', group = '', path = '']) => [
            path,
            { path, mode: mode.padStart(4, '0'), owner, group },
          ],
        ),
      ),
  };
}

export const folderChange = (now: FolderWant | undefined, want: FolderWant): Change[] => {
  const { path, mode, owner, group } = want;
  if (now?.mode === mode && now.owner === owner && now.group === group) return [];
  const is = now ? `is ${now.mode} ${now.owner}:${now.group}` : 'is not there';
  const make: Action = { command: ['install', '-d', '-m', mode, '-o', owner, '-g', group, '--', path] };
  return [{ what: `folder ${path}: ${mode} ${owner}:${group} (${is})`, run: [make] }];
};

export const remove = (path: string): Command => ['rm', '-f', '--', path];
