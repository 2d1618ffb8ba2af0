// What `docker login` left for a registry. It is sent to that registry and its token service, and never shown.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The value of an `Authorization: Basic` header. */
export type Credentials = string;

export const dockerConfigPath = (env: NodeJS.ProcessEnv): string =>
  join(env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker'), 'config.json');

export function credentialsFor(registry: string, env: NodeJS.ProcessEnv): Credentials | undefined {
  const auths = authsOf(dockerConfigPath(env));
  const key = Object.keys(auths).find((name) => hostOf(name) === registry);
  const { auth, username, password } = (key === undefined ? undefined : auths[key]) ?? {};
  if (typeof auth === 'string' && auth !== '') return auth;
  if (typeof username !== 'string' || typeof password !== 'string') return undefined;
  return Buffer.from(`${username}:${password}`).toString('base64');
}

interface Auth {
  auth?: unknown;
  username?: unknown;
  password?: unknown;
}

/** A file that is missing or broken means no credentials: public images need none. */
function authsOf(file: string): Record<string, Auth | undefined> {
  try {
    const { auths } = JSON.parse(readFileSync(file, 'utf8')) as { auths?: Record<string, Auth> };
    return auths ?? {};
  } catch {
    return {};
  }
}

/** Docker writes `https://index.docker.io/v1/` for its own registry, and bare hosts for others. */
function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  return host === 'index.docker.io' ? 'docker.io' : host;
}
