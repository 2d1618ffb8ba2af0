// Files that clincher writes and people may read or edit: with secrets as hashes, and whether a hand has changed them since.
import type { Action, Change, Fact, SecretFormat } from '../model.js';
import type { FileNow, FileWant } from './files.js';
import { sh } from './shell.js';

/** How a file is read: `text` as it is; `raw`, `env`, `ini` and `json` with each secret value as `«sha256:…»`. */
export interface OwnedFile extends FileWant {
  /** Absent: no secrets. */
  format?: SecretFormat | undefined;
  /** `env`, `ini`: variables whose values are no secrets. `json`: keys whose values are secrets; absent: every string is one. */
  keys?: readonly string[] | undefined;
}

export interface OwnedNow extends FileNow {
  /** `uid:gid`: inside a container a user is a number, whatever the host calls it. */
  ids: string;
  /** As clincher last wrote it. */
  isOurs: boolean;
}

/** Where the hash of what clincher last wrote is kept, one file each. */
export const WRITTEN = '/var/lib/clincher/written';

/**
 * Secrets never leave the host: their hashes do, and the worker knows which reference a hash belongs to. One process
 * for any number of files. Arguments: four words a file: path, format, keys joined by commas, `only` or `except`.
 */
const READ = String.raw`
import grp, hashlib, json, os, pwd, re, sys
def mark(v): return "«sha256:" + hashlib.sha256(v.encode()).hexdigest() + "»"
def unquote(v):
    v = v.strip()
    if len(v) > 1 and v[0] == v[-1] == "'": return v[1:-1]
    if len(v) > 1 and v[0] == v[-1] == '"': return re.sub(r"\\(.)", r"\1", v[1:-1])
    return v
def lines(v): return v.strip().replace("\\n", "\n")
def env(text, plain, read):
    out = []
    for line in text.split("\n"):
        k, eq, v = line.partition("=")
        out.append(line if not eq or line.lstrip().startswith("#") or k.strip() in plain else k + "=" + mark(read(v)))
    return "\n".join(out)
def tree(v, keys, secret):
    if isinstance(v, dict): return {k: tree(x, keys, secret if keys is None else k in keys) for k, x in v.items()}
    if isinstance(v, list): return [tree(x, keys, secret) for x in v]
    return mark(v) if secret and isinstance(v, str) else v
def owner(get, n):
    try: return get(n)[0]
    except KeyError: return str(n)
found = []
for path, form, keys in zip(*[iter(sys.argv[1:])] * 3):
    try:
        with open(path, "rb") as f: raw = f.read()
    except (FileNotFoundError, NotADirectoryError): continue
    now = os.stat(path)
    text = raw.decode("utf-8", "replace")
    try:
        if form == "raw": text = mark(text)
        if form == "env": text = env(text, keys.split(","), unquote)
        if form == "ini": text = env(text, keys.split(","), lines)
        if form == "json": text = json.dumps(tree(json.loads(text), keys.split(",") if keys else None, True), indent=2, ensure_ascii=False) + "\n"
    except ValueError: sys.exit(path + " is not valid " + form)
    try: last = open("${WRITTEN}/" + path.replace("/", "%")).read().strip()
    except OSError: last = ""
    found.append({"path": path, "mode": "%04o" % (now.st_mode & 0o7777), "owner": owner(pwd.getpwuid, now.st_uid), "group": owner(grp.getgrgid, now.st_gid), "ids": f"{now.st_uid}:{now.st_gid}", "content": text, "isOurs": last == hashlib.sha256(raw).hexdigest()})
sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode())
`;

/** All of them in one reading; a file that is not there is absent from the map. */
export function ownedFiles(files: readonly OwnedFile[]): Fact<Map<string, OwnedNow>> {
  const words = files.flatMap(({ path, format = 'text', keys = [] }) => [path, format, keys.join(',')]);
  return {
    read: ['python3', '-I', '-S', '-c', READ, ...words],
    absent: new Map(),
    parse({ stdout, stderr, exitCode }) {
      if (exitCode !== 0)
        throw new Error(stderr.trim().split('\n').at(-1) || `python3 ended with ${exitCode}`);
      const found = JSON.parse(stdout) as (OwnedNow & { path: string })[];
      return new Map(found.map((file) => [file.path, file]));
    },
  };
}

/** Beside its place, then renamed; the hash of what was written is kept, so that a later edit by hand is noticed. */
const WRITE = `set -e; f=$1; d=$(dirname -- "$f"); mkdir -p -- "$d"; t=$(mktemp -- "$d/.clincher.XXXXXX"); trap 'rm -f -- "$t"' EXIT
cat >"$t"; chmod -- "$2" "$t"; chown -- "$3" "$t"; mkdir -p ${WRITTEN}
sum=$(sha256sum <"$t"); mv -f -- "$t" "$f"; printf '%s\n' "\${sum%% *}" >"${WRITTEN}/$(printf %s "$f" | tr / %)"`;

export const writeOwned = ({
  path,
  content,
  mode,
  owner = 'root',
  group = 'root',
  format,
}: OwnedFile): Action => ({
  command: sh(WRITE, path, mode, `${owner}:${group}`),
  stdin: content,
  ...(format === undefined ? {} : { fill: format }),
});

/** The change that makes an owned file what it should be; it says when a hand has been at it since. */
export function ownedChange(now: OwnedNow | undefined, want: OwnedFile): Change[] {
  const { path, content, mode, owner = 'root', group = 'root' } = want;
  const owners = now && (/^\d+$/.test(owner) ? now.ids : `${now.owner}:${now.group}`);
  const isSame = now?.content === content && now.mode === mode && owners === `${owner}:${group}`;
  if (isSame) return [];
  const overwrites = now !== undefined && !now.isOurs && now.content !== content;
  const head = (m: string, o: string, g: string): string => `# mode ${m} owner ${o}:${g}\n`;
  const before = now === undefined ? '' : head(now.mode, now.owner, now.group) + now.content;
  const diff = { path, before: short(before), after: short(head(mode, owner, group) + content) };
  const what = `${now ? 'update' : 'create'} ${path}${overwrites ? ' (edited by hand)' : ''}`;
  const file = { path, content, mode, owner, group, format: want.format };
  return [{ what, diff, file, run: [writeOwned(want)], ...(overwrites ? { overwrites } : {}) }];
}

/** Four digits tell two values apart. */
const short = (text: string): string =>
  text.replace(/«sha256:([0-9a-f]{4})[0-9a-f]{60}»/g, '«secret sha256:$1…»');
