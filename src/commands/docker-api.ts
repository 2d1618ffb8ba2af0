// Everything about the stack that Docker knows, in one process over its socket: what runs, as what, bounded how, wired to what.
import type { Fact, Reading } from '../model.js';

export interface Running {
  name: string;
  /** Its service in the compose files. */
  service: string;
  /** `running`, `exited`, `restarting`, … */
  status: string;
  /** Empty where it has no health check. */
  health: string;
  /** Starts by Docker itself; one by hand sets it back to none. */
  restarts: number;
  /** Since it was last started, by whomever. */
  upSeconds: number;
  oomKilled: boolean;
  /** As it was asked for: `repository:tag@sha256:…`. */
  image: string;
  /** Manifests that the contents it runs are known by: `repository@sha256:…`. */
  digests: string[];
  memory: number;
  cpus: number;
  pids: number;
  readOnly: boolean;
  privileged: boolean;
  user: string;
  capDrop: string[];
  capAdd: string[];
  securityOpt: string[];
  /** What it was started with; of the egress proxy alone, since others may hold what must not be carried around. */
  args: string[];
  mounts: { type: string; source: string; destination: string; writable: boolean }[];
  /** Its address by network. */
  networks: Record<string, string>;
}

export interface Net {
  /** As the compose files call it. */
  name: string;
  internal: boolean;
  subnets: string[];
  /** Names of the containers in it. */
  members: string[];
}

/** A port that Docker opens on the host, whatever the firewall says. */
export interface PublishedPort {
  container: string;
  address: string;
  port: number;
}

export interface DockerNow {
  containers: Running[];
  networks: Net[];
  /** Of every container on the host, the stack's or not. */
  ports: PublishedPort[];
}

/** `get(path)`: one question to the engine; whatever it refuses ends the script with its words. */
export const DOCKER_PY = String.raw`
import http.client, json, os, socket, sys
class Engine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX); self.sock.settimeout(20); self.sock.connect("/var/run/docker.sock")
def get(path):
    c = Engine("docker"); c.request("GET", path); r = c.getresponse(); body = r.read()
    if r.status != 200: sys.exit("Docker answers %d to %s" % (r.status, path))
    return json.loads(body)
PROJECT = "com.docker.compose.project"
def ours(each, project="openclaw"): return ((each.get("Labels") or {}).get(PROJECT)) == project
`;

const READ = String.raw`${DOCKER_PY}
from datetime import datetime, timezone
def since(at): return int((datetime.now(timezone.utc) - datetime.fromisoformat(at[:19] + "+00:00")).total_seconds())
def container(id):
    c = get("/containers/%s/json" % id); h = c["HostConfig"]; s = c["State"]
    return {"name": c["Name"].lstrip("/"), "service": c["Config"]["Labels"].get("com.docker.compose.service", ""),
        "status": s["Status"], "health": (s.get("Health") or {}).get("Status", ""), "restarts": c.get("RestartCount", 0), "upSeconds": since(s["StartedAt"]), "oomKilled": s.get("OOMKilled", False),
        "image": c["Config"]["Image"], "digests": get("/images/%s/json" % c["Image"]).get("RepoDigests") or [],
        "memory": h.get("Memory") or 0, "cpus": (h.get("NanoCpus") or 0) / 1e9, "pids": h.get("PidsLimit") or 0,
        "readOnly": h.get("ReadonlyRootfs", False), "privileged": h.get("Privileged", False), "user": c["Config"].get("User") or "",
        "capDrop": h.get("CapDrop") or [], "capAdd": h.get("CapAdd") or [], "securityOpt": h.get("SecurityOpt") or [],
        "args": (c.get("Args") or []) if c["Config"]["Labels"].get("com.docker.compose.service") == "openclaw-egress" else [],
        "mounts": [{"type": m["Type"], "source": m.get("Source", ""), "destination": m["Destination"], "writable": m["RW"]} for m in c["Mounts"]],
        "networks": {n: e.get("IPAddress") or "" for n, e in (c["NetworkSettings"]["Networks"] or {}).items()}}
def network(id):
    n = get("/networks/%s" % id)
    return {"name": n["Labels"].get("com.docker.compose.network", n["Name"]), "internal": n["Internal"],
        "subnets": [p.get("Subnet", "") for p in (n["IPAM"].get("Config") or [])], "members": sorted(m["Name"] for m in (n["Containers"] or {}).values())}
everything = get("/containers/json?all=1")
ports = {(c["Names"][0].lstrip("/"), p.get("IP", ""), p["PublicPort"]) for c in everything for p in c["Ports"] if p.get("PublicPort")}
print(json.dumps({"containers": [container(c["Id"]) for c in everything if ours(c, sys.argv[1])], "networks": [network(n["Id"]) for n in get("/networks") if ours(n, sys.argv[1])],
    "ports": [{"container": c, "address": a, "port": p} for c, a, p in sorted(ports)]}))
`;

export const python = (script: string, ...args: string[]): string[] => [
  'python3',
  '-I',
  '-S',
  '-c',
  script,
  ...args,
];

/** What such a script printed; its last word where it failed. */
export function answered<T>({ stdout, stderr, exitCode }: Reading): T {
  if (exitCode !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `it ended with ${exitCode}`);
  return JSON.parse(stdout) as T;
}

export const dockerNow: Fact<DockerNow> = {
  // A word of its own, so that it is asked of a partition too (src/activities/host.ts).
  read: python(READ, 'openclaw'),
  parse: (reading) => answered<DockerNow>(reading),
};
