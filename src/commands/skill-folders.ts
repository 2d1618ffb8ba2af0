// Skills on the host: folders of root's that the gateway can only read, and the record of who has read what stands in them.
import type { Action, Fact, KindedPin, PinnedContent, Vetting } from '../model.js';
import { recordIn } from './records.js';

/** Root's alone: the gateway could otherwise vouch for what it wrote itself. */
export const VETTED = '/var/lib/clincher/vetted.json';

export const vettings: Fact<Vetting[]> = {
  read: ['sh', '-c', 'cat -- "$1" 2>/dev/null || echo "[]"', 'sh', VETTED],
  bare: () => '[]',
  parse({ stdout }) {
    const found: unknown = JSON.parse(stdout);
    if (!Array.isArray(found)) throw new Error(`${VETTED} is no list`);
    return found as Vetting[];
  },
};

export interface SkillNow {
  sha256: string;
  /** Everything in it is root's, and nobody else may write it. */
  isShut: boolean;
  /** For a diff; of what is no text or too long, its hash. */
  files: { path: string; text: string }[];
}

export interface SkillsNow {
  /** The folder of all of them. */
  isThere: boolean;
  skills: Record<string, SkillNow>;
}

/** As stack/pins.ts hashes it; a link is one more line that no content has. */
const READ = String.raw`
import hashlib, json, os, stat, sys
root = sys.argv[1]
def look(base):
    files, shut = [], True
    def entry(path):
        nonlocal shut
        s, rel = os.lstat(path), os.path.relpath(path, base)
        if s.st_uid != 0 or (not stat.S_ISLNK(s.st_mode) and s.st_mode & 0o022) or not s.st_mode & 0o004: shut = False
        if stat.S_ISDIR(s.st_mode): return
        if not stat.S_ISREG(s.st_mode):
            target = os.readlink(path) if stat.S_ISLNK(s.st_mode) else "special file"
            files.append((rel, "%s\0link\0%s\n" % (rel, target), "-> " + target)); return
        with open(path, "rb") as f: raw = f.read()
        sum = hashlib.sha256(raw).hexdigest()
        try: text = raw.decode() if len(raw) <= 65536 else "sha256 " + sum
        except ValueError: text = "sha256 " + sum
        files.append((rel, "%s\0%d\0%s\n" % (rel, 1 if s.st_mode & 0o111 else 0, sum), text))
    if os.path.islink(base) or not os.path.isdir(base): entry(base)
    else:
        entry(base)
        for d, dirs, names in os.walk(base):
            for n in dirs + names: entry(os.path.join(d, n))
    files.sort()
    return {"sha256": hashlib.sha256("".join(f[1] for f in files).encode()).hexdigest(), "isShut": shut, "files": [{"path": f[0], "text": f[2]} for f in files[:200]]}
there = os.path.isdir(root)
print(json.dumps({"isThere": there, "skills": {n: look(os.path.join(root, n)) for n in sorted(os.listdir(root))} if there else {}}))
`;

export const skillFolders = (root: string): Fact<SkillsNow> => ({
  read: ['python3', '-I', '-S', '-c', READ, root],
  absent: { isThere: false, skills: {} },
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `python3 ended with ${exitCode}`);
    return JSON.parse(stdout) as SkillsNow;
  },
});

/** Made beside the folder of all, then renamed into it: the gateway sees the old skill or the new one, never half of one. */
const PUT = `
import json, os, shutil, sys, tempfile
root, name = sys.argv[1], sys.argv[2]
new = tempfile.mkdtemp(prefix=".skill-", dir=os.path.dirname(root))
try:
    os.chmod(new, 0o755)
    for f in json.load(sys.stdin):
        path = os.path.join(new, f["path"])
        parts = os.path.dirname(f["path"]).split("/") if "/" in f["path"] else []
        for i in range(len(parts)):
            d = os.path.join(new, *parts[:i + 1])
            if not os.path.isdir(d): os.mkdir(d); os.chmod(d, 0o755)
        with open(path, "x", encoding="utf-8", newline="") as out: out.write(f["content"])
        os.chmod(path, 0o555 if f["isExecutable"] else 0o444)
    place, old = os.path.join(root, name), new + ".old"
    if os.path.lexists(place): os.rename(place, old)
    os.rename(new, place)
    if os.path.islink(old) or os.path.isfile(old): os.unlink(old)
    elif os.path.isdir(old): shutil.rmtree(old)
finally:
    shutil.rmtree(new, ignore_errors=True)
`;

export const putSkill = (root: string, name: string, { files }: PinnedContent): Action => ({
  command: ['python3', '-I', '-S', '-c', PUT, root, name],
  stdin: JSON.stringify(files),
});

export const dropSkill = (root: string, name: string): Action => ({
  command: ['rm', '-rf', '--', `${root}/${name}`],
});

export const recordVetting = (vetting: Vetting): Action => recordIn(VETTED, vetting);

export const vettingFor = (pin: KindedPin, sha256: string, who: string, when: string): Vetting => {
  const { kind, name, source, commit, path } = pin;
  return { kind, name, source, commit, path, sha256, who, when };
};
