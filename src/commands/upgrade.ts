// What an upgrade does on the host itself: keeps what the way back needs, puts it back, and watches what takes its place.
import type { Action, Downtime, Fact, Standing } from '../model.js';
import { sh } from './shell.js';

/** Beside the backups: on the file system of the stack, so that it is moved and not copied, and in no archive. */
export const keepFolder = (backups: string): string => `${backups}/.upgrade`;

/** Clincher's own note of what it set in OpenClaw's configuration goes back with that configuration. */
const SETTINGS = '/var/lib/clincher/openclaw-settings.json';

/**
 * A copy of what the service writes, of the moment at which it was stopped. Most of it is copied while it runs; what has
 * changed since is copied when it stands still, which takes as long as there is something to copy. It ends in its own
 * time, as long as its stop_grace_period says. Where the new one needs nothing else first ($6 names its service), compose
 * makes its container before it stops the old one (`up --no-start`), so that nobody waits for that.
 */
const HOLD = String.raw`set -e
umask 077
stack=$1 keep=$2 container=$3 run=$4 settings=$5 next=$6
shift 6
mkdir -p "$keep"
if [ -e "$keep/before" ] && [ "$(cat "$keep/run")" != "$run" ]; then rm -rf "$keep/before"; fi
rm -rf "$keep/failed"
printf '%s\n' "$run" >"$keep/run"
ms() { date +%s%3N; }
copy() { for f in "$@"; do mkdir -p "$keep/part/$f"; rsync -aHAX --numeric-ids --delete --modify-window=-1 "$stack/$f/" "$keep/part/$f/"; done; }
if [ ! -e "$keep/before" ]; then
  need=$(cd "$stack" && { [ $# = 0 ] && echo 0 || du -sck "$@" | awk 'END { print $1 }'; })
  free=$(df -Pk "$stack" | awk 'END { print $4 }')
  [ "$free" -gt $((need + need / 10 + 65536)) ] || { echo "no room for the copy to go back to: $((need / 1024)) MiB are needed, $((free / 1024)) MiB are free"; exit 28; }
  # Files come and go under a service that runs: the second time counts.
  copy "$@" || :
  sync -f "$keep"
fi
if [ -n "$next" ]; then (cd "$stack" && docker compose up --no-start "$next"); else docker stop "$container" >/dev/null; fi
stopped=$(ms)
if [ ! -e "$keep/before" ]; then
  copy "$@"
  mkdir -p "$keep/part"
  [ ! -e "$settings" ] || cp -p "$settings" "$keep/part/.settings"
  sync -f "$keep"
  mv "$keep/part" "$keep/before"
fi
copied=$(ms)
[ -z "$next" ] || docker start "$container" >/dev/null
echo "held: {\"copyMs\":$((copied - stopped)),\"startMs\":$(($(ms) - copied))}"`;

export interface Kept {
  stack: string;
  keep: string;
  container: string;
  folders: readonly string[];
}

/** `next`: the service whose new container takes over at once; empty: the old one only stops. */
export const hold = ({ stack, keep, container, folders }: Kept, run: string, next: string): Action => ({
  command: sh(HOLD, stack, keep, container, run, SETTINGS, next, ...folders),
});

/** While nobody answered: how long the copy took, and the start's call, milliseconds. */
export const held = (log: string): { copyMs: number; startMs: number } =>
  JSON.parse(/^held: (\{.*\})$/m.exec(log)?.[1] ?? 'null') as { copyMs: number; startMs: number };

/**
 * Moved, never copied: at any moment each folder is either as the new version left it or as it was, and a second attempt goes
 * on where the first one ended. What was written since stays beside it, for a person.
 */
const RESTORE = String.raw`set -e
umask 077
stack=$1 keep=$2 container=$3 run=$4 settings=$5
shift 5
# What the run began and nobody waits for any more: a start of the new version would go on beside this.
for u in $(systemctl list-units --plain --no-legend --all "clincher-$run.*" | awk '{ print $1 }'); do
  case $u in *.upgrade.restore.*) ;; *) systemctl stop "$u" ;; esac
done
[ -e "$keep/before" ] && [ "$(cat "$keep/run")" = "$run" ] || { echo "nothing was kept, so nothing was begun"; exit 0; }
if docker inspect "$container" >/dev/null 2>&1; then docker stop "$container" >/dev/null; fi
mkdir -p "$keep/failed"
for f in "$@"; do
  [ -e "$keep/before/$f" ] || continue
  [ ! -e "$stack/$f" ] || mv "$stack/$f" "$keep/failed/$f"
  mv "$keep/before/$f" "$stack/$f"
  echo "$f is as it was; what was written since is in $keep/failed/$f"
done
if [ -e "$keep/before/.settings" ]; then mv -f "$keep/before/.settings" "$settings"; fi
sync -f "$keep"
rm -rf "$keep/before"`;

export const putBack = ({ stack, keep, container, folders }: Kept, run: string): Action => ({
  command: sh(RESTORE, stack, keep, container, run, SETTINGS, ...folders),
});

/** An image without a tag that no container uses is removed by the next \`docker image prune\`: the last good one gets one. */
const SETTLE = String.raw`rm -rf -- "$1/before" "$1/part" "$1/run"
docker tag "$2" "$3"`;

export const settle = (keep: string, image: string, service: string): Action => ({
  command: sh(SETTLE, keep, image, `clincher.local/last-good:${service}`),
});

export const standing = (container: string): Fact<Standing> => ({
  read: [
    ...['docker', 'inspect', '-f'],
    '{"state":"{{.State.Status}}","health":"{{if .State.Health}}{{.State.Health.Status}}{{end}}","restarts":{{.RestartCount}},"startedAt":"{{.State.StartedAt}}","imageId":"{{.Image}}"}',
    container,
  ],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim() || `docker inspect ended with ${exitCode}`);
    return JSON.parse(stdout) as Standing;
  },
});

/** Ten times a second, from the host, in a unit of its own: no connection and no worker is part of what is measured. */
const EVERY_MS = 100;
const PROBE = `import http.client, os, sys, time
host, port, every, path, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) / 1000, sys.argv[4], int(sys.argv[5])
began = turn = time.time()
since, gaps = None, []
def answers():
    link = http.client.HTTPConnection(host, port, timeout=1)
    try:
        link.request("GET", "/readyz")
        return link.getresponse().status == 200
    except (OSError, http.client.HTTPException): return False
    finally: link.close()
while time.time() < began + seconds:
    now = time.time()
    if not answers(): since = since or now
    elif since: gaps, since = gaps + [(since, time.time())], None
    told = [(began, time.time())] + gaps + ([(since, time.time())] if since else [])
    with open(path + ".new", "w") as f: f.writelines("%d %d\\n" % (a * 1000, b * 1000) for a, b in told)
    os.rename(path + ".new", path)
    turn = max(turn + every, time.time())
    time.sleep(turn - time.time() if turn > time.time() else 0)
`;

const gapsFile = (run: string): string => `/run/clincher/${run}.gaps`;
const unit = (run: string): string => `clincher-probe-${run}`;

/** Begun once a run: a second attempt finds it at work. */
export const watchGateway = (run: string, address: string, port: number, seconds: number): Action => ({
  command: sh(
    'mkdir -p /run/clincher; systemctl -q is-active "$1" || systemd-run --quiet --collect --unit="$1" python3 -I -S -c "$2" "$3" "$4" "$5" "$6" "$7"',
    unit(run),
    PROBE,
    address,
    String(port),
    String(EVERY_MS),
    gapsFile(run),
    String(seconds),
  ),
});

export const endWatch = (run: string): Action => ({
  command: sh('systemctl stop "$1" 2>/dev/null; rm -f -- "$2"', unit(run), gapsFile(run)),
});

/** Until now. */
export const downtime = (run: string): Fact<Downtime> => ({
  read: sh('cat -- "$2" && systemctl is-active "$1"', unit(run), gapsFile(run)),
  absent: { gaps: [], whole: false },
  parse({ stdout }) {
    const rows = [...stdout.matchAll(/^(\d+) (\d+)$/gm)].map(([, from, to]) => ({
      fromMs: Number(from),
      toMs: Number(to),
    }));
    return { gaps: rows.slice(1), whole: stdout.trim().endsWith('active') && !stdout.includes('inactive') };
  },
});

/** When the gateway first answered; `atMost`: it did so at the very first question, and may have before. */
export interface FirstAnswer {
  atMs: number;
  atMost: boolean;
}

export const firstAnswer = (run: string): Fact<FirstAnswer | null> => ({
  read: ['cat', gapsFile(run)],
  parse({ stdout }) {
    const [asked, first] = [...stdout.matchAll(/^(\d+) (\d+)$/gm)].map(([, from, to]) => [
      Number(from),
      Number(to),
    ]);
    if (asked?.[0] === undefined || asked[1] === undefined) return null;
    const wasSilent = first?.[0] !== undefined && first[0] - asked[0] < 1_000;
    // Not answered yet: the silence goes on until now.
    if (wasSilent && first?.[1] === asked[1]) return null;
    return { atMs: wasSilent ? first![1]! : asked[0], atMost: !wasSilent };
  },
});
