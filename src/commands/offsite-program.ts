// The part of the host's clincher-backup that copies backups to a far end, looks after the copies, and fetches one back.

/** rclone's configuration: root's alone, since it holds what opens the far end. */
export const OFFSITE_CONF = '/etc/clincher/offsite.conf';

/** Its exit codes besides EXIT: of sysexits.h. */
export const OFFSITE_EXIT = { away: 69, differs: 65 } as const;

/** Each copy is read back when it is made, and once in so many days. */
const READ_BACK_DAYS = 7;

/**
 * Functions of the program; its verbs are in backup-program.ts. The hash is compared by reading the copy back: what the
 * distributions' rclone can ask S3 (MD5), B2 (SHA-1) and SFTP for is not the SHA-256 of the manifest, and a far end that
 * is asked for a hash may answer with the one it was given.
 */
export const OFFSITE_TEXT = String.raw`
tab=$(printf '\t') AWAY=69

far() { HOME=/root rclone --config ${OFFSITE_CONF} --contimeout 15s --timeout 60s --retries 2 --low-level-retries 2 --stats 0 "$@"; }

# What lies there under names of ours, oldest first: id/file, bytes; a tab between. That there is no such folder (3) is an answer.
there() {
  local found code words
  words=$(mktemp)
  found=$(far lsf -R --files-only --format ps --separator "$tab" "$OFFSITE" 2>"$words")
  code=$?
  [ "$code" = 0 ] || [ "$code" = 3 ] || tail -n 2 "$words" | paste -sd ' ' >&2
  rm -f "$words"
  [ "$code" = 0 ] || [ "$code" = 3 ] || return 1
  printf '%s\n' "$found" | sort | grep -E "^2[0-9]{7}T[0-9]{6}Z/(archive\.tar\.zst\.age|manifest\.json)(\.half)?$tab[0-9]+$" || true
}

# No pipe: under pipefail, a grep that has seen enough makes whoever still writes to it fail.
is_there() { [[ $'\n'$listing$'\n' == *$'\n'"$1$tab$2"$'\n'* ]]; }

# 0: it is what this hash is of. 1: it is not. 2: it cannot be read.
read_back() {
  local sum
  sum=$(far cat "$OFFSITE/$1" | sum_of) || return 2
  [ "$sum" = "$2" ]
}

# Since when it is known that the copy was once another than was sent stays with the note for as long as the backup is here.
note() {
  local dir=$BACKUPS/$1 differed=
  [ ! -s "$dir/.differed" ] || differed=$(printf ',"differed":"%s"' "$(head -n 1 "$dir/.differed")")
  printf '{"at":"%s","sha256":"%s","where":"%s"%s}\n' "$(date -u +%FT%TZ)" "$2" "$WHERE" "$differed" >"$dir/.offsite" &&
    mv "$dir/.offsite" "$dir/offsite"
}

# Nothing that is half has the name of a whole one: an object store shows objects that were sent to their end, elsewhere
# a name of its own is changed. The manifest comes last, when the archive was read back: without it, a copy is none.
send() {
  local from=$BACKUPS/$1 name=$1/archive.tar.zst.age
  far copyto --ignore-times "$from/archive.tar.zst.age" "$OFFSITE/$name$OFFSITE_HALF" || return
  read_back "$name$OFFSITE_HALF" "$2" || { echo "what arrived of $1 is not what was sent"; return 1; }
  [ -z "$OFFSITE_HALF" ] || far moveto "$OFFSITE/$name$OFFSITE_HALF" "$OFFSITE/$name" || return
  far copyto --ignore-times "$from/manifest.json" "$OFFSITE/$1/manifest.json" || return
  read_back "$1/manifest.json" "$(sum_of <"$from/manifest.json")" || { echo "the manifest of $1 that arrived is not what was sent"; return 1; }
  note "$1" "$2" && sent=$((sent + 1))
}

# One backup: sent where there is no copy; where there is one, looked at again. Fails where the far end does.
offer() {
  local dir=$BACKUPS/$1 manifest=$BACKUPS/$1/manifest.json bytes sum known= code
  bytes=$(grep -o '"bytes":[0-9]*' "$manifest" 2>/dev/null | head -n 1 | cut -d : -f 2)
  sum=$(field sha256 "$manifest" 2>/dev/null)
  # One that was encrypted anew meanwhile is another than was sent, and nobody has done wrong.
  [ "$(field where "$dir/offsite" 2>/dev/null) $(field sha256 "$dir/offsite" 2>/dev/null)" != "$WHERE $sum" ] || known=yes
  if is_there "$1/archive.tar.zst.age" "$bytes" && is_there "$1/manifest.json" "$(size "$manifest")"; then
    [ -z "$known" ] || [ -n "$again" ] || return 0
    read_back "$1/archive.tar.zst.age" "$sum" && read_back "$1/manifest.json" "$(sum_of <"$manifest")"
    code=$?
    [ "$code" != 0 ] || { note "$1" "$sum"; return; }
    [ "$code" = 1 ] || return
  fi
  if [ -n "$known" ]; then
    echo "the copy of $1 is not there as it was sent: gone, cut short or changed"
    date -u +%FT%TZ >"$dir/.differed"
    rm -f "$dir/offsite"
  fi
  # What is damaged here must not take the place of what is whole there.
  [ -n "$sum" ] && [ "$(sum_of <"$dir/archive.tar.zst.age")" = "$sum" ] || { echo "$1 is not whole here, and is not copied"; broken="$broken $1"; return 0; }
  send "$1" "$sum" || { [ ! -e "$dir" ]; return; }
  [ -z "$known" ] || differs="$differs $1"
}

# By age, where that was asked for; never one that is still here, never the newest whole one, never the last that was
# read to its end. A key that may not remove is a good one: then a rule of the far end's removes.
thin() {
  local oldest newest verified each
  [ -n "$OFFSITE_KEEP_DAYS" ] || return 0
  oldest=$(date -u -d "-$OFFSITE_KEEP_DAYS days" +%Y%m%dT%H%M%SZ)
  newest=$(printf '%s\n' "$listing" | grep -F "/manifest.json$tab" | cut -d / -f 1 | sort | tail -n 1)
  verified=$(all | while read -r each; do if [ -e "$BACKUPS/$each/verified" ]; then echo "$each"; fi; done | tail -n 1)
  printf '%s\n' "$listing" | cut -d / -f 1 | sort -u | grep . | while read -r each; do
    [[ $each < $oldest && $each != "$newest" && $each != "$verified" && ! -e $BACKUPS/$each ]] || continue
    # The manifest first: what is left when this is cut short is no copy.
    printf '%s\n' "$listing" | grep "^$each/" | cut -f 1 | sort -r | while read -r name; do far deletefile "$OFFSITE/$name" </dev/null || exit 1; done &&
      echo "removed the copy of $each: older than $OFFSITE_KEEP_DAYS days" || echo "the copy of $each may not be removed"
    far rmdir "$OFFSITE/$each" </dev/null >/dev/null 2>&1
  done
}

# The newest first. It has a lock of its own: a copy that takes hours keeps nobody from the next backup.
offsite() {
  local listing each again= differs= broken= sent=0
  [ -n "$OFFSITE" ] || die 0 "no copies elsewhere are configured"
  mkdir -p "$BACKUPS" && exec 8>"$BACKUPS/.offsite-lock" && flock -w 3600 8 || die $BUSY "another copy has been under way for an hour"
  listing=$(there) || die $AWAY "$WHERE cannot be asked, which is tried again within the hour; every backup is here as before"
  [ "$1" != all ] && [ -n "$(find "$BACKUPS/.offsite-read" -mtime -${READ_BACK_DAYS} 2>/dev/null)" ] || again=yes
  for each in $(all | sort -r); do
    offer "$each" || die $AWAY "the copy of $each was not made, which is tried again within the hour; the backup is here as before"
  done
  [ -z "$again" ] || touch "$BACKUPS/.offsite-read"
  thin
  echo "$sent sent to $WHERE$([ -z "$again" ] || echo ', the others read back')"
  [ -z "$differs" ] || die $REFUSED "not there as sent, and sent anew:$differs. Somebody else can write there, or something removes"
  [ -z "$broken" ] || die $AWAY "not whole here, and not copied:$broken"
}

# On a standby: the newest whole one that is there and not here; those of before go by age.
pull() {
  local listing newest
  [ -n "$OFFSITE" ] || die 0 "no copies elsewhere are configured"
  listing=$(there) || die $AWAY "$WHERE cannot be asked, which is tried again within the hour"
  newest=$(printf '%s\n' "$listing" | grep -F "/manifest.json$tab" | cut -d / -f 1 | sort | tail -n 1)
  [ -n "$newest" ] || die 0 "nothing lies at $WHERE yet"
  (fetch "$newest") || exit
  prune
}

# For the day on which it is not here any more: from there on it is a backup like the others.
fetch() {
  local half=$BACKUPS/.half-$1
  [ -n "$OFFSITE" ] || die 1 "no copies elsewhere are configured"
  [[ $1 =~ ^2[0-9]{7}T[0-9]{6}Z$ ]] || die 64 "$1 is no name of a backup"
  alone 1800 || die $BUSY "another backup has been at work for half an hour"
  [ ! -e "$BACKUPS/$1" ] || die 0 "$1 is here already"
  trap tidy EXIT
  trap 'exit 143' HUP INT TERM
  mkdir -p "$half" || failed $?
  far copyto "$OFFSITE/$1/manifest.json" "$half/manifest.json" || die $AWAY "there is no whole copy of $1 at $WHERE"
  far copyto "$OFFSITE/$1/archive.tar.zst.age" "$half/archive.tar.zst.age" || die $AWAY "$WHERE did not give $1 to its end"
  [ "$(field id "$half/manifest.json")" = "$1" ] && [ "$(sum_of <"$half/archive.tar.zst.age")" = "$(field sha256 "$half/manifest.json")" ] ||
    die $REFUSED "the copy of $1 is not what its manifest says: damaged, cut short or swapped"
  sync "$half"/* && mv "$half" "$BACKUPS/$1" && sync "$BACKUPS" || failed $?
  echo "fetched $1"
}
`;
