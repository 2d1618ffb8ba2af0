// Which secrets the running containers really have: hashes of them, read where the kernel shows a process's own environment.
import type { Fact, HeldSecret } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

export interface HeldNow {
  /** SHA-256 of the value; absent: it has none of that name. */
  sha256?: string;
  /** `running`, `exited`, … */
  status: string;
  /** Empty where the container has no health check. */
  health: string;
}

/**
 * Asked from the host, since the tunnel's image has no shell. The environment is the one that process 1 was started with (from
 * Docker, where a program has written its title over it: setproctitle), and the file is seen through its own mounts: what was
 * only written and not taken up is not there.
 */
const READ = String.raw`${DOCKER_PY}
import hashlib
def started(c): return dict(e.split("=", 1) for e in c["Config"]["Env"] if "=" in e)
def environ(pid):
    with open("/proc/%d/environ" % pid, "rb") as f: return dict(e.split("=", 1) for e in f.read().decode(errors="replace").split("\0") if "=" in e)
def value(c, ask):
    name, pid = ask.get("variable"), c["State"]["Pid"]
    if name: return environ(pid).get(name, started(c).get(name))
    with open("/proc/%d/root/home/node/.config/clincher/secrets.json" % pid) as f: return json.load(f).get(ask["field"])
def held(ask):
    c = get("/containers/%s/json" % ask["container"]); s = c["State"]
    v = value(c, ask) if s["Status"] == "running" else None
    return {"status": s["Status"], "health": (s.get("Health") or {}).get("Status", ""), **({} if v is None else {"sha256": hashlib.sha256(v.encode()).hexdigest()})}
print(json.dumps([held(each) for each in json.loads(sys.argv[1])]))
`;

/** In the order in which they were asked for. */
export const heldNow = (places: readonly HeldSecret[]): Fact<HeldNow[]> => ({
  read: python(
    READ,
    JSON.stringify(places.map(({ container, variable, field }) => ({ container, variable, field }))),
  ),
  parse: (reading) => answered<HeldNow[]>(reading),
});
