// Docker Compose in the folder of the stack: its .env names project and files, so no call here does (docker-compose(1)).
import type { Action } from '../model.js';
import { sh } from './shell.js';

/** Says why a service is not healthy: the last words of its health check and of its log. */
const EXPLAIN = `for c in $(docker ps -aq --filter label=com.docker.compose.project=openclaw); do
set -- $(docker inspect -f '{{.Name}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.State.ExitCode}}' "$c")
[ "$2" = running ] && [ "$3" = healthy ] && continue
docker logs --tail 12 "$c" 2>&1 | cut -c1-300
docker inspect -f '{{if .State.Health}}{{range .State.Health.Log}}{{.Output}}{{end}}{{end}}' "$c" | tail -n 3 | cut -c1-300
echo "\${1#/} is $2, health $3, exit code $4"
done`;

/** Creates what is missing or changed and waits until these services are healthy. */
export const up = (directory: string, services: readonly string[], timeoutSeconds: number): Action => ({
  command: sh(
    `cd -- "$1" || exit; t=$2; shift 2
docker compose up -d --wait --wait-timeout "$t" "$@" && exit
code=$?
${EXPLAIN}
exit $code`,
    directory,
    String(timeoutSeconds),
    ...services,
  ),
});

/** Also those whose definition did not change: they began before their files were last written. */
export const recreate = (directory: string, services: readonly string[], timeoutSeconds: number): Action => ({
  command: sh(
    `cd -- "$1" || exit; t=$2; shift 2
docker compose up -d --no-deps --force-recreate --wait --wait-timeout "$t" "$@" && exit
code=$?
${EXPLAIN}
exit $code`,
    directory,
    String(timeoutSeconds),
    ...services,
  ),
});

export const build = (directory: string, service: string): Action => ({
  command: sh('cd -- "$1" && docker compose build --pull "$2"', directory, service),
});

/** Stops and removes services that are no longer in the graph. */
export const remove = (names: readonly string[]): Action => ({
  command: sh('for c in "$@"; do docker stop "$c" && docker rm "$c"; done', ...names),
});
