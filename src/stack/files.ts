// Every file of the stack with its place, mode and owner; the gateway's own state is not among them.
import type { SecretFormat, Server } from '../model.js';
import { baseFile, overlayFile } from './compose.js';
import { dotEnv, PLAIN_VARIABLES } from './env.js';
import { PASSWORD_FILE } from './filebrowser.js';
import { DOOR_KEY, DOOR_USER } from './metrics-door.js';
import { BASE_FILE, overlays } from './overlays.js';
import { readFiles } from './read-files.js';
import type { Host } from './service.js';
import { GATEWAY_USER } from './services-gateway.js';

export interface StackFile {
  path: string;
  /** Secrets stand as tokens (tokens.ts). */
  content: string;
  mode: string;
  owner: string;
  group: string;
  format?: SecretFormat;
  /** Of an environment file: variables that are no secrets. */
  keys?: readonly string[];
}

/** Each step of a survey asks for all files, several times: they are written once for each server and system. */
const known = new WeakMap<Server, Map<string, StackFile[]>>();

/** Sorted by path. Without `host`, for a current Docker: the contents of compose files may differ, the paths do not. */
export function stackFiles(server: Server, host?: Host): StackFile[] {
  const bySystem = known.get(server) ?? new Map<string, StackFile[]>();
  const system = host === undefined ? '' : `${host.os.id} ${host.os.version}`;
  const files = bySystem.get(system) ?? write(server, host);
  known.set(server, bySystem.set(system, files));
  return files;
}

function write(server: Server, host?: Host): StackFile[] {
  const texts: Record<string, string> = {
    [BASE_FILE]: baseFile(server, host),
    '.env': dotEnv(server),
    ...Object.fromEntries(overlays(server).map((each) => [each.file, overlayFile(server, each, host)])),
    ...Object.fromEntries(
      Object.entries(readFiles(server)).map(([path, write]) => [path, write?.(server) ?? '']),
    ),
  };
  return Object.keys(texts)
    .sort()
    .map((path) => ({
      path: `${server.stack.directory}/${path}`,
      content: texts[path] ?? '',
      ...rights(server, path),
    }));
}

function rights({ ssh }: Server, path: string): Omit<StackFile, 'path' | 'content'> {
  const ours = { owner: ssh.user, group: ssh.user };
  if (path === '.env') return { ...ours, mode: '0600', format: 'env', keys: PLAIN_VARIABLES };
  if (path === DOOR_KEY) return { owner: DOOR_USER, group: DOOR_USER, mode: '0600', format: 'raw' };
  if (path === PASSWORD_FILE)
    return { owner: GATEWAY_USER, group: GATEWAY_USER, mode: '0600', format: 'raw' };
  if (path.startsWith('secrets/'))
    return { owner: GATEWAY_USER, group: GATEWAY_USER, mode: '0600', format: 'json' };
  return { ...ours, mode: '0644' };
}
