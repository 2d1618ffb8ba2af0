// What each model has cost in its budget's period: LiteLLM keeps it in Redis, by the id that it gives to each model (measured, 1.92).
import type { Fact } from '../model.js';
import { answered, python } from './docker-api.js';
import { STACK_PY } from './redis.js';

export interface Spent {
  model: string;
  spentUsd: number;
  budgetUsd: number;
  /** Of the budget: `30d`. */
  period: string;
}

/**
 * `spent(litellm, redis)`, by names of containers: both are asked from the host, in the stack's own network; key and password
 * are read there and stay there.
 */
export const SPENT_PY = String.raw`${STACK_PY}
def spent(litellm, redis):
    asked = http.client.HTTPConnection(address(litellm), 4000, timeout=10)
    asked.request("GET", "/model/info", headers={"Authorization": "Bearer " + value("LITELLM_MASTER_KEY")})
    answer = asked.getresponse()
    if answer.status != 200: sys.exit("LiteLLM answers %d to /model/info" % answer.status)
    link = socket.create_connection((address(redis), 6379), 5); lines = link.makefile("rb")
    def said(*words):
        link.sendall(("*%d\r\n" % len(words) + "".join("$%d\r\n%s\r\n" % (len(w.encode()), w) for w in words)).encode())
        first = lines.readline().decode().strip()
        if first.startswith("-"): sys.exit("Redis answers " + first[1:100])
        return lines.readline().decode().strip() if first.startswith("$") and first != "$-1" else None
    said("AUTH", value("REDIS_PASSWORD"))
    out = []
    for m in json.loads(answer.read())["data"]:
        limit, period = m["litellm_params"].get("max_budget"), m["litellm_params"].get("budget_duration")
        if limit is None: continue
        usd = float(said("GET", "deployment_spend:%s:%s" % (m["model_info"]["id"], period)) or 0)
        out.append({"model": m["model_name"], "spentUsd": usd, "budgetUsd": limit, "period": period or ""})
    return out
`;

const READ = `${SPENT_PY}print(json.dumps(spent(sys.argv[2], sys.argv[3])))\n`;

export const spentNow = (directory: string): Fact<Spent[]> => ({
  read: python(READ, directory, 'openclaw-litellm', 'openclaw-redis'),
  parse: (reading) => answered<Spent[]>(reading),
});
