// Fencing: the old server's gateway is stopped so that nothing starts it again, or let go on; what it has is put aside.
import type { Action } from '../model.js';
import { sh } from './shell.js';

/** Says that another server goes on in this one's place: since when, and by which run. */
export const FENCED = '/var/lib/clincher/fenced';

export interface Fenced {
  run: string;
  /** ISO 8601. */
  at: string;
  /** Address of the server that goes on. */
  to: string;
}

export function parseFenced(text: string): Fenced | undefined {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Fenced;
  } catch {
    return { run: 'unknown', at: 'an unknown time', to: 'another server' };
  }
}

export const NOTHING_TO_RETIRE = 'it was not fenced: there is nothing to put aside';

const OURS = 'docker ps -aq --filter label=com.docker.compose.project="$1"';
const TIMERS = 'clincher-backup.timer clincher-offsite.timer';

/**
 * Written down first: what is cut short here is fenced all the same as far as clincher is concerned. On a busy host
 * `docker stop` is back before `docker ps` knows of it (seen with 26.1: “still runs”, and the event 30 ms later).
 */
const FENCE = `umask 077; mkdir -p /var/lib/clincher; printf '%s\\n' "$2" >${FENCED}; sync -f ${FENCED}
systemctl disable --now ${TIMERS} >/dev/null 2>&1
all=$(${OURS}) || { echo "Docker does not answer: nobody can say that the gateway is stopped"; exit 1; }
[ -n "$all" ] || { echo "there is no container to stop"; exit 0; }
docker update --restart=no $all >/dev/null || exit 1
docker unpause $all >/dev/null 2>&1
docker stop -t 20 $all >/dev/null || exit 1
for _ in 1 2 3 4 5 6 7 8 9 10; do
  left=$(docker ps -q --filter label=com.docker.compose.project="$1") || exit 1
  [ -n "$left" ] || break
  sleep 1
done
[ -z "$left" ] || { echo "still runs: $left"; exit 1; }
echo "stopped $(echo $all | wc -w) containers, and none starts again by itself"`;

const UNFENCE = `all=$(${OURS}) || exit 1
[ -z "$all" ] || { docker update --restart=unless-stopped $all >/dev/null && docker start $all >/dev/null; } || exit 1
systemctl enable --now ${TIMERS} >/dev/null 2>&1
rm -f ${FENCED}; echo "goes on as before"`;

/** Nothing is removed that no backup has: folders and volumes go aside, containers hold nothing. */
const RETIRE = `[ -e ${FENCED} ] || { echo "${NOTHING_TO_RETIRE}"; exit 0; }
umask 077; to=/var/lib/clincher/retired/$(date -u +%Y%m%dT%H%M%SZ); mkdir -p "$to/volumes" || exit 1
all=$(${OURS}) || exit 1
[ -z "$all" ] || docker rm -f $all >/dev/null || exit 1
for each in $(docker volume ls -q --filter label=com.docker.compose.project="$1"); do
  mv "$(docker volume inspect -f '{{.Mountpoint}}' "$each")" "$to/volumes/$each" && docker volume rm "$each" >/dev/null || exit 1
done
for each in data cache; do [ ! -e "$2/$each" ] || mv "$2/$each" "$to/$each" || exit 1; done
rm -f /var/lib/clincher/recovered /var/lib/clincher/recovered.begun
mv ${FENCED} "$to/fenced"; sync
echo "what it had is in $to, for nobody but root"`;

export const fence = (project: string, fenced: Fenced): Action => ({
  command: sh(FENCE, project, JSON.stringify(fenced)),
});
export const unfence = (project: string): Action => ({ command: sh(UNFENCE, project) });
export const retire = (project: string, directory: string): Action => ({
  command: sh(RETIRE, project, directory),
});
