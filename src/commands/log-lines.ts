// Lines of a container's log that say why it does not do what it should.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

/**
 * Of one that is well, since its last start and of the last ten minutes: what came before was mended. Of one that is not,
 * whatever is left: in a loop, the last start may not have said anything yet. Only lines that match leave the host.
 */
const READ = String.raw`${DOCKER_PY}
import re, subprocess
from datetime import datetime, timedelta, timezone
state = get("/containers/%s/json" % sys.argv[1])["State"]
well = state["Status"] == "running" and (state.get("Health") or {}).get("Status", "healthy") == "healthy"
ago = (datetime.now(timezone.utc) - timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
since = ["--since", max(state["StartedAt"], ago)] if well else []
done = subprocess.run(["docker", "logs", "--tail", "400", *since, sys.argv[1]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
lines = [re.sub(r"\x1b\[[0-9;]*m", "", l).strip()[:240] for l in done.stdout.decode("utf-8", "replace").splitlines()]
found = [l for l in lines if re.search(sys.argv[2], l, re.I)]
print(json.dumps(list(dict.fromkeys(found[-3:]))))
`;

/** `words`: a regular expression, in Python's grammar and in any case. */
export const logLines = (container: string, words: string): Fact<string[]> => ({
  read: python(READ, container, words),
  parse: (reading) => answered<string[]>(reading),
});
