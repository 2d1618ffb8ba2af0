// The part of the host's clincher-backup that rehearses a recovery in its place, and makes the server what it was before.
import type { Fact } from '../model.js';
import { sh } from './shell.js';

/** All of the server that the rehearsal changes, as it was; there as long as one is under way, or was cut short. */
const PUT_ASIDE = '/var/lib/clincher/dr-drill';

/** Whether such a rehearsal is under way. */
export const rehearsed: Fact<boolean> = {
  read: sh('test -e "$1" && echo yes || echo no', PUT_ASIDE),
  parse: ({ stdout }) => stdout.trim() === 'yes',
};

/** What clincher knows of a server's stack, by name below /var/lib/clincher. */
const KNOWN = '*.json stack-up read written';

/**
 * Functions of the program; its verbs are in backup-program.ts. What a recovery changes is put aside first, then the backup takes
 * its place as in a recovery. `vacate` takes all of it away and compares: files, owners, modes and contents, and what Docker has.
 * It runs at boot too, by a unit that is there as long as there is something to undo, and before any recovery that is none.
 */
export const OCCUPY_TEXT = String.raw`
aside=${PUT_ASIDE} undo=/etc/systemd/system/clincher-vacate.service

of_project() { docker "$@" --filter label=com.docker.compose.project="$PROJECT"; }
below_stack() { printf '%s' "${'${BACKUPS#"$STACK"/}'}"; }
known() { (cd /var/lib/clincher && ls -d ${KNOWN} 2>/dev/null || :); }

# A server as it stands by: what it has below the stack's folder, what clincher knows of it, what Docker has of it.
portrait() {
  (cd "$STACK" && find . -path "./$(below_stack)" -prune -o -printf '%p %y %#m %U:%G %l\n' | sort
  find . -path "./$(below_stack)" -prune -o -type f -print0 | sort -z | xargs -0r sha256sum)
  known | while read -r each; do (cd /var/lib/clincher && find "$each" -type f -print0 | sort -z | xargs -0r sha256sum); done
  of_project ps -aq && of_project volume ls -q && of_project network ls -q
}

put_aside() {
  rm -rf "$aside.new"
  mkdir -p "$aside.new/known" &&
    rsync -aHAX --numeric-ids --exclude="/$(below_stack)" "$STACK/" "$aside.new/stack/" </dev/null &&
    portrait >"$aside.new/before" || die 1 "what is here cannot be put aside"
  known | while read -r each; do cp -a "/var/lib/clincher/$each" "$aside.new/known/" || exit; done || die 1 "what is known cannot be put aside"
  cat >"$undo" <<EOF
[Unit]
Description=Takes away what an interrupted drill of a recovery left (clincher)
After=docker.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/clincher-backup vacate keep
[Install]
WantedBy=multi-user.target
EOF
  systemctl daemon-reload && systemctl enable clincher-vacate.service >/dev/null 2>&1 || die 1 "nothing would undo this at boot"
  sync -f /var/lib/clincher && mv "$aside.new" "$aside" && sync -f /var/lib/clincher
}

# As recover, in its place; and nobody is told that this server goes on.
occupy() {
  local manifest=$BACKUPS/$1/manifest.json began took
  drilling
  leave </dev/null || exit
  occupied "$1"
  [ -z "$(of_project volume ls -q)" ] || die 1 "volumes of $PROJECT are here: this server has a state of its own"
  unfold "$1"
  began=$(ms)
  put_aside
  printf '%s\n' "$took" >"$aside/took"
  fill "$1"
  sync -f "$STACK"
  echo "occupied by $1: read in $((took / 1000)) s, in its place after $((($(ms) - began) / 1000)) s more"
}

# What the gateway that was recovered knows, asked as a drill asks it.
answers() {
  local answer
  answer=$(docker exec openclaw node -e "$ask") || die $REFUSED "what was recovered does not answer"
  echo "drill: {\"backup\":\"$1\",\"restoreMs\":$(cat "$aside/took"),\"bootMs\":0,\"answer\":$answer}"
}

vacate() {
  alone 1800 || die $BUSY "another backup or drill has been at work for half an hour"
  leave "${'${1-}'}"
}

# Every part may be done twice: whatever cuts this short, the next one ends it. \`keep\`: at boot, when the run may yet come back and
# start services again: then what was put aside stays until that run, the next one or a recovery ends this.
leave() {
  local all left
  rm -rf "$aside.new" "$aside.gone"
  [ -e "$aside" ] || { echo "nothing of a drill is here"; return 0; }
  all=$(of_project ps -aq && docker ps -aq --filter name=^openclaw-sbx) || die 1 "Docker does not answer: nobody can say what runs here"
  [ -z "$all" ] || docker rm -f $all >/dev/null || die 1 "containers of the drill are not removed"
  of_project network ls -q | xargs -r docker network rm >/dev/null || die 1 "networks of the drill are not removed"
  of_project volume ls -q | xargs -r docker volume rm >/dev/null || die 1 "volumes of the drill are not removed"
  rsync -aHAX --numeric-ids --delete --exclude="/$(below_stack)" "$aside/stack/" "$STACK/" </dev/null || die 1 "$STACK is not as it was"
  (cd /var/lib/clincher && rm -rf ${KNOWN} && cp -a "$aside"/known/. .) || die 1 "what is known is not as it was"
  rm -rf "$drill"
  portrait >"$aside/after" || die 1 "nobody can say how this server is now"
  left=$(diff "$aside/before" "$aside/after" | grep '^[<>]' | head -n 5 | paste -sd ';')
  [ -z "$left" ] || die $REFUSED "this server is not as it was before the drill: $left"
  [ "${'${1-}'}" != keep ] || { sync -f "$STACK"; echo "vacated at boot: what was put aside stays until the run ends"; return 0; }
  systemctl disable clincher-vacate.service >/dev/null 2>&1
  rm -f "$undo"
  systemctl daemon-reload
  mv "$aside" "$aside.gone" && rm -rf "$aside.gone" && sync -f /var/lib/clincher
  echo "vacated: this server is as it was before the drill"
}
`;
