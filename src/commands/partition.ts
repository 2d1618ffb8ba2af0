// Takes what there is of a partition off the host: containers and networks go, its folder is put aside, never removed.
import type { Action } from '../model.js';
import { sh } from './shell.js';

/** Each part may be done twice: the same again goes on where this was cut short. */
const REMOVE = `umask 077; project=$1 folder=$2 name=$3
ours() { docker "$@" --filter label=com.docker.compose.project="$project"; }
all=$(ours ps -aq) || { echo "Docker does not answer: nobody can say what runs"; exit 1; }
[ -z "$all" ] || { docker update --restart=no $all && docker stop -t 30 $all && docker rm -f $all; } >/dev/null || exit 1
nets=$(ours network ls -q) || exit 1
[ -z "$nets" ] || docker network rm $nets >/dev/null || exit 1
left=$(ours ps -aq) || exit 1
[ -z "$left" ] || { echo "still there: $left"; exit 1; }
said="nothing of it was there"
if [ -e "$folder" ]; then
  to=/var/lib/clincher/retired/$(date -u +%Y%m%dT%H%M%SZ)
  mkdir -p "$to" && mv -- "$folder" "$to/$name" || exit 1
  said="what it had is in $to, for nobody but root"
  rmdir "$(dirname -- "$folder")" 2>/dev/null
fi
cd /var/lib/clincher && rm -rf "openclaw-settings.$name.json" "stack-up.$name" read/"$name".* || exit 1
rm -f written/"$(printf %s "$folder/" | tr / %)"*
sync; echo "removed $(echo $all | wc -w) containers; $said"`;

export const removePartition = (project: string, folder: string, name: string): Action => ({
  command: sh(REMOVE, project, folder, name),
});
