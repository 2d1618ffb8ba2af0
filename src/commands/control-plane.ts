// What a composed control plane is asked and told: compose in its folder, the command line in one of its workers.
import type { Action, Fact } from '../model.js';
import { sh } from './shell.js';

export interface ControlKeys {
  /** Of PostgreSQL. */
  hasPassword: boolean;
  /** What opens the vault. */
  hasIdentity: boolean;
  hasDatabase: boolean;
  hasVault: boolean;
}

/** Words, one a line, of what is there. */
const KEYS = `[ -s "$1/secrets/temporal-postgres-password" ] && echo password
[ -s "$2/identity.txt" ] && echo identity
[ -e "$2/clincher.vault.age" ] && echo vault
docker volume inspect "$3_postgres" >/dev/null 2>&1 && echo database
true`;

export const controlKeys = (folder: string, home: string, project: string): Fact<ControlKeys> => ({
  read: sh(KEYS, folder, home, project),
  parse({ stdout }) {
    const there = new Set(stdout.split('\n'));
    return {
      hasPassword: there.has('password'),
      hasIdentity: there.has('identity'),
      hasDatabase: there.has('database'),
      hasVault: there.has('vault'),
    };
  },
});

/** Made here and never read back. The folder keeps others out; the file is read by the image's own user. */
export const makePassword = (folder: string): Action => ({
  command: sh(
    `set -e; umask 077; f=$1/secrets/temporal-postgres-password; od -An -N24 -tx1 /dev/urandom | tr -d ' \\n' >"$f.new"; chmod 644 "$f.new"; mv "$f.new" "$f"`,
    folder,
  ),
});

export const makeIdentity = (home: string, user: string): Action => ({
  command: sh(
    'set -e; umask 077; f=$1/identity.txt; rm -f "$f.new"; age-keygen -o "$f.new" 2>/dev/null; chown "$2:$2" "$f.new"; mv "$f.new" "$f"',
    home,
    user,
  ),
});

/** The public half of the identity: nothing else of it leaves the host. */
export const publicIdentity = (home: string): Fact<string> => ({
  read: ['age-keygen', '-y', `${home}/identity.txt`],
  parse({ stdout, stderr, exitCode }) {
    const line = stdout.trim();
    if (exitCode === 0 && /^age1[0-9a-z]+$/.test(line)) return line;
    throw new Error(stderr.trim() || 'there is no identity');
  },
});

/** What compose would make of its files now, by service: the label of a container says what it was made of. */
export const composeHashes = (folder: string): Fact<Map<string, string>> => ({
  read: sh('cd -- "$1" 2>/dev/null && docker compose config --hash "*" 2>/dev/null; true', folder),
  parse: ({ stdout }) =>
    new Map(
      stdout
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter((words): words is [string, string] => words.length === 2),
    ),
});

/** Ends well once every service runs and is healthy where it can be; else says which is not, with its last words. */
const UP = `cd -- "$1" || exit; t=$2; shift 2
docker compose up -d --remove-orphans || exit
sick() { for s in "$@"; do ids=$(docker compose ps -aq "$s"); [ -n "$ids" ] || echo "$s"; for c in $ids; do
docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}' "$c" | grep -qx 'running healthy' || echo "$s"; done; done | sort -u; }
n=0; while [ -n "$(sick "$@")" ] && [ $n -lt "$t" ]; do sleep 2; n=$((n + 2)); done
left=$(sick "$@"); [ -n "$left" ] || exit 0
for s in $left; do echo "not healthy: $s is not running and healthy; its last words:"; docker compose logs --no-log-prefix --tail 3 "$s" 2>&1 | cut -c1-300; done; exit 1`;

export const up = (folder: string, services: readonly string[], timeoutSeconds: number): Action => ({
  command: sh(UP, folder, String(timeoutSeconds), ...services),
});

/** The name by which servers know the control plane there; null where no worker of it runs. */
export const planeName = (folder: string): Fact<string | null> => ({
  read: sh(
    'cd -- "$1" 2>/dev/null && docker compose exec -T worker cat /var/lib/clincher-worker/plane-id 2>/dev/null; true',
    folder,
  ),
  parse: ({ stdout }) => (/^[0-9a-f-]{36}$/.test(stdout.trim()) ? stdout.trim() : null),
});

/** A command of clincher in one of the workers there. */
export const cli = (folder: string, ...words: string[]): Action => ({
  command: sh(
    'cd -- "$1" || exit; shift; exec docker compose exec -T worker clincher "$@"',
    folder,
    ...words,
  ),
});

export interface Listener {
  /** `127.0.0.1`, `0.0.0.0`, `[::]`, `*`. */
  address: string;
  port: number;
}

/** Who listens for TCP on the host, Docker's proxies included. */
export const listeners: Fact<Listener[]> = {
  read: ['ss', '-ltnH'],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr || 'ss does not answer');
    return stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[3] ?? '')
      .filter(Boolean)
      .map((local) => {
        const at = local.lastIndexOf(':');
        return { address: local.slice(0, at), port: Number(local.slice(at + 1)) };
      });
  },
};

/** Ports that containers of the project publish, as `address:port`: what no proxy listens for is published all the same. */
export const published = (project: string): Fact<string[]> => ({
  read: sh('docker ps --filter "label=com.docker.compose.project=$1" --format "{{.Ports}}"', project),
  parse: ({ stdout }) =>
    [...stdout.matchAll(/([0-9.]+|\[[0-9a-f:]+\]|::):(\d+)->/g)].map(
      ([, address, port]) => `${address}:${port}`,
    ),
});
