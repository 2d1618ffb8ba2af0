// The part of the host's clincher-backup that encrypts an archive anew for the keys of today; what it holds stays as it is.
/** Functions of the program; its verbs are in backup-program.ts. */
export const REWRAP_TEXT = String.raw`
# Does one of these keys open it? age says so after its header and the first piece; no more of it is read.
opens() { [ "$(age -d -i <(printf '%s\n' "$2") "$1" 2>/dev/null | head -c 1 | wc -c)" = 1 ]; }

# A rewrap that was cut off between its two moves: what was there before counts.
reinstate() {
  local was id
  for was in "$BACKUPS"/.was-2*Z; do
    id=${'${was##*/.was-}'}
    [ ! -d "$was" ] || if [ -d "$BACKUPS/$id" ]; then rm -rf "$was"; else mv "$was" "$BACKUPS/$id"; fi
  done
}

# The manifest of before, but for what the new archive has of its own.
remade() {
  sed -e "s|\"sha256\":\"[0-9a-f]*\"|\"sha256\":\"$(sum_of <"$half/archive.tar.zst.age")\"|" \
    -e "s|\"bytes\":[0-9]*|\"bytes\":$(size "$half/archive.tar.zst.age")|" \
    -e "s|\"recipients\":\[[^]]*\]|\"recipients\":[$(grep -v '^#' "$RECIPIENTS" | quoted)]|" "$BACKUPS/$id/manifest.json"
}

# The keys come by stdin: the new one first, then whichever may have opened it until now. The old archive is replaced when the
# new one was read to its end with the new key alone.
rewrap() {
  local keys new archive need said began
  id=$1 keys=$(cat)
  new=$(printf '%s\n' "$keys" | head -n 1)
  alone 1800 || die $BUSY "another backup has been at work for half an hour"
  tidy
  archive=$BACKUPS/$id/archive.tar.zst.age half=$BACKUPS/.half-$id
  open "$id"
  sum_of <"$archive" | whole "$id" || exit
  if opens "$archive" "$new"; then echo "opens with the new key already: $id"; return; fi
  opens "$archive" "$keys" || die $REFUSED "$id opens with none of the keys in the vault"
  need=$(($(size "$archive") + 67108864))
  [ "$need" -lt "$(free)" ] || die $FULL "no room below $BACKUPS: about $((need >> 20)) MiB are needed, $(($(free) >> 20)) MiB are free"
  trap tidy EXIT
  trap 'exit 143' HUP INT TERM
  mkdir "$half" || failed $?
  age -d -i <(printf '%s\n' "$keys") "$archive" | age -e -R "$RECIPIENTS" >"$half/archive.tar.zst.age" || failed $?
  began=$(ms)
  said=$(age -d -i <(printf '%s\n' "$new") "$half/archive.tar.zst.age" | zstd -dcq | tar -t | told "$id") ||
    die $REFUSED "$id is not read to its end from a new archive (${'${said:-another key, or damaged before it was hashed}'}): the old one stays"
  remade >"$half/manifest.json" && sync "$half"/* && mv "$BACKUPS/$id" "$BACKUPS/.was-$id" && mv "$half" "$BACKUPS/$id" && sync "$BACKUPS" || failed $?
  rm -rf "$BACKUPS/.was-$id"
  verified "$id" "$(($(ms) - began))"
  echo "opens with the new key now: $id"
}
`;
