// The index of OpenClaw's memory: what of it is behind, read from its tables and the files; and how it is made anew.
import type { Action, Fact, MemoryFiles, MemoryNow } from '../model.js';
import { answered } from './docker-api.js';
import { asked, CONTAINER } from './openclaw.js';
import { sh } from './shell.js';

/** Node of the image, whose SQLite says on stderr that it is young. */
export const script = (seconds: number, text: string): string[] => [
  ...['timeout', String(seconds), 'docker', 'exec', CONTAINER, 'node', '--no-warnings', '-e', text],
];

/**
 * Since 2026.8 the index lies among an agent's conversations: then it is as large as its own rows. Content is hashed as
 * OpenClaw hashes it; only numbers and a model's name leave. What a rebuild replaced stays open in a gateway that runs.
 */
const LOOK = `const fs = require('fs'), path = require('path'), { createHash } = require('crypto'), { DatabaseSync } = require('node:sqlite');
const home = '/home/node/.openclaw', work = home + '/workspace';
const KINDS = [
  { at: home + '/agents/main/agent/openclaw-agent.sqlite', files: 'memory_index_sources', meta: 'memory_index_meta',
    size: 'SELECT (SELECT coalesce(sum(octet_length(text) + octet_length(embedding)), 0) FROM memory_index_chunks) + (SELECT coalesce(sum(octet_length(embedding)), 0) FROM memory_embedding_cache) AS n' },
  { at: home + '/memory/main.sqlite', files: 'files', meta: 'meta' },
];
const within = (dir) => { try { return fs.readdirSync(dir, { withFileTypes: true }); } catch { return []; } };
const walk = (dir) => within(dir).flatMap((each) => each.isDirectory() ? walk(path.join(dir, each.name)) : each.isFile() ? [path.join(dir, each.name)] : []);
const seconds = (name) => { try { return Math.floor(fs.statSync(name).mtimeMs / 1000); } catch { return name === '/' ? 0 : seconds(path.dirname(name)); } };
const sum = (name) => { try { return createHash('sha256').update(fs.readFileSync(name)).digest('hex'); } catch { return null; } };
const sources = [...['MEMORY.md'].map((name) => path.join(work, name)).filter((name) => fs.existsSync(name)), ...walk(work + '/memory').filter((name) => name.endsWith('.md') && !name.includes('/.openclaw-repair/') && fs.statSync(name).size > 0)];
const open = (kind) => {
  if (!fs.existsSync(kind.at)) return null;
  const db = new DatabaseSync(kind.at, { readOnly: true });
  db.exec('PRAGMA busy_timeout = 20000');
  return db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(kind.files) ? { kind, db } : null;
};
const isReplaced = (at) => within('/proc').filter(({ name }) => /^\\d+$/.test(name)).some(({ name: pid }) => within('/proc/' + pid + '/fd').some(({ name }) => {
  try { const to = fs.readlinkSync('/proc/' + pid + '/fd/' + name); return to.startsWith(at) && to.endsWith(' (deleted)'); } catch { return false; }
}));
const knownIn = (found) => new Map(found ? found.db.prepare('SELECT path, hash FROM ' + found.kind.files + " WHERE source = 'memory'").all().map((row) => [path.resolve(work, row.path), row.hash]) : []);
const read = ({ kind, db }, files) => {
  const meta = db.prepare('SELECT value FROM ' + kind.meta + " WHERE key = 'memory_index_meta_v1'").get();
  const beside = within(path.dirname(kind.at)).map(({ name }) => path.join(path.dirname(kind.at), name)).filter((name) => /\\.(tmp|backup|memory-reindex)-[0-9a-f-]{36}$/.test(name));
  return {
    model: meta ? JSON.parse(meta.value).model : null, files,
    bytes: kind.size ? db.prepare(kind.size).get().n : fs.statSync(kind.at).size, leftBytes: beside.reduce((n, name) => n + fs.statSync(name).size, 0), isReplaced: isReplaced(kind.at),
  };
};
const found = KINDS.map(open).find(Boolean), known = knownIn(found);
const behind = [...sources.filter((name) => !known.has(name)), ...[...known].filter(([name, hash]) => sum(name) !== hash).map(([name]) => name)];
process.stdout.write(JSON.stringify({ now: Math.floor(Date.now() / 1000), files: sources.length, behind: behind.length, since: behind.length ? Math.min(...behind.map(seconds)) : null, index: found ? read(found, known.size) : null }));`;

export const memoryNow: Fact<MemoryNow> = {
  read: script(120, LOOK),
  parse: (reading) => answered<MemoryNow>(reading),
};

/**
 * A rebuild takes the place of the old index when it is done, and not before (measured: killed half way, the old one is
 * whole, on both sides of 2026.8). Before 2026.8 `--force` over an index that does not differ writes none of its metadata,
 * and the next start would make it all again: so it is asked once more without. There it is also another file then, which a gateway that runs
 * does not notice: it searches the one that is gone, and learns nothing new until it is restarted.
 */
const INDEX = String.raw`set -e
c=$1 force=$2; shift 2
sums() { docker exec "$c" sh -c 'cd /home/node/.openclaw/workspace && { find MEMORY.md memory -type f -exec sha256sum {} + 2>/dev/null || :; }'; }
replaced() { docker exec "$c" sh -c 'ls -l /proc/[0-9]*/fd 2>/dev/null' | grep -q '/\.openclaw/memory/main\.sqlite.* (deleted)$'; }
ready() { docker exec "$c" curl -fsS -o /dev/null http://127.0.0.1:18789/readyz 2>/dev/null; }
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
sums >"$t/before"
docker exec "$c" sh -c 'find /home/node/.openclaw/memory /home/node/.openclaw/agents -type f -regextype posix-extended -regex ".*\.sqlite\.(tmp|backup|memory-reindex)-[0-9a-f-]{36}" -mmin +60 -delete 2>/dev/null; true'
[ -z "$force" ] || "$@" --force
"$@"
restarted=false
if replaced; then
  echo "the gateway takes up the new index by a restart"
  docker restart "$c" >/dev/null
  n=0; until ready; do n=$((n + 1)); [ "$n" -lt 300 ] || { echo "the gateway does not become ready after its restart"; exit 1; }; sleep 1; done
  restarted=true
  "$@"
fi
sums >"$t/after"
for s in before after; do sort -o "$t/$s" "$t/$s"; cut -c 67- "$t/$s" | sort >"$t/$s.names"; done
printf 'memory: {"before":%d,"gone":%d,"changed":%d,"isRestarted":%s}\n' "$(wc -l <"$t/before")" "$(comm -23 "$t/before.names" "$t/after.names" | wc -l)" "$(comm -13 "$t/before" "$t/after" | wc -l)" "$restarted"`;

/** Everything from the files, or what differs alone. */
export const makeIndex = (everything: boolean): Action => ({
  command: sh(INDEX, CONTAINER, everything ? 'force' : '', ...(asked('memory', 'index') as string[])),
});

/** In what it prints. */
export function filesOf(log: string): MemoryFiles {
  const line = /^memory: (\{.*\})$/m.exec(log)?.[1];
  if (line === undefined) throw new Error('the index was made without a word of the files');
  return JSON.parse(line) as MemoryFiles;
}
