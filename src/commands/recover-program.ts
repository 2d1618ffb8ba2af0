// The part of the host's clincher-backup that puts a backup into its place, on a server that has no state of its own yet.

/** Names the backup that this server goes on with. */
const RECOVERED = '/var/lib/clincher/recovered';

/**
 * Functions of the program; its verbs are in backup-program.ts. Everything is unfolded first, and read to its end; then it is
 * brought over, which a second attempt does once more. `.begun` is written before: what lies there then is no server's own state.
 */
export const RECOVER_TEXT = String.raw`
# A gateway that runs, or has run, has a state that nobody may lose to an old one.
occupied() {
  local running
  running=$(docker ps -q --filter label=com.docker.compose.project="$PROJECT") || die 1 "Docker does not answer: nobody can say whether services run here"
  [ -z "$running" ] || die 1 "services of $PROJECT run here: this server is no bare one"
  [ "$(head -n 1 ${RECOVERED}.begun 2>/dev/null)" != "$1" ] || return 0
  [ -z "$(find "$STACK/data" -type f -print -quit 2>/dev/null)" ] || die 1 "$STACK/data is not empty: this server has a state of its own"
}

# As compose would have made it, or it would not take it for its own.
volume() {
  docker volume inspect "$1" >/dev/null 2>&1 ||
    docker volume create --label com.docker.compose.project="$PROJECT" --label com.docker.compose.volume="${'${1#"$PROJECT"_}'}" "$1" >/dev/null || exit
  docker volume inspect -f '{{.Mountpoint}}' "$1"
}

# Linked, not copied, where both are on one file system: what was unfolded is taken away afterwards.
same() { mkdir -p "$2" && rsync -aHAX --numeric-ids --link-dest="$1" "$1/" "$2/" || die 1 "$2 was not filled; the same again goes on"; }

# Over what is there, and again where that was cut short.
fill() {
  local manifest=$BACKUPS/$1/manifest.json path name
  same "$drill$(field stack "$manifest")" "$STACK"
  for path in "$drill"/var/lib/clincher/*.json; do [ ! -e "$path" ] || cp -p "$path" /var/lib/clincher/ || die 1 "$path has no place"; done
  for path in "$drill"/var/lib/docker/volumes/*/_data; do
    [ -d "$path" ] || continue
    name=$(basename "$(dirname "$path")")
    path=$(volume "$name") && [ -n "$path" ] || die 1 "volume $name is not made"
    same "$drill/var/lib/docker/volumes/$name/_data" "$path"
  done
}

recover() {
  local began
  if [ "$(head -n 1 ${RECOVERED} 2>/dev/null)" = "$1" ]; then cat >/dev/null; die 0 "$1 is in its place already"; fi
  drilling
  leave </dev/null || exit
  occupied "$1"
  unfold "$1"
  began=$(ms)
  mkdir -p /var/lib/clincher && printf '%s\n' "$1" >${RECOVERED}.begun
  fill "$1"
  stand &
  sync -f "$STACK"
  wait
  printf '%s\n' "$1" >${RECOVERED}
  echo "recovered $1: read in $((took / 1000)) s, in its place after $((($(ms) - began) / 1000)) s more"
}
`;
