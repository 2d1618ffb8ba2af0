// What a host and its containers use at this moment: what one looks at first when something is slow.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

export interface ContainerUse {
  name: string;
  status: string;
  /** Of one processor. */
  cpuPercent: number;
  /** As `docker stats` counts: without what the kernel would give back. */
  memoryBytes: number;
  /** 0: it has none. */
  limitBytes: number;
  processes: number;
}

export interface HostUse {
  load: [number, number, number];
  processors: number;
  upSeconds: number;
  containers: ContainerUse[];
}

/** Docker measures for a second, so all are asked side by side. */
const READ = `${DOCKER_PY}
from concurrent.futures import ThreadPoolExecutor
def use(c):
    s = get("/containers/%s/stats?stream=false" % c["Id"]); now, was, m = s["cpu_stats"], s["precpu_stats"], s["memory_stats"]
    own = now["cpu_usage"]["total_usage"] - was["cpu_usage"]["total_usage"]; all = now.get("system_cpu_usage", 0) - was.get("system_cpu_usage", 0)
    kept = m.get("stats", {}); limit = get("/containers/%s/json" % c["Id"])["HostConfig"].get("Memory") or 0
    return {"name": c["Names"][0].lstrip("/"), "status": c["Status"], "cpuPercent": 100.0 * own / all * (now.get("online_cpus") or 1) if all > 0 else 0.0,
        "memoryBytes": max(0, m.get("usage", 0) - (kept.get("total_inactive_file") or kept.get("inactive_file") or 0)), "limitBytes": limit, "processes": s.get("pids_stats", {}).get("current", 0)}
def idle(c): return {"name": c["Names"][0].lstrip("/"), "status": c["Status"], "cpuPercent": 0.0, "memoryBytes": 0, "limitBytes": 0, "processes": 0}
listed = get("/containers/json?all=1") if os.path.exists("/var/run/docker.sock") else []
with ThreadPoolExecutor(32) as pool: found = list(pool.map(lambda c: use(c) if c["State"] == "running" else idle(c), listed))
load = [float(n) for n in open("/proc/loadavg").read().split()[:3]]
print(json.dumps({"load": load, "processors": os.cpu_count() or 1, "upSeconds": int(float(open("/proc/uptime").read().split()[0])), "containers": sorted(found, key=lambda c: c["name"])}))
`;

export const hostUse: Fact<HostUse> = {
  read: python(READ),
  parse: (reading) => answered<HostUse>(reading),
};
