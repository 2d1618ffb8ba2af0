// Where the configuration is: --config, CLINCHER_CONFIG, or clincher.yaml here or in a folder above.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ClincherError } from '../errors.js';

/** Where a command was typed. `Io` is one. */
export interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export const FILE_NAME = 'clincher.yaml';

export function findConfig(path: string | undefined, { cwd, env }: Place): string {
  const named = path ?? (env['CLINCHER_CONFIG'] || undefined);
  if (named === undefined) return upwards(cwd);
  const absolute = resolve(cwd, named);
  if (!existsSync(absolute)) throw new ClincherError('CONFIG_NOT_FOUND', `There is no file ${absolute}.`);
  return absolute;
}

function upwards(cwd: string): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, FILE_NAME))) return join(folder, FILE_NAME);
    if (folder === dirname(folder)) break;
  }
  throw new ClincherError('CONFIG_NOT_FOUND', `There is no ${FILE_NAME} in ${cwd} or a folder above it.`);
}
