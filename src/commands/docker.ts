// The Docker engine: asked over its socket, since its command line costs a quarter of a second (dockerd(8)).

import type { Action, Fact } from '../model.js';
import type { FileWant } from './files.js';
import { action, sh } from './shell.js';

export const DAEMON_JSON = '/etc/docker/daemon.json';

export interface Engine {
  version: string;
  logDriver: string;
  storageDriver: string;
  isLiveRestore: boolean;
}

/** What the running daemon says of itself; null when none answers. */
export const engine: Fact<Engine | null> = {
  read: ['curl', '-sf', '--max-time', '20', '--unix-socket', '/var/run/docker.sock', 'http://docker/info'],
  parse({ stdout, exitCode }) {
    if (exitCode !== 0) return null;
    const info = JSON.parse(stdout) as Record<string, unknown>;
    return {
      version: String(info['ServerVersion']),
      logDriver: String(info['LoggingDriver']),
      storageDriver: String(info['Driver']),
      isLiveRestore: info['LiveRestoreEnabled'] === true,
    };
  },
  absent: null,
};

/** True when the daemon began before its configuration was last written: it cannot know what stands there. */
export const isStale: Fact<boolean> = {
  read: sh(`[ -e /run/docker.pid ] && [ ${DAEMON_JSON} -nt /run/docker.pid ]`),
  parse: ({ exitCode }) => exitCode === 0,
};

const PLUGINS = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/**
 * Version of the plugin that `docker compose` would run, in its own words; null when there is none. Starting sixty
 * megabytes of Go takes 50 ms, so the answer is kept in /run for as long as the file is the same.
 */
export const compose: Fact<string | null> = {
  read: sh(
    `for d in "$@"; do [ -x "$d/docker-compose" ] && break; done; p=$d/docker-compose
[ -x "$p" ] || exit 0
key=$(stat -L -c '%n %i %s %Y' -- "$p"); c=/run/clincher/compose-version
{ read -r seen && [ "$seen" = "$key" ] && read -r version; } 2>/dev/null <"$c" && { echo "$version"; exit; }
version=$("$p" docker-cli-plugin-metadata | sed -n 's/.*"Version": *"v\\{0,1\\}\\([^"]*\\)".*/\\1/p')
echo "$version"; mkdir -p /run/clincher && printf '%s\\n%s\\n' "$key" "$version" >"$c"`,
    ...PLUGINS,
  ),
  parse: ({ stdout }) => stdout.trim() || null,
};

/**
 * A reload takes up live-restore, without which the restart that follows would stop every container; it answers before
 * it has done so.
 */
const RELOAD = `if systemctl -q is-active docker.service; then
  systemctl reload docker.service || :
  n=0; until curl -s --unix-socket /var/run/docker.sock http://docker/info | grep -q '"LiveRestoreEnabled":true'; do n=$((n+1)); [ $n -gt 50 ] && break; sleep 0.2; done
fi`;

/**
 * Whoever stops docker while it restarts cancels the restart; that says nothing of the configuration, so it is asked
 * for again. A daemon that refuses its configuration is never `inactive`: it is `failed`, or on its way to another try.
 */
const RESTART = `up() { systemctl reset-failed docker.service 2>/dev/null || :
  for try in 1 2 3; do systemctl restart docker.service && return 0
    case $(systemctl show -P ActiveState docker.service) in inactive|deactivating) sleep 1;; *) return 1;; esac
  done; return 1; }`;

/**
 * The new configuration is tried beside its place, put there, and the daemon restarted; one that does not start gets
 * its old file back. Older daemons know no --validate; then at least it must be JSON.
 */
export const configure = ({ content }: FileWant): Action => ({
  command:
    sh(`set -e; f=${DAEMON_JSON}; mkdir -p /etc/docker; t=$(mktemp /etc/docker/.clincher.XXXXXX); o=$t.old; trap 'rm -f "$t" "$o"' EXIT
cat >"$t"; chmod 644 "$t"
if dockerd --help 2>&1 | grep -q -- --validate; then dockerd --validate --config-file "$t"; else python3 -m json.tool "$t" >/dev/null; fi
[ ! -e "$f" ] || cp -p "$f" "$o"
mv -f "$t" "$f"
${RELOAD}
${RESTART}
up && exit
echo "docker does not start with the new $f; the old one is put back" >&2
if [ -e "$o" ]; then mv -f "$o" "$f"; else rm -f "$f"; fi
up || :; exit 1`),
  stdin: content,
});

/** For a daemon that has not seen its configuration yet. */
export const takeUp: Action = action(
  ...sh(`${RELOAD}
${RESTART}
up`),
);
