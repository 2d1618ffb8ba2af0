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

/** A file with its mode and owner; null when there is none. The `x` keeps trailing newlines apart from our own. */
export function file(path: string): Fact<FileNow | null> {
  return {
    read: sh('[ -e "$1" ] || exit 0; stat -c "%a %U %G" -- "$1" && cat -- "$1"', path),
    parse({ stdout, stderr, exitCode }) {
      if (exitCode !== 0) throw new Error(stderr || `cannot read ${path}`);
      return stdout === '' ? null : parseFile(stdout);
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
  const { path, content, mode, owner = 'root', group = 'root' } = want;
  const same = now?.content === content && now.mode === mode && now.owner === owner && now.group === group;
  if (same) return [];
  const describe = (mode_: string, owner_: string, group_: string) =>
    `# mode ${mode_} owner ${owner_}:${group_}\n`;
  const before = now ? describe(now.mode, now.owner, now.group) + now.content : '';
  const diff = { path, before, after: describe(mode, owner, group) + content };
  return [{ what: `${now ? 'update' : 'create'} ${path}`, diff, run: [write(want), ...after] }];
}

export const remove = (path: string): Command => ['rm', '-f', '--', path];
