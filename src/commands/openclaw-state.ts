// What OpenClaw keeps on the host, between versions: files that a newer one does not read by itself, and how it takes them over.
import type { Action, Fact } from '../model.js';
import { sh } from './shell.js';

/** Conversations as files, which versions before 2026.8 keep; a newer one puts them into its database and moves them away. */
export const fileSessions = (data: string): Fact<string[]> => ({
  read: sh(
    'cd -- "$1" 2>/dev/null || exit 0; find agents sessions -maxdepth 4 -name sessions.json -path "*sessions/*" 2>/dev/null; true',
    data,
  ),
  parse: ({ stdout }) => stdout.split('\n').filter(Boolean).sort(),
});

/**
 * The newer version's own repair. It would also add plugins to the list of allowed ones, so it gets a copy of the
 * configuration to work on. Leases of its own run out after five seconds, which a busy host may need: then again.
 */
const REPAIR = `umask 077
mkdir /tmp/config && cp /home/node/.openclaw/openclaw.json /tmp/config/
for attempt in 1 2 3; do
  openclaw doctor --fix --non-interactive && exit 0
done
exit 1`;

/**
 * With the gateway stopped and without network: it may take over what lies there, and nothing else. First the whole
 * state is copied, since the older version does not read what comes out. A copy without a date is of a migration that
 * did not end: it is the one of the untouched state, and stays. Where an upgrade keeps one, and where this is a copy
 * itself, none is made. The gateway is left down until the services are started.
 */
const MIGRATE = String.raw`set -e
dir=$1 image=$2 name=$3 copy=$4 repair=$5
cd -- "$dir"
umask 077
docker stop -t 30 "$name" >/dev/null 2>&1 || :
kept=$dir/monitoring/backups/.upgrade/before/data
if [ -n "$copy" ] && [ ! -e "$copy.tar" ] && [ ! -d "$kept" ]; then
  need=$(du -sk data | cut -f1) free=$(df -Pk "$dir" | awk 'END { print $4 }')
  [ "$free" -gt $((need * 3)) ] || {
    echo "data is $((need / 1024)) MB, and $((free / 1024)) MB are free: a copy and a migration need three times as much" >&2
    exit 1
  }
  tar --numeric-owner -cf "$copy.part" data
  mv -- "$copy.part" "$copy.tar"
fi
said=$(mktemp)
trap 'rm -f -- "$said"' EXIT
docker run --rm --pull never --network none --user 1000:1000 --cap-drop ALL --security-opt no-new-privileges \
  --read-only --tmpfs /tmp:mode=1777 --tmpfs /home/node/.cache:mode=0700,uid=1000 \
  -v "$dir/data:/home/node/.openclaw" -v "$dir/secrets/openclaw:/home/node/.config/clincher:ro" \
  -e OPENCLAW_CONFIG_PATH=/tmp/config/openclaw.json -e OPENCLAW_NO_AUTO_UPDATE=1 -e OPENCLAW_NO_RESPAWN=1 \
  -e OPENCLAW_SERVICE_REPAIR_POLICY=external -e OPENCLAW_WEBHOOK_TOKEN=not-the-real-one "$image" \
  sh -c "$repair" >"$said" 2>&1 || {
  tail -n 25 -- "$said" | cut -c1-300 >&2
  echo "OpenClaw could not take over the state" >&2
  if [ -e "$copy.tar" ]; then echo "as it was before: $copy.tar" >&2; fi
  exit 1
}
if [ -e "$copy.tar" ]; then mv -- "$copy.tar" "$copy-$(date -u +%Y%m%dT%H%M%SZ).tar"; fi`;

export const migrateState = (directory: string, image: string, copy: string, container: string): Action => ({
  command: sh(MIGRATE, directory, image, container, copy, REPAIR),
});
