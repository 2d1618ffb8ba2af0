// The program on a watched server that writes what only the host knows of OpenClaw, in Prometheus' words, for the node exporter.
import { PROGRAM as BACKUP } from './backup-program.js';
import { SPENT_PY } from './spend.js';

/** No model of anybody's: src/stack/litellm.ts. */
const BUDGET_PROOF = 'clincher-budget-proof';

export const FIGURES_PROGRAM = '/usr/local/sbin/clincher-figures';

/**
 * Arguments: the stack's folder, the file to write, then the services that are to run. A part that cannot be read is
 * said to be so, and the others are written all the same; a file that stays behind shows by its own time.
 */
export const FIGURES_TEXT = String.raw`#!/usr/bin/python3 -IS
# Written by clincher (metrics.figures): what the host knows of OpenClaw, for Prometheus' node exporter.
import subprocess, time
from datetime import datetime
${SPENT_PY}
out, told = [], set()
def say(name, value, kind="gauge", **labels):
    if name not in told: out.append("# TYPE %s %s" % (name, kind)); told.add(name)
    words = ",".join('%s="%s"' % (k, str(v).replace("\\", "\\\\").replace('"', '\\"')) for k, v in labels.items())
    out.append("%s%s %s" % (name, "{" + words + "}" if words else "", repr(float(value))))
def moment(text): return datetime.fromisoformat(text[:19] + "+00:00").timestamp()
def docker():
    known = {}
    for each in get("/containers/json?all=1"):
        if ours(each): known[each["Labels"].get("com.docker.compose.service", "")] = get("/containers/%s/json" % each["Id"])
    now = {}
    for service in sys.argv[3:]:
        c = known.get(service); s = (c or {}).get("State", {})
        now[service] = bool(c) and s["Status"] == "running" and (s.get("Health") or {}).get("Status", "healthy") == "healthy"
    for service, up in now.items(): say("clincher_service_up", up, service=service)
    for service, c in known.items():
        if service in now: say("clincher_service_restarts", c.get("RestartCount", 0), service=service)
    for service, c in known.items():
        if service in now: say("clincher_service_oom_killed", c["State"].get("OOMKilled", False), service=service)
    for service, c in known.items():
        if service in now: say("clincher_service_started_timestamp_seconds", moment(c["State"]["StartedAt"]), service=service)
def backups():
    if not os.path.exists("${BACKUP}"): return
    lines = subprocess.run(["${BACKUP}", "ls"], capture_output=True, text=True, timeout=20, check=True).stdout.splitlines()
    made, size, verified = [], [], []
    for line in filter(None, lines):
        parts = line.split("\t") + [""] * 5
        manifest = json.loads(parts[2] or "null")
        if manifest is None: continue
        made.append(moment(manifest["made"])); size.append(manifest["bytes"])
        if parts[3]: verified.append(moment(manifest["made"]))
    say("clincher_backups", len(made))
    if made: say("clincher_backup_newest_timestamp_seconds", max(made)); say("clincher_backup_newest_bytes", size[made.index(max(made))])
    if verified: say("clincher_backup_verified_timestamp_seconds", max(verified))
def spend():
    models = [m for m in spent("openclaw-litellm", "openclaw-redis") if m["model"] != "${BUDGET_PROOF}"]
    for m in models: say("clincher_model_spend_usd", m["spentUsd"], model=m["model"])
    for m in models: say("clincher_model_budget_usd", m["budgetUsd"], model=m["model"])
def host():
    say("clincher_reboot_required", os.path.exists("/run/reboot-required"))
for part in (docker, backups, spend, host):
    try: part(); ok = True
    except (Exception, SystemExit) as e: ok = False; sys.stderr.write("%s: %s\n" % (part.__name__, e))
    say("clincher_figures_ok", ok, part=part.__name__)
say("clincher_figures_timestamp_seconds", time.time())
# One block for each name, as the format asks.
order = [l.split()[2] for l in out if l.startswith("# ")]
def of(name): return [l for l in out if l.startswith("# TYPE %s " % name) or l.startswith(name + "{") or l.startswith(name + " ")]
half = sys.argv[2] + ".half"
with open(half, "w") as f: f.write("\n".join(l for name in order for l in of(name)) + "\n")
os.chmod(half, 0o644); os.replace(half, sys.argv[2])
`;
