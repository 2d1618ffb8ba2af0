// OpenClaw's configuration on the host: the settings that are ours are read and set there, the rest of the file stays there.
import type { Action, Fact } from '../model.js';
import type { Json } from '../stack/openclaw-row.js';
import { sh } from './shell.js';

/** What clincher last set, by key: it tells a setting of ours from one that a hand has put there. */
export const WRITTEN_SETTINGS = '/var/lib/clincher/openclaw-settings.json';

export type Values = Readonly<Record<string, Json>>;

export interface ConfigNow {
  mode: string;
  owner: string;
  /** By dotted key; what is not there is absent. A secret that stands there in the clear is `«sha256:…»`. */
  values: Values;
  /** What clincher last wrote; null: it never did. */
  written: Values | null;
}

/** Only values at the keys that are asked for leave the host, and of secrets among them only their hashes. */
const READ = String.raw`
import hashlib, json, os, re, sys
path, written, keys = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
SECRET = re.compile("token|secret|password|api_?key|bottoken", re.I)
def mask(v, secret):
    if isinstance(v, dict): return {k: mask(x, bool(SECRET.search(k)) and not isinstance(x, dict)) for k, x in v.items()}
    if isinstance(v, list): return [mask(x, secret) for x in v]
    hide = secret and isinstance(v, str) and not re.fullmatch(r"\$\{[A-Z_]+\}", v)
    return "«sha256:" + hashlib.sha256(v.encode()).hexdigest() + "»" if hide else v
def at(v, key):
    for part in key.split("."):
        if not isinstance(v, dict) or part not in v: return None
        v = v[part]
    return [mask(v, bool(SECRET.search(key.rsplit(".", 1)[-1])) and not isinstance(v, dict))]
def load(name):
    try:
        with open(name, encoding="utf-8") as f: return json.load(f)
    except (FileNotFoundError, NotADirectoryError): return None
    except ValueError: sys.exit(name + " is no plain JSON; comments and trailing commas are not kept")
now = load(path)
if now is None: print("null")
elif not isinstance(now, dict): sys.exit(path + " holds no JSON object")
else:
    s = os.stat(path)
    found = {k: at(now, k) for k in keys}
    print(json.dumps({"mode": "%04o" % (s.st_mode & 0o7777), "owner": "%d:%d" % (s.st_uid, s.st_gid), "values": {k: v[0] for k, v in found.items() if v}, "written": load(written)}))
`;

/** Null when there is no file. */
export const configNow = (
  path: string,
  keys: readonly string[],
  settings = WRITTEN_SETTINGS,
): Fact<ConfigNow | null> => ({
  read: ['python3', '-I', '-S', '-c', READ, path, settings, JSON.stringify(keys)],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `python3 ended with ${exitCode}`);
    return JSON.parse(stdout) as ConfigNow | null;
  },
  absent: null,
});

export interface ConfigPatch {
  set: Values;
  remove: readonly string[];
  /** All that is wanted, kept as what clincher last wrote. */
  written: Values;
}

/** The file as it is at this moment, with our settings in it; objects that become empty go too. */
const MERGE = String.raw`
import json, sys
path, patch, out = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8")), sys.argv[3]
try: config = json.load(open(path, encoding="utf-8"))
except FileNotFoundError: config = {}
def put(key, value):
    *above, last = key.split(".")
    v = config
    for part in above:
        if not isinstance(v.get(part), dict): v[part] = {}
        v = v[part]
    v[last] = value
def drop(v, parts):
    if not isinstance(v, dict) or parts[0] not in v: return
    if len(parts) == 1: del v[parts[0]]; return
    drop(v[parts[0]], parts[1:])
    if v[parts[0]] == {}: del v[parts[0]]
for key in patch["remove"]: drop(config, key.split("."))
for key, value in patch["set"].items(): put(key, value)
for name, value in (("openclaw.json", config), ("settings.json", patch["written"])):
    with open(out + "/" + name, "w", encoding="utf-8") as f: f.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
`;

/** Copies of older configurations lose the secrets that the new one no longer spells out: a way back needs them nowhere. */
const SCRUB = String.raw`
import json, re, sys
SECRET = re.compile("token|secret|password|api_?key", re.I)
def literals(v, secret=False):
    if isinstance(v, dict): return [x for k, y in v.items() for x in literals(y, bool(SECRET.search(k)))]
    if isinstance(v, list): return [x for y in v for x in literals(y, secret)]
    return [v] if secret and isinstance(v, str) and len(v) >= 12 and not re.fullmatch(r"\$\{[A-Z_]+\}", v) else []
kept = set(literals(json.load(open(sys.argv[1], encoding="utf-8"))))
def clean(v, secret=False):
    if isinstance(v, dict): return {k: x for k, x in ((k, clean(y, bool(SECRET.search(k)))) for k, y in v.items()) if x is not None}
    if isinstance(v, list): return [x for x in (clean(y, secret) for y in v) if x is not None]
    return None if secret and v in literals(v, True) and v not in kept else v
for name in sys.argv[2:]:
    try:
        with open(name, "r+", encoding="utf-8") as f:
            old = json.load(f)
            if set(literals(old)) <= kept: continue
            f.seek(0); f.write(json.dumps(clean(old), indent=2, ensure_ascii=False) + "\n"); f.truncate()
    except (OSError, ValueError): continue
`;

/** What OpenClaw has against it, a line each, or else its last words. */
const ISSUES = String.raw`
import json, sys
text = sys.stdin.read()
try:
    for issue in json.loads(text[text.index("{"):]).get("issues", [])[:20]: print("  " + str(issue.get("path")) + ": " + str(issue.get("message")))
except ValueError: print(text.strip()[-1500:])
`;

/**
 * Merged beside its place, judged by the very image that will read it, and only then put there, with yesterday's beside
 * it. The gateway is stopped meanwhile: it watches the file, and one that saves its own idea of it would undo ours. Half
 * a minute for conversations to end: newer versions wait five for a Telegram that they cannot reach. Where it does not
 * become ready with the new file, it gets the old one back.
 */
const WRITE = String.raw`set -e
f=$1 image=$2 name=$3 written=$4 merge=$5 issues=$6 scrub=$7 stamp=$8
d=$(dirname -- "$f")
umask 077
mkdir -p /var/lib/clincher
[ -d "$d" ] || install -d -m 700 -o 1000 -g 1000 -- "$d"
t=$(mktemp -d /var/lib/clincher/.openclaw.XXXXXX)
trap 'rm -rf -- "$t" "$f.candidate"' EXIT
cat >"$t/patch.json"
python3 -I -S -c "$merge" "$f" "$t/patch.json" "$t"
chown -R 1000:1000 "$t"
docker run --rm --pull never --network none --user 1000:1000 --cap-drop ALL --security-opt no-new-privileges \
  --read-only --tmpfs /tmp:mode=1777 -v "$t/openclaw.json:/candidate/openclaw.json:ro" \
  -e HOME=/tmp -e OPENCLAW_HOME=/tmp -e OPENCLAW_STATE_DIR=/tmp/state -e OPENCLAW_CONFIG_PATH=/candidate/openclaw.json \
  -e OPENCLAW_WEBHOOK_TOKEN=not-the-real-one "$image" openclaw config validate --json >"$t/said" 2>&1 || {
  echo "OpenClaw does not accept the new configuration; nothing was written:" >&2
  python3 -I -S -c "$issues" <"$t/said" >&2
  exit 1
}
state=$(docker inspect -f '{{.State.Status}}' "$name" 2>/dev/null || :)
case $state in running | restarting)
  docker stop -t 30 "$name" >/dev/null
  # Another version would not start with this file: it stays down until the services are brought up.
  [ "$(docker inspect -f '{{.Config.Image}}' "$name")" = "$image" ] || state=replaced
  ;;
esac
rm -f -- "$f.before"
[ ! -e "$f" ] || cp -p -- "$f" "$f.before"
cp -- "$t/openclaw.json" "$f.candidate"
chown 1000:1000 "$f.candidate"
chmod 600 "$f.candidate"
mv -f -- "$f.candidate" "$f"
mv -f -- "$t/settings.json" "$written"
ready() {
  n=0
  until docker exec "$name" node -e 'fetch("http://127.0.0.1:18789/readyz").then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))' 2>/dev/null; do
    n=$((n + 1))
    # One that ends again and again will not become ready by waiting.
    [ $n -lt 150 ] && [ "$(docker inspect -f '{{.RestartCount}}' "$name")" -lt 3 ] || return 1
    sleep 1
  done
}
case $state in
running | restarting)
  begun=$(date +%s)
  docker start "$name" >/dev/null
  if ready; then
    # Whatever else was written for it before has been read as well: nobody starts it once more for that.
    mkdir -p -- "$(dirname -- "$stamp")"
    touch -d "@$begun" "$stamp"
    python3 -I -S -c "$scrub" "$f" "$f".b*
    exit
  fi
  docker logs --tail 12 "$name" 2>&1 | cut -c1-300 >&2
  echo "the gateway does not become ready with the new configuration" >&2
  if [ "$state" = running ] && [ -e "$f.before" ]; then
    docker stop -t 30 "$name" >/dev/null
    mv -f -- "$f.before" "$f"
    rm -f -- "$written"
    docker start "$name" >/dev/null
    echo "yesterday's configuration is back" >&2
  fi
  exit 1
  ;;
esac
python3 -I -S -c "$scrub" "$f" "$f".b*`;

export const writeConfig = (
  path: string,
  image: string,
  patch: ConfigPatch,
  { container, settings, stamp }: { container: string; settings: string; stamp: string },
): Action => ({
  command: sh(WRITE, path, image, container, settings, MERGE, ISSUES, SCRUB, stamp),
  stdin: JSON.stringify(patch),
});
