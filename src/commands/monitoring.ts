// What a monitor knows, asked on its own loopback; and what the door of a watched server answers to whom.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

export interface MonitorNow {
  targets: { job: string; health: 'up' | 'down' | 'unknown'; error: string }[];
  rules: number;
  ruleErrors: string[];
  alertmanagers: number;
  /** `running healthy`, by container. */
  containers: Record<string, string>;
}

/** An error names the target's address and what was answered, never a token. */
const MONITOR = String.raw`${DOCKER_PY}
def ask(path):
    c = http.client.HTTPConnection("127.0.0.1", 9090, timeout=10); c.request("GET", path); r = c.getresponse(); body = r.read()
    if r.status != 200: sys.exit("Prometheus answers %d to %s" % (r.status, path))
    return json.loads(body)["data"]
rules = [r for g in ask("/api/v1/rules")["groups"] for r in g["rules"]]
states = {}
for c in get("/containers/json?all=1"):
    if (c.get("Labels") or {}).get(PROJECT) == "monitoring":
        s = get("/containers/%s/json" % c["Id"])["State"]
        states[c["Names"][0].lstrip("/")] = ("%s %s" % (s["Status"], (s.get("Health") or {}).get("Status", ""))).strip()
print(json.dumps({"targets": [{"job": t["labels"]["job"], "health": t["health"], "error": t.get("lastError", "")[:200]} for t in ask("/api/v1/targets?state=active")["activeTargets"]],
    "rules": len(rules), "ruleErrors": [r["name"] + ": " + r.get("lastError", "")[:200] for r in rules if r.get("health") == "err"],
    "alertmanagers": len(ask("/api/v1/alertmanagers")["activeAlertmanagers"]), "containers": states}))
`;

export const monitorNow: Fact<MonitorNow> = {
  read: python(MONITOR),
  parse: (reading) => answered<MonitorNow>(reading),
};

export interface Answered {
  path: string;
  /** HTTP status without a token, with a wrong one, with the right one. */
  stranger: number;
  wrongToken: number;
  known: number;
}

/** The certificate's own file is what is trusted; the token is read here and goes by the connection alone. */
const DOOR = String.raw`
import http.client, json, socket, ssl, sys
folder, name, port, paths = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
trust = ssl.create_default_context(cafile=folder + "/secrets/metrics/door.pem")
trust.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
token = next((l.split("=", 1)[1].strip().strip("'\"") for l in open(folder + "/.env") if l.startswith("METRICS_TOKEN=")), "")
def ask(path, headers):
    raw = socket.create_connection(("127.0.0.1", port), 10)
    c = http.client.HTTPSConnection(name, port, context=trust, timeout=15); c.sock = trust.wrap_socket(raw, server_hostname=name)
    c.request("GET", "/" + path, headers=headers); r = c.getresponse(); r.read(); return r.status
print(json.dumps([{"path": p, "stranger": ask(p, {}), "wrongToken": ask(p, {"Authorization": "Bearer wrong"}), "known": ask(p, {"Authorization": "Bearer " + token})} for p in paths]))
`;

export const doorNow = (door: {
  directory: string;
  name: string;
  port: number;
  paths: readonly string[];
}): Fact<Answered[]> => ({
  read: python(DOOR, door.directory, door.name, String(door.port), ...door.paths),
  parse: (reading) => answered<Answered[]>(reading),
});

export interface Listener {
  address: string;
  port: number;
}

/** TCP sockets that wait for somebody. */
export const listeners: Fact<Listener[]> = {
  read: ['ss', '-H', '-l', '-t', '-n'],
  parse({ stdout, exitCode }) {
    if (exitCode !== 0) throw new Error(`ss ended with ${exitCode}`);
    return stdout.split('\n').flatMap((line) => {
      const local = line.trim().split(/\s+/)[3];
      const cut = local?.lastIndexOf(':') ?? -1;
      return local === undefined || cut < 0
        ? []
        : [{ address: local.slice(0, cut), port: Number(local.slice(cut + 1)) }];
    });
  },
};
