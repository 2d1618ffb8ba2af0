// What lies on a server that nothing uses: Docker's images, containers and build cache, and copies that were kept for a way back.
import type { Action, Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';
import { sh } from './shell.js';

export interface Lying {
  images: LyingImage[];
  containers: LyingContainer[];
  /** What a build could use again, and no build uses now. */
  cache: { count: number; bytes: number };
}

export interface LyingImage {
  id: string;
  tags: string[];
  /** `repository@sha256:…`; Docker leaves out of a name what it adds by itself. */
  digests: string[];
  /** Layers that it shares with others count in full. */
  bytes: number;
  /** Also by one that is stopped. */
  isUsed: boolean;
}

/** One that does not run. */
export interface LyingContainer {
  id: string;
  name: string;
  /** `exited`, `created`, `dead`. */
  state: string;
  labels: string[];
  project: string;
  restart: string;
  /** Since it ended; since it was made where it never began. */
  hours: number;
  /** What it wrote into its own layer. */
  bytes: number;
}

const READ = String.raw`${DOCKER_PY}
from datetime import datetime, timezone
def hours(at): return (datetime.now(timezone.utc) - datetime.fromisoformat(at[:19] + "+00:00")).total_seconds() / 3600
def container(id):
    c = get("/containers/%s/json?size=1" % id); s = c["State"]; labels = c["Config"].get("Labels") or {}
    return {"id": id, "name": c["Name"].lstrip("/"), "state": s["Status"], "labels": sorted(labels), "project": labels.get(PROJECT, ""),
        "restart": c["HostConfig"]["RestartPolicy"]["Name"] or "no", "bytes": c.get("SizeRw") or 0,
        "hours": int(hours(s["FinishedAt"] if s["FinishedAt"] > "1970" else c["Created"]))}
there = get("/containers/json?all=1")
used = {c["ImageID"] for c in there}
named = lambda names: sorted(n for n in names or [] if "<none>" not in n)
cache = [c for c in get("/system/df?type=build-cache").get("BuildCache") or [] if not c.get("InUse")]
print(json.dumps({"images": [{"id": i["Id"], "tags": named(i.get("RepoTags")), "digests": named(i.get("RepoDigests")), "bytes": i["Size"], "isUsed": i["Id"] in used} for i in get("/images/json")],
    "containers": [container(c["Id"]) for c in there if c["State"] in ("exited", "created", "dead")],
    "cache": {"count": len(cache), "bytes": sum(c["Size"] for c in cache if not c.get("Shared"))}}))
`;

export const lying: Fact<Lying> = {
  read: python(READ),
  absent: { images: [], containers: [], cache: { count: 0, bytes: 0 } },
  parse: (reading) => answered<Lying>(reading),
};

/** By force, since it may have several names; so it is asked once more whether somebody has begun to use it. */
export const removeImage = (id: string): Action => ({
  command: sh(
    'used=$(docker ps -aq --no-trunc --filter "ancestor=$1") && [ -z "$used" ] || { echo "image $1 is used by $used"; exit 1; }; docker image rm -f -- "$1"',
    id,
  ),
});

/** Without `-v` and `-f`: no volume goes with it, and one that runs again stays. */
export const removeContainer = (id: string): Action => ({ command: ['docker', 'rm', '--', id] });

/** By the engine itself: its command line wants a plugin for it, which a server need not have. */
export const removeCache: Action = {
  command: [
    'curl',
    '-sf',
    '--max-time',
    '600',
    '--unix-socket',
    '/var/run/docker.sock',
    '-X',
    'POST',
    'http://docker/build/prune?all=1',
  ],
};

export interface Leftover {
  /** `failed`: what a version wrote that was rolled back; `state`: the state as it was before a migration. */
  kind: 'failed' | 'state';
  path: string;
  /** Seconds since 1970. */
  at: number;
  bytes: number;
}

export interface Leftovers {
  now: number;
  all: Leftover[];
}

const LEFT = String.raw`echo "now $(date +%s)"
told() { printf '%s %s %s %s\n' "$1" "$(stat -c %Y -- "$2")" "$(du -sb -- "$2" | cut -f 1)" "$2"; }
[ ! -d "$1/.upgrade/failed" ] || told failed "$1/.upgrade/failed"
for f in "$1"/state-before-*-[0-9]*T[0-9]*Z.tar; do [ ! -f "$f" ] || told state "$f"; done`;

export const leftovers = (backups: string): Fact<Leftovers> => ({
  read: sh(LEFT, backups),
  bare: () => 'now 0\n',
  parse({ stdout }) {
    const now = /^now (\d+)$/m.exec(stdout)?.[1];
    if (now === undefined) throw new Error('the host does not say what time it is');
    const rows = stdout.matchAll(/^(failed|state) (\d+) (\d+) (\/.+)$/gm);
    const all = [...rows].map(([, kind, at, bytes, path = '']) => ({
      ...{ kind: kind as Leftover['kind'], path, at: Number(at), bytes: Number(bytes) },
    }));
    return { now: Number(now), all };
  },
});

export const removeLeftover = ({ path }: Leftover): Action => ({ command: ['rm', '-rf', '--', path] });

/**
 * Bytes that are free where these lie. One call, since what is free changes meanwhile; two lines that say the same are one disk,
 * seen through two mounts.
 */
export const freeAt = (...paths: string[]): Fact<number> => ({
  read: sh('df -Pk -- "$@" 2>/dev/null; true', ...paths),
  parse({ stdout }) {
    const rows = [...stdout.matchAll(/^\S.*?\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s/gm)];
    if (rows.length === 0) throw new Error('df says nothing');
    const disks = new Map(rows.map(([, size, free]) => [`${size} ${free}`, Number(free) * 1024]));
    return [...disks.values()].reduce((sum, each) => sum + each, 0);
  },
});

/** As disks are sold. */
export function sized(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
