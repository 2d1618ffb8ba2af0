// The host's own program for backups: it needs neither clincher nor a control plane, and a person can read it.
import { DRILL_TEXT } from './drill-program.js';
import { GUARD_TEXT } from './guard-program.js';
import { GUIDE_TEXT } from './guide-program.js';
import { OCCUPY_TEXT } from './occupy-program.js';
import { OFFSITE_TEXT } from './offsite-program.js';
import { RECOVER_TEXT } from './recover-program.js';
import { REWRAP_TEXT } from './rewrap-program.js';

export const PROGRAM = '/usr/local/sbin/clincher-backup';
export const CONF = '/etc/clincher/backup.conf';

/** Its exit codes that mean more than a failure: of sysexits.h, and ENOSPC. */
export const EXIT = { refused: 65, full: 28 } as const;

/** What a server knows besides its stack: what was set in OpenClaw's configuration, whose texts were read, which drift may be, how drills went. */
const DECISIONS = ['openclaw-settings*', 'vetted', 'accepted-drift', 'drills']
  .map((name) => `/var/lib/clincher/${name}.json`)
  .join(' ');

/**
 * By so much sooner than EVERY_HOURS the next one is due: the one before may have waited two hours for a run, have taken its time,
 * and clocks are put forward once a year. With less, a night is left out then.
 */
export const EARLY_HOURS = 4;

/**
 * The archive is one stream: tar, zstd, age. Nothing of it lies on the disk in clear, and nothing of it passes through the
 * worker. What writes its state to files is paused while it is read (docker-pause(1)): a frozen process is one that lost its
 * power at that moment, which SQLite and Redis are made for, and all files are of the same instant.
 */
export const PROGRAM_TEXT = String.raw`#!/bin/bash
# Backups of OpenClaw, and of everything that a new server needs to go on with it.
# Written by clincher (backup.program); what differs from server to server is in /etc/clincher/backup.conf.
#
#   clincher-backup make KEY    one backup; where KEY has one already, none is made
#   clincher-backup due         one backup, unless the newest is of this night already (EVERY_HOURS)
#   clincher-backup ls          each backup a line: id, bytes, manifest, when it was verified, when its copy was; tabs between
#   clincher-backup check ID    reads one to its end; the key (AGE-SECRET-KEY-1...) comes by stdin
#   clincher-backup drill ID    restores one beside the running stack, boots it without a network, asks it; the key by stdin
#   clincher-backup restore ID  restores one beside the running stack, and leaves it there; the key by stdin
#   clincher-backup boot ID SERVICE   starts a service of what was restored, asks it, and takes it all away
#   clincher-backup recover ID  puts one into its place, on a server without a state of its own; the key by stdin
#   clincher-backup occupy ID   rehearses that on a standby: what is there is put aside; the key by stdin
#   clincher-backup answers ID  asks the gateway that was started of it what it knows
#   clincher-backup vacate      takes all of it away: the standby is as it was, also after a crash, at boot
#   clincher-backup rewrap ID   encrypts one anew for the keys of today; the new key and the old ones by stdin
#   clincher-backup offsite [all]   copies what is not at the far end yet; all: reads back what is there, too
#   clincher-backup there       what is at the far end: id/file, bytes
#   clincher-backup fetch ID    brings one back from there
#   clincher-backup pull        on a standby: brings the newest from there
#   clincher-backup guard       at boot: where another server goes on in this one's place, nothing of the stack starts here
#   clincher-backup guide FILE FOLDER   opens an archive of the guide's into a new folder; its key (64 hex digits) by stdin
#   clincher-backup tidy        undoes what an interrupted one left: paused containers, half an archive, a drill
#
# Without any of this: age -d -i KEYFILE archive.tar.zst.age | zstd -d | tar -x
set -u -o pipefail
umask 077
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
REFUSED=65 BUSY=75 FULL=28
conf=/etc/clincher/backup.conf
[ -r "$conf" ] || { echo "$conf is missing; clincher run backup writes it"; exit 78; }
. "$conf" # SERVER STACK BACKUPS PROJECT WRITERS KEEP_DAYS EVERY_HOURS RECIPIENTS OFFSITE...
paused=/run/clincher/backup-paused

die() { local code=$1; shift; printf '%s\n' "$*"; exit "$code"; }
ms() { date +%s%3N; }
all() { find "$BACKUPS" -mindepth 1 -maxdepth 1 -type d -name '2*Z' -printf '%f\n' 2>/dev/null | sort; }
field() { grep -o "\"$1\":\"[^\"]*\"" "$2" | head -n 1 | cut -d '"' -f 4; }
size() { stat -c %s "$1"; }
# SHA-256 of stdin: OpenSSL's has the processor's own instructions, which Debian's coreutils has not (a quarter of the time).
sum_of() { { openssl dgst -sha256 -r 2>/dev/null || sha256sum; } | cut -c 1-64; }
free() { df --output=avail -B1 "$BACKUPS" | tail -n 1; }

# One at a time, a second waits; the lock ends with the last process that works on the backup.
alone() { mkdir -p "$BACKUPS" /run/clincher && exec 9>"$BACKUPS/.lock" && flock -w "$1" 9; }

resume() {
  local c
  [ -e "$paused" ] || return 0
  while read -r c; do docker unpause "$c" >/dev/null 2>&1; done <"$paused"
  rm -f "$paused"
}

# Docker calls a container that was paused unhealthy until it has asked it again, which is up to half a minute later.
settle() {
  local n=0
  while docker ps -q --filter health=unhealthy | grep -q . && [ "$n" -lt 60 ]; do n=$((n + 1)); sleep 1; done
}

# Written down before it is done: whoever finds the list knows what may be paused.
pause() {
  local c filters
  filters=$(for c in $WRITERS; do printf -- '--filter name=^%s$ ' "$c"; done)
  docker ps -q --filter status=running $filters >"$paused" || die 1 "Docker does not answer: nobody can say that nothing is being written"
  while read -r c; do docker pause "$c" >/dev/null || die 1 "container $c cannot be paused"; done <"$paused"
}

tidy() { resume; reinstate; rm -rf "$BACKUPS"/.half-*; undrill; }

# As much as the last one took and half again; where there is none, as much as there is to read.
room() {
  local last need
  last=$(all | tail -n 1)
  need=$content
  [ -z "$last" ] || need=$(($(size "$BACKUPS/$last/archive.tar.zst.age") * 3 / 2))
  need=$((need + 67108864))
  [ "$need" -lt "$(free)" ] || die $FULL "no room below $BACKUPS: about $((need >> 20)) MiB are needed, $(($(free) >> 20)) MiB are free"
}

# The stack's folder with its state, what people have decided on this server and what was set for them, and the volumes of its project;
# without the first slash, to be read back below any folder.
paths() {
  printf '%s\n' "$STACK"
  ls -d ${DECISIONS} 2>/dev/null || :
  docker volume ls -q --filter label=com.docker.compose.project="$PROJECT" | xargs -r docker volume inspect -f '{{.Mountpoint}}'
}

# A file that changed as it was read (1) is a log: what holds state is paused.
read_all() {
  tar -C / -c --label="$SERVER/$id" --numeric-owner --xattrs --acls --sparse --warning=no-file-ignored \
    --anchored --no-wildcards --exclude="$(printf %s "$BACKUPS" | cut -c 2-)" --files-from=- || [ $? = 1 ]
}

archive() { printf '%s\n' "$list" | cut -c 2- | read_all | zstd -q -1 -T0 | age -e -R "$RECIPIENTS" >"$half/archive.tar.zst.age"; }

quoted() { sed 's/.*/"&"/' | paste -sd,; }
images() {
  docker ps -aq --filter label=com.docker.compose.project="$PROJECT" |
    xargs -r docker inspect -f '{"service":"{{index .Config.Labels "com.docker.compose.service"}}","image":"{{.Config.Image}}","id":"{{.Image}}"}' | paste -sd,
}

manifest() {
  local archive=$half/archive.tar.zst.age
  printf '{"format":"clincher.backup/1","id":"%s","server":"%s","key":"%s","made":"%s",' "$id" "$SERVER" "$key" "$(date -u +%FT%TZ)"
  printf '"sha256":"%s","bytes":%s,"contentBytes":%s,' "$(sum_of <"$archive")" "$(size "$archive")" "$content"
  printf '"pauseMs":%s,"tookMs":%s,"stack":"%s","paths":[%s],' "$paused_ms" "$(($(ms) - began))" "$STACK" "$(printf '%s\n' "$list" | quoted)"
  printf '"images":[%s],"recipients":[%s],' "$(images)" "$(grep -v '^#' "$RECIPIENTS" | quoted)"
  # Since 2026.8 the gateway's lease on its state names the host that holds it.
  printf '"hostname":"%s",' "$(docker inspect -f '{{.Config.Hostname}}' openclaw 2>/dev/null)"
  printf '"os":"%s","docker":"%s"}\n' "$(. /etc/os-release; echo "$ID $VERSION_ID")" "$(docker version -f '{{.Server.Version}}')"
}

# By age; never the newest, and never the last that was read to its end.
prune() {
  local oldest newest verified each
  oldest=$(date -u -d "-$KEEP_DAYS days" +%Y%m%dT%H%M%SZ)
  newest=$(all | tail -n 1)
  verified=$(all | while read -r each; do if [ -e "$BACKUPS/$each/verified" ]; then echo "$each"; fi; done | tail -n 1)
  all | while read -r each; do
    if [[ $each < $oldest && $each != "$newest" && $each != "$verified" ]]; then
      mv "$BACKUPS/$each" "$BACKUPS/.half-$each" && rm -rf "$BACKUPS/.half-$each" && echo "removed $each: older than $KEEP_DAYS days"
    fi
  done
}

failed() {
  [ "$(($(free) >> 20))" -gt 8 ] || die $FULL "the disk is full below $BACKUPS; what was written is removed again"
  die 1 "the archive was not written whole (exit $1); what was written is removed again"
}

make() {
  key=$1
  alone 1800 || die $BUSY "another backup has been at work for half an hour"
  local found since
  found=$(grep -lF "\"key\":\"$key\"" "$BACKUPS"/2*Z/manifest.json 2>/dev/null | head -n 1)
  [ -z "$found" ] || { echo "made already: $(field id "$found")"; return; }
  tidy
  trap tidy EXIT
  trap 'exit 143' HUP INT TERM
  began=$(ms)
  list=$(paths) || die 1 "Docker does not say which volumes there are"
  content=$(printf '%s\n' "$list" | xargs -r -d '\n' du -sbc --exclude="$BACKUPS" | tail -n 1 | cut -f 1)
  room
  while id=$(date -u +%Y%m%dT%H%M%SZ); [ -e "$BACKUPS/$id" ]; do sleep 0.2; done
  half=$BACKUPS/.half-$id
  mkdir "$half" || failed $?
  since=$(ms)
  pause
  archive || failed $?
  resume
  paused_ms=$(($(ms) - since))
  manifest >"$half/manifest.json" && sync "$half"/* && mv "$half" "$BACKUPS/$id" && sync "$BACKUPS" || failed $?
  settle
  echo "backup $id: $(size "$BACKUPS/$id/archive.tar.zst.age") bytes of $content, writers were paused for $paused_ms ms"
  prune
}

# The newest counts whoever made it: the control plane and the timer never make it twice.
due() {
  local newest n=0
  # A run that works on this server comes first; one that was left behind does not keep a server from its backup.
  while [ -e /var/lib/clincher/mark ] && [ "$n" -lt 720 ]; do n=$((n + 1)); sleep 10; done
  newest=$(all | tail -n 1)
  [[ -z $newest || $newest < $(date -u -d "-$EVERY_HOURS hours ${EARLY_HOURS} hours" +%Y%m%dT%H%M%SZ) ]] || { echo "not due: $newest is the newest"; return; }
  make "timer-$(date -u +%Y%m%dT%H%M%SZ)"
}

ls_all() {
  local each
  all | while read -r each; do
    printf '%s\t%s\t%s\t%s\t%s\n' "$each" "$(size "$BACKUPS/$each/archive.tar.zst.age" 2>/dev/null || echo -)" \
      "$(head -c 65536 "$BACKUPS/$each/manifest.json" 2>/dev/null | head -n 1)" "$(head -n 1 "$BACKUPS/$each/verified" 2>/dev/null)" \
      "$(head -n 1 "$BACKUPS/$each/offsite" 2>/dev/null)"
  done
}

# What was found wrong once is not called verified any more.
refuse() { rm -f "$BACKUPS/$1/verified"; die $REFUSED "$1: $2"; }

# Is it there, and under its own name?
open() {
  local archive=$BACKUPS/$1/archive.tar.zst.age manifest=$BACKUPS/$1/manifest.json
  [ -f "$archive" ] && [ -f "$manifest" ] || die $REFUSED "there is no whole backup $1 below $BACKUPS"
  [ "$(field id "$manifest")" = "$1" ] || refuse "$1" "its manifest is of $(field id "$manifest"): swapped"
}

# Is it what its manifest says? The sum of it comes by stdin.
whole() { [ "$(cat)" = "$(field sha256 "$BACKUPS/$1/manifest.json")" ] || refuse "$1" "its hash is not the one in its manifest: damaged, cut short or swapped"; }

# What tar names as it reads: first the label, which says whose backup it is. Prints how many others there were.
told() {
  local label
  IFS= read -r label || return
  [ "$label" = "$SERVER/$1" ] || { cat >/dev/null; echo "inside it is $label: swapped"; return 1; }
  wc -l
}

# The whole stream is authenticated (age is an AEAD); what tar does with it is in the other words: -t, or -x and where to.
# Leaves what went wrong in $said, or how many entries it read. Hashed beside it: a disk is slower than both, and is read once.
unpack() {
  local archive=$BACKUPS/$1/archive.tar.zst.age id=$1 key=$2 wrong
  shift 2
  exec 8< <(sum_of <"$archive")
  said=$(age -d -i <(printf '%s\n' "$key") "$archive" | zstd -dcq | tar "$@" | told "$id") || wrong=$said
  whole "$id" <&8
  exec 8<&-
  [ -z "${'${wrong+so}'}" ] && return
  [[ $wrong == *swapped ]] || wrong='it cannot be read to its end: another key, or damaged before it was hashed'
  refuse "$id" "$wrong"
}

verified() {
  printf '{"at":"%s","entries":%s,"tookMs":%s}\n' "$(date -u +%FT%TZ)" "$said" "$2" >"$BACKUPS/$1/.verified"
  mv "$BACKUPS/$1/.verified" "$BACKUPS/$1/verified" && sync "$BACKUPS/$1"
  echo "verified $1: $said entries"
}

check() {
  local key began said
  key=$(cat)
  open "$1"
  began=$(ms)
  unpack "$1" "$key" -t
  verified "$1" "$(($(ms) - began))"
}
${DRILL_TEXT}${RECOVER_TEXT}${OCCUPY_TEXT}${REWRAP_TEXT}${OFFSITE_TEXT}${GUARD_TEXT}${GUIDE_TEXT}
[ "$#" -gt 0 ] || set -- help
case "$1" in
make) make "$2" ;;
due) due ;;
ls) ls_all ;;
check) check "$2" ;;
drill) rehearse "$2" ;;
restore) restore "$2" ;;
boot) begin "$2" "$3" ;;
recover) recover "$2" ;;
occupy) occupy "$2" ;;
answers) answers "$2" ;;
vacate) vacate "${'${2-}'}" ;;
rewrap) rewrap "$2" ;;
offsite) [ "$#" -gt 1 ] || set -- offsite new; offsite "$2" ;;
there) there ;;
fetch) fetch "$2" ;;
pull) pull ;;
guard) guard ;;
guide) guide "$2" "$3" ;;
tidy) ! alone 0 || tidy ;;
*) die 64 "usage: clincher-backup make KEY | due | ls | check ID | drill ID | restore ID | boot ID SERVICE | recover ID | occupy ID | answers ID | vacate | rewrap ID | offsite [all] | there | fetch ID | pull | guard | guide FILE FOLDER | tidy" ;;
esac
`;
