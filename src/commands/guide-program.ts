// The part of the host's clincher-backup that opens what the guide's own backup.sh left behind.

/** Its verb is in backup-program.ts. */
export const GUIDE_TEXT = String.raw`
# The guide's archives (its Step 11): tar, gzip, AES-256-CBC with a key by PBKDF2; without a key they were left in clear.
# CBC does not notice what was changed: gzip's sum at the end is all there is, so nothing counts before it was read.
guide_clear() {
  case $1 in
  *.enc) openssl enc -d -aes-256-cbc -pbkdf2 -in "$1" -pass file:<(printf '%s\n' "$2") ;;
  *) cat "$1" ;;
  esac
}

guide() {
  local key
  key=$(cat)
  [ -f "$1" ] || die 66 "there is no archive $1"
  [ ! -e "$2" ] || die 73 "$2 is there already"
  half=$2.half
  trap 'rm -rf "$half"' EXIT
  trap 'exit 143' HUP INT TERM
  mkdir -p "$half" && guide_clear "$1" "$key" | gzip -dc | tar -x -p --numeric-owner -C "$half" ||
    die $REFUSED "$1 cannot be read to its end: another key, damaged, or none of the guide's archives"
  mv "$half" "$2" && sync -f "$2" && echo "opened $1: $(find "$2" -mindepth 1 | wc -l) entries in $2"
}
`;
