// Docker Compose in the folder of the stack: its .env names project and files, so no call here does (docker-compose(1)).
import type { Action } from '../model.js';
import { sh } from './shell.js';

/**
 * Brings services up and waits until they are healthy, as long as `$2` seconds. One that ends again and again will not
 * become healthy by waiting. What does not is named, with the last words of its log and of its health check, as many lines
 * as an error shows; one that was never started only waits for another. One that was frozen for a backup which was cut short
 * is called unhealthy until Docker asks it again, and compose would not wait for that.
 */
const UP = `cd -- "$1" || exit; t=$2; shift 2
project=$(sed -n 's/^COMPOSE_PROJECT_NAME=//p' .env)
all() { docker ps -aq --filter "label=com.docker.compose.project=$project"; }
restarts() { all | xargs -r docker inspect -f '{{.Id}} {{.RestartCount}}' 2>/dev/null; }
n=0
while [ $n -lt 45 ] && all | xargs -r docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' 2>/dev/null | grep -q '^running unhealthy'; do n=$((n+1)); sleep 1; done
before=$(restarts)
loops() { { printf '%s\\n' "$before" --; restarts; } | awk '$1 == "--" { now = 1; next } now && $2 > was[$1] + 3 { found = 1 } !now { was[$1] = $2 } END { exit !found }'; }
docker compose up -d --wait --wait-timeout "$t" "$@" & up=$!
{ while sleep 3; do loops && kill "$up" && exit; done; } & watch=$!
wait "$up"; code=$?
kill "$watch" 2>/dev/null
[ "$code" = 0 ] && exit
for c in $(all); do
set -- $(docker inspect -f '{{.Name}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.State.ExitCode}} {{.RestartCount}}' "$c")
[ "$2" = running ] && [ "$3" = healthy ] || [ "$2" = created ] && continue
echo "not healthy: \${1#/} is $2, health $3, exit code $4, started over $5 times; its last words:"
asked=$(docker inspect -f '{{if .State.Health}}{{range .State.Health.Log}}{{printf "%s\\n" .Output}}{{end}}{{end}}' "$c" | grep . | tail -n 2 | cut -c1-300 | sed 's/^/health check: /')
docker logs --tail $((7 - $(printf %s "$asked" | grep -c .))) "$c" 2>&1 | cut -c1-300
[ -z "$asked" ] || printf '%s\\n' "$asked"
done
exit "$code"`;

const start = (directory: string, timeoutSeconds: number, ...words: string[]): Action => ({
  command: sh(UP, directory, String(timeoutSeconds), ...words),
});

/** Creates what is missing or changed. */
export const up = (directory: string, services: readonly string[], timeoutSeconds: number): Action =>
  start(directory, timeoutSeconds, ...services);

/**
 * Also those whose definition compose thinks the same. Never with `--no-deps`: a
 * container that was made so has another configuration in compose's eyes (without depends_on), and the next `up` makes it
 * anew once more, and everybody who depends on it (measured, 2.26).
 */
export const recreate = (directory: string, services: readonly string[], timeoutSeconds: number): Action =>
  start(directory, timeoutSeconds, '--force-recreate', ...services);

/** When a service last read its files: compose's labels and Docker's list know of no restart. */
export const READ_STAMPS = '/var/lib/clincher/read';

/**
 * They read again what is mounted into them: Docker resolves each mount anew at every start. Not for what they are made of,
 * nor for .env (docker-compose(1), restart). The stamp is of the moment before, so that what is written meanwhile counts.
 */
export const restart = (directory: string, services: readonly string[], stamp = ''): Action => ({
  command: sh(
    `cd -- "$1" || exit; stamps=$2/${stamp}; shift 2
begun=$(date +%s)
docker compose restart "$@" || exit
mkdir -p "\${stamps%/*}"
for s in "$@"; do touch -d "@$begun" "$stamps$s"; done`,
    directory,
    READ_STAMPS,
    ...services,
  ),
});

/** In what a start prints: the container that does not become healthy. */
export const unhealthy = (log: string): string[] =>
  [...log.matchAll(/^not healthy: (\S+) is /gm)].map(([, name = '']) => name);

export const build = (directory: string, service: string): Action => ({
  command: sh('cd -- "$1" && docker compose build --pull "$2"', directory, service),
});

/** Stops and removes services that are no longer in the graph. */
export const remove = (names: readonly string[]): Action => ({
  command: sh('for c in "$@"; do docker stop "$c" && docker rm "$c"; done', ...names),
});

/** With the containers in it, which start again as their files then say: compose leaves a network as it was first made. */
export const removeNetwork = (project: string, network: string): Action => ({
  command: sh(
    'for c in $(docker ps -aq --filter network="$1"); do docker stop -t 30 "$c" && docker rm "$c" || exit; done; docker network rm "$1"',
    `${project}_${network}`,
  ),
});
