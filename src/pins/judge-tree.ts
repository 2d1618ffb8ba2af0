// Which files of a commit may become a skill or a persona: plain texts of bounded size, and nothing that hides. Pure.
import type { KindedPin } from '../model.js';
import type { TreeEntry } from './git.js';

export const LIMITS = { files: 64, fileBytes: 64 * 1024, allBytes: 256 * 1024 } as const;

const NAME = /^[A-Za-z0-9_][\w.@+-]*(?:\/[A-Za-z0-9_][\w.@+-]*)*$/;

/** Below the pin's path; of a persona, the file's own name. */
export function ownPath({ kind, path }: KindedPin, entry: string): string {
  if (kind === 'persona') return entry.split('/').at(-1) ?? entry;
  return path === '.' ? entry : entry.slice(path.length + 1);
}

/** Why this is nothing to put before a model; nothing where it is. */
export function problemsIn(pin: KindedPin, entries: readonly TreeEntry[]): string[] {
  if (entries.length === 0) return [`there is no ${pin.path} in that commit`];
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return [
    ...shape(pin, entries),
    ...entries.flatMap((entry) => wrongWith(pin, entry)).slice(0, 6),
    ...(entries.length > LIMITS.files
      ? [`it has ${entries.length} files, ${LIMITS.files} are read at most`]
      : []),
    ...(bytes > LIMITS.allBytes ? [`it has ${bytes} bytes, ${LIMITS.allBytes} are read at most`] : []),
  ];
}

function shape(pin: KindedPin, entries: readonly TreeEntry[]): string[] {
  const isFile = entries.length === 1 && entries[0]?.path === pin.path;
  if (pin.kind === 'persona') return isFile ? [] : [`${pin.path} is a folder; a persona is one file`];
  if (isFile) return [`${pin.path} is a file; a skill is a folder with a SKILL.md`];
  return entries.some(({ path }) => ownPath(pin, path) === 'SKILL.md') ? [] : [`${pin.path} has no SKILL.md`];
}

function wrongWith(pin: KindedPin, { mode, bytes, path }: TreeEntry): string[] {
  const own = ownPath(pin, path);
  if (mode === '120000') return [`${own} is a link: what it leads to is another text`];
  if (mode === '160000') return [`${own} is another repository (a submodule)`];
  if (mode === '100755' && !pin.executables)
    return [`${own} may be started as a program; \`executables: true\` allows it`];
  if (!NAME.test(own)) return [`${JSON.stringify(own).slice(0, 80)} is no plain file name`];
  return bytes > LIMITS.fileBytes ? [`${own} has ${bytes} bytes, ${LIMITS.fileBytes} are read at most`] : [];
}

/** A person can read only text; what is none cannot be vetted. */
export const isText = (content: string): boolean => !/[\0\ufffd]/.test(content);
