// Lists that a host keeps about itself, as JSON: who has read what, what a person lets be.
import type { Action, Fact } from '../model.js';

const RECORD = String.raw`
import json, os, sys
path = sys.argv[1]
os.makedirs(os.path.dirname(path), exist_ok=True)
try: found = json.load(open(path, encoding="utf-8"))
except FileNotFoundError: found = []
with open(path + ".new", "w", encoding="utf-8") as f: f.write(json.dumps(found + [json.load(sys.stdin)], indent=1, ensure_ascii=False) + "\n")
os.chmod(path + ".new", 0o644)
os.rename(path + ".new", path)
`;

/** Beside it, then renamed: a reader sees the list of before or the new one. */
export const recordIn = (path: string, entry: object): Action => ({
  command: ['python3', '-I', '-S', '-c', RECORD, path],
  stdin: JSON.stringify(entry),
});

/** Oldest first; none where there is no such file. */
export const recordsIn = <T>(path: string): Fact<T[]> => ({
  read: ['cat', '--', path],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode === 0) return JSON.parse(stdout) as T[];
    if (/No such file/.test(stderr)) return [];
    throw new Error(stderr.trim() || `${path} cannot be read`);
  },
});
