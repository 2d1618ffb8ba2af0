// A service that is not well: its container restarted, and Docker asked until it calls it healthy.
import type { Action } from '../model.js';
import { sh } from './shell.js';

/** `docker restart` refuses one that is frozen, and counts anew; one that ends again and again is not waited for. */
const RESTART = `docker unpause "$1" >/dev/null 2>&1
docker restart "$1" >/dev/null || exit
how=; n=0
while [ "$n" -lt "$2" ]; do
  how=$(docker inspect -f '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}' "$1") || exit
  [ "$how" = 'running healthy' ] && { echo "healed: after $n s"; exit; }
  [ "$(docker inspect -f '{{.RestartCount}}' "$1")" -gt 3 ] && break
  sleep 1; n=$((n + 1))
done
echo "not healed: $how after $n s; its last words:"
docker logs --tail 5 "$1" 2>&1 | cut -c1-300`;

export const restart = (container: string, withinSeconds: number): Action => ({
  command: sh(RESTART, container, String(withinSeconds)),
});

/** What a restart's log says of it. */
export const healed = (log: string): string | undefined => /^healed: (.+)$/m.exec(log)?.[1];

/** Why not, as far as it says so. */
export const notHealed = (log: string): string =>
  /^not healed: (.+?);/m.exec(log)?.[1] ?? 'it says nothing of its health';
