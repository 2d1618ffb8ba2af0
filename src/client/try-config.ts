// The configuration where there is one: commands about runs work without it, and still say when it is broken.
import type { Config } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { Io } from './io.js';
import type { GlobalOptions } from './options.js';
import { configOf } from './servers.js';

export function tryConfig(io: Io, options: GlobalOptions): Config | undefined {
  try {
    return configOf(io, options);
  } catch (error) {
    const isMissing = error instanceof ClincherError && error.code === 'CONFIG_NOT_FOUND';
    if (isMissing && options.config === undefined) return undefined;
    throw error;
  }
}
