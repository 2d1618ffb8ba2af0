// clincher.yaml while what it says is brought about: written as it was agreed to, and put back where the change was undone.
import { constants } from 'node:fs';
import { access, chmod, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClincherError } from '../errors.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import { withFileLock } from '../secrets/file-lock.js';

export interface ConfigEdit {
  path: string;
  before: string;
  after: string;
  /** The same change of whatever somebody else has made of the file meanwhile. */
  again(text: string): string;
  /** Its contrary. */
  back(text: string): string;
}

export const readConfigText = (path: string): Promise<string> => readFile(path, 'utf8');

/** Before anything is begun: a change that cannot be written down would be one that nobody knows of. */
export async function mustBeWritable(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
    await access(dirname(path), constants.W_OK);
  } catch {
    throw new ClincherError('FOLDER_UNUSABLE', `${path} cannot be written.`, {
      remedy: [`chmod u+w ${path} ${dirname(path)}`],
    });
  }
}

/** Whoever read a diff agreed to that, and to no other file. */
export async function mustBeTheSame({ path, before }: ConfigEdit): Promise<void> {
  if ((await readConfigText(path)) === before) return;
  throw new ClincherError('USAGE', `${path} was changed by somebody else meanwhile; nothing was done.`, {
    remedy: ['the same again, with the file as it is now'],
  });
}

export const writeEdit = (edit: ConfigEdit): Promise<void> =>
  rewrite(edit.path, (text) => (text === edit.before ? edit.after : edit.again(text)));

export const takeBack = (edit: ConfigEdit): Promise<void> =>
  rewrite(edit.path, (text) => (text === edit.after ? edit.before : edit.back(text)));

/** One writer at a time; whoever else reads the file has to be able to go on, so its mode stays. */
export function rewrite(path: string, change: (text: string) => string): Promise<void> {
  return withFileLock(path, async () => {
    const [text, { mode }] = await Promise.all([readConfigText(path), stat(path)]);
    const after = change(text);
    if (after === text) return;
    await writeAtomically(path, after);
    await chmod(path, mode & 0o777);
  });
}
