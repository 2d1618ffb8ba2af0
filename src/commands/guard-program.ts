// The part of the host's clincher-backup that asks, at boot, whether this server is still the one that holds the bot.
import { FENCED } from './fence.js';

/**
 * Functions of the program; its verbs are in backup-program.ts. Whoever goes on from a backup says so at the far end, which the
 * server it replaces can ask without any control plane. Docker reads a container's restart policy from its file when it starts,
 * so what is written there before it does holds (docker-run(1), --restart).
 */
export const GUARD_TEXT = String.raw`
self() { cat /etc/machine-id; }

# Names are never written twice: a key that may only add is enough.
stand() {
  [ -n "$OFFSITE" ] || return 0
  : | far rcat "$OFFSITE/active-$(date -u +%Y%m%dT%H%M%SZ)-$(self)" || echo "$WHERE could not be told that this server goes on: one that returns is not fenced at its boot"
}

# A far end that does not answer says nothing: then the server starts as it was, since it may be the only one.
guard() {
  local newest
  [ -n "$OFFSITE" ] || die 0 "no far end is configured, so nobody can be asked"
  newest=$(far lsf --files-only --include 'active-2*' "$OFFSITE" 2>/dev/null | sort | tail -n 1) || die 0 "$WHERE does not answer: this server starts as it was"
  [ -n "$newest" ] && [ "${'${newest##*-}'}" != "$(self)" ] || die 0 "this server may start"
  printf '{"run":"guard","at":"%s","to":"%s"}\n' "$(date -u +%FT%TZ)" "$newest" >${FENCED}
  grep -lF "\"com.docker.compose.project\":\"$PROJECT\"" /var/lib/docker/containers/*/config.v2.json 2>/dev/null | while read -r each; do
    sed -i 's/"RestartPolicy":{"Name":"[a-z-]*"/"RestartPolicy":{"Name":"no"/' "$(dirname "$each")/hostconfig.json"
  done
  die 0 "another server goes on in this one's place ($newest): nothing of the stack starts here"
}
`;
