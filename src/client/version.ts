// Which clincher this is, as package.json says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../temporal/paths.js';

declare const CLINCHER_VERSION: string | undefined;

/** Written into the build; read from the file when running from source. */
export function version(): string {
  if (typeof CLINCHER_VERSION === 'string') return CLINCHER_VERSION;
  const { version: read } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return read;
}
