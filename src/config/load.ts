// Reads clincher.yaml into servers: everything wrong with it is reported at once, with its place.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { parseSource, plainValue, problemAt, syntaxProblems } from './document.js';
import { findConfig, type Place } from './find.js';
import { digestsOf, readLock } from './lock.js';
import { at, isPlain } from './merge.js';
import { didYouMean } from './nearest.js';
import { ConfigError, type Problem } from './problem.js';
import type { ControlPlane, SecretSettings } from './schema.js';
import { secretUses } from './secret-refs.js';
import { validate } from './validate.js';
import { introduced } from './watching.js';

export interface Config {
  /** Absolute. */
  path: string;
  servers: Record<string, Server>;
  control_plane: ControlPlane;
  /** Absolute paths. */
  secrets: { vault: string; identity: string; recipients: string[]; id?: string | undefined };
}

const HERE: Place = { cwd: process.cwd(), env: process.env };
const MAX_BYTES = 1024 * 1024;

export function loadConfig(path?: string, place: Place = HERE): Config {
  const file = findConfig(path, place);
  return parseConfig(readText(file), file, place);
}

/** The same for a text that is not, or not yet, in a file. */
export function parseConfig(text: string, file: string, place: Place = HERE): Config {
  const source = parseSource(shownFile(file, place.cwd), text);
  const syntax = syntaxProblems(source);
  if (source.document.errors.some((error) => error.code !== 'DUPLICATE_KEY'))
    throw new ConfigError(source.file, syntax);
  const { config, problems } = validate(plainValue(source));
  const all = [...syntax, ...problems.map(({ path, on, sentence }) => problemAt(source, path, on, sentence))];
  if (all.length > 0 || config === undefined) throw new ConfigError(source.file, inOrder(all));
  const folder = dirname(file);
  const secrets = secretPaths(config.secrets, folder, place);
  const lock = readLock(file);
  const servers = config.servers.map((server) =>
    withPaths(
      {
        ...{ ...server, vault: secrets.vault, digests: digestsOf(lock, server.stack) },
        ...controlOf(server, config.control_plane),
      },
      folder,
      place,
    ),
  );
  const byName = Object.fromEntries(introduced(servers).map((server) => [server.name, server]));
  return { path: file, servers: byName, control_plane: config.control_plane, secrets };
}

/** Every monitor could have it; the runbook puts it on the one that it is told. */
const controlOf = ({ role }: Pick<Server, 'role'>, { image }: ControlPlane): Pick<Server, 'control'> =>
  role === 'monitor' && image !== undefined ? { control: { image } } : {};

export const serverNames = (config: Config): string[] => Object.keys(config.servers);

export function resolveServer(config: Config, name: string): Server {
  const server = Object.hasOwn(config.servers, name) ? config.servers[name] : undefined;
  if (server !== undefined) return server;
  const names = serverNames(config);
  const hint = didYouMean(name, names) || `; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  throw new ClincherError('UNKNOWN_SERVER', `${config.path} has no server "${printable(name)}"${hint}`);
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BYTES) throw new ClincherError('CONFIG_INVALID', `${file} is larger than 1 MiB.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof ClincherError) throw error;
    if (error instanceof TypeError) throw new ClincherError('CONFIG_INVALID', `${file} is not a UTF-8 text.`);
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ClincherError('CONFIG_NOT_FOUND', `${file} cannot be read (${code}).`, { cause: error });
  }
}

/** Short where it is below the working folder, as compilers print it. */
export function shownFile(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? file : short;
}

const inOrder = (problems: Problem[]): Problem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);

/** A worker elsewhere on this machine has another working folder: every path is absolute from here on. */
function withPaths(server: Server, folder: string, place: Place): Server {
  const path = (text: string): string => expand(text, folder, place);
  const { identity_file } = server.ssh;
  const ssh = {
    ...server.ssh,
    ...(identity_file === undefined ? {} : { identity_file: path(identity_file) }),
  };
  const resolved = structuredClone({ ...server, ssh });
  for (const use of secretUses(resolved)) {
    if (use.ref.startsWith('file:')) setAt(resolved, use.path.split('.'), `file:${path(use.ref.slice(5))}`);
  }
  return resolved;
}

function setAt(tree: unknown, path: string[], value: string): void {
  const parent = at(tree, path.slice(0, -1));
  if (isPlain(parent)) parent[path.at(-1) ?? ''] = value;
}

function secretPaths(settings: SecretSettings, folder: string, place: Place): Config['secrets'] {
  const identity = place.env['CLINCHER_IDENTITY'] || settings.identity || defaultIdentity(place);
  return {
    vault: expand(settings.vault, folder, place),
    identity: expand(identity, folder, place),
    recipients: settings.recipients,
    id: settings.vault_id,
  };
}

export const defaultIdentity = ({ env }: Place): string =>
  join(env['XDG_CONFIG_HOME'] || join(home(env), '.config'), 'clincher', 'identity.txt');

const home = (env: NodeJS.ProcessEnv): string => env['HOME'] || homedir();

function expand(path: string, folder: string, { env }: Place): string {
  const full = path === '~' || path.startsWith('~/') ? join(home(env), path.slice(1)) : path;
  return resolve(folder, full);
}
