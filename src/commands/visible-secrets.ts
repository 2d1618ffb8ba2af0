// Where the stack's secrets can be seen besides their own files: environments, argument lists, other files, other users.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

export interface SecretsNow {
  /** How many values were looked for. */
  known: number;
  /** Container and the variable or the secret's own name. */
  environments: { container: string; variable: string; secret: string }[];
  /** Processes of the host, and what containers are started with. */
  arguments: { where: string; secret: string }[];
  /** Files of the stack that are no secrets' files. */
  files: { path: string; secret: string }[];
  /** Secrets' files and folders: `0600`, `1000:1000`. */
  modes: { path: string; mode: string; owner: string }[];
}

/**
 * Values are read and compared on the host; only their names leave it. Short values would be found everywhere, and are
 * no secrets. Arguments: the folder of the stack, its project, then variables of its .env that are no secrets.
 */
const READ = String.raw`${DOCKER_PY}
root, project, plain = sys.argv[1], sys.argv[2], sys.argv[3:]
env, store = root + "/.env", root + "/secrets/openclaw/secrets.json"
secrets = {}
def unquote(v):
    v = v.strip()
    return v[1:-1] if len(v) > 1 and v[0] == v[-1] and v[0] in "'\"" else v
def add(name, value):
    if isinstance(value, str) and len(value) >= 12 and not value.startswith(("/", "http://", "https://")): secrets.setdefault(value, name)
for line in open(env):
    k, eq, v = line.strip().partition("=")
    if eq and not k.startswith("#") and k not in plain: add(k, unquote(v))
for k, v in json.load(open(store)).items(): add(k, v)
if not secrets: sys.exit("no secret stands in " + env + " or " + store)
def hits(text): return sorted({name for value, name in secrets.items() if value in text})
def read(path):
    try:
        with open(path, "rb") as f: return f.read(2000000).decode("utf-8", "replace")
    except OSError: return ""
out = {"known": len(secrets), "environments": [], "arguments": [], "files": [], "modes": []}
for c in get("/containers/json?all=1"):
    if not ours(c, project): continue
    full = get("/containers/%s/json" % c["Id"]); conf = full["Config"]; name = full["Name"].lstrip("/")
    for pair in conf.get("Env") or []:
        out["environments"] += [{"container": name, "variable": pair.partition("=")[0], "secret": s} for s in hits(pair.partition("=")[2])]
    started = json.dumps([full.get("Path"), full.get("Args"), (conf.get("Healthcheck") or {}).get("Test"), conf.get("Labels")])
    out["arguments"] += [{"where": "the definition of " + name, "secret": s} for s in hits(started)]
for pid in filter(str.isdigit, os.listdir("/proc")):
    words = read("/proc/%s/cmdline" % pid).replace("\0", " ")
    out["arguments"] += [{"where": "process %s (%s)" % (pid, os.path.basename(words.split(" ")[0])), "secret": s} for s in hits(words)]
own = {env, store}
others = [os.path.join(root, n) for n in os.listdir(root)] + [os.path.join(root, "config", n) for n in (os.listdir(root + "/config") if os.path.isdir(root + "/config") else [])]
others += [root + "/data/" + n for n in (os.listdir(root + "/data") if os.path.isdir(root + "/data") else []) if n.startswith("openclaw.json")]
for path in sorted(set(others) - own):
    if os.path.isfile(path): out["files"] += [{"path": path, "secret": s} for s in hits(read(path))]
for path in [env, root + "/secrets", root + "/secrets/openclaw", store, root + "/data", root + "/data/openclaw.json"]:
    now = os.stat(path)
    out["modes"].append({"path": path, "mode": "%04o" % (now.st_mode & 0o7777), "owner": "%d:%d" % (now.st_uid, now.st_gid)})
print(json.dumps(out))
`;

export const secretsNow = (directory: string, plain: readonly string[]): Fact<SecretsNow> => ({
  read: python(READ, directory, 'openclaw', ...plain),
  parse: (reading) => answered<SecretsNow>(reading),
});
