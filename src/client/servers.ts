// Which servers a command is about: `--server` (repeated, or `all`), CLINCHER_SERVER, or the only one there is, for reads.
import { type Config, loadConfig, resolveServer, serverNames } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import type { Io } from './io.js';
import type { GlobalOptions } from './options.js';

export interface ServerOptions {
  server?: string[] | undefined;
}

export const configOf = (io: Io, options: Pick<GlobalOptions, 'config'>): Config =>
  loadConfig(options.config, io);

/** Reads only: with one server in the configuration nobody need name it. */
export function serversToRead(io: Io, config: Config, options: ServerOptions): Server[] {
  const names = namedServers(io, options);
  const all = serverNames(config);
  if (names.length > 0) return resolved(config, names);
  if (all.length === 1) return resolved(config, all);
  throw new ClincherError('USAGE', `Which server? There are ${all.join(', ')}.`, {
    remedy: ['add --server <name>, or --server all'],
  });
}

/** Reads over everything: all servers unless some are named. */
export const serversToList = (io: Io, config: Config, options: ServerOptions): Server[] => {
  const names = namedServers(io, options);
  return resolved(config, names.length > 0 ? names : ['all']);
};

/** A change is never made to a server that nobody named. */
export function serversToChange(io: Io, config: Config, options: ServerOptions): Server[] {
  const names = namedServers(io, options);
  if (names.length > 0) return resolved(config, names);
  throw new ClincherError('USAGE', `Name the server to change: ${serverNames(config).join(', ')}.`, {
    remedy: ['add --server <name>'],
  });
}

/** The one server that a run's name may be looked up under; nothing when it does not matter. */
export const onlyServer = (io: Io, options: ServerOptions): string | undefined => {
  const names = namedServers(io, options);
  return names.length === 1 && names[0] !== 'all' ? names[0] : undefined;
};

function namedServers(io: Io, { server = [] }: ServerOptions): string[] {
  if (server.length > 0) return server;
  const fromEnv = io.env['CLINCHER_SERVER'];
  return fromEnv ? fromEnv.split(',').map((name) => name.trim()) : [];
}

/** Said on line one, so that nobody is surprised by what an environment variable chose. */
export function envNote(io: Io, options: ServerOptions): string | undefined {
  const fromEnv = io.env['CLINCHER_SERVER'];
  return fromEnv && !options.server?.length ? `server ${fromEnv} (from CLINCHER_SERVER)` : undefined;
}

const resolved = (config: Config, names: readonly string[]): Server[] =>
  [...new Set(names.includes('all') ? serverNames(config) : names)].map((name) =>
    resolveServer(config, name),
  );
