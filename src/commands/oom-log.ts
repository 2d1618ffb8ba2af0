// Which containers the kernel ended a program of, for want of memory: Docker forgets it at the next start.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

/** Times within the hour, by container. One that was made anew since is another one. */
export type OomKills = Record<string, number>;

const READ = String.raw`${DOCKER_PY}
import re, subprocess
from collections import Counter
done = subprocess.run(["dmesg"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
if done.returncode: sys.exit(done.stderr.decode("utf-8", "replace").strip() or "dmesg says nothing")
now = float(open("/proc/uptime").read().split()[0])
names = {c["Id"]: c["Names"][0].lstrip("/") for c in get("/containers/json?all=1") if ours(c, sys.argv[1])}
found = Counter()
for line in done.stdout.decode("utf-8", "replace").splitlines():
    at = re.match(r"\[ *(\d+\.\d+)\] oom-kill:", line)
    if at and now - float(at.group(1)) < 3600:
        found.update({names[i] for i in re.findall(r"[0-9a-f]{64}", line) if i in names})
print(json.dumps(found))
`;

export const oomKills: Fact<OomKills> = {
  read: python(READ, 'openclaw'),
  parse: (reading) => answered<OomKills>(reading),
};
