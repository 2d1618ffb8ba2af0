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

/** Both are asked from the host, in the stack's own network; key and password are read there and stay there. */
const READ = String.raw`${STACK_PY}
asked = http.client.HTTPConnection(address(sys.argv[2]), 4000, timeout=10)
asked.request("GET", "/model/info", headers={"Authorization": "Bearer " + value("LITELLM_MASTER_KEY")})
answer = asked.getresponse()
if answer.status != 200: sys.exit("LiteLLM answers %d to /model/info" % answer.status)
models = json.loads(answer.read())["data"]
redis = socket.create_connection((address(sys.argv[3]), 6379), 5); lines = redis.makefile("rb")
def said(*words):
    redis.sendall(("*%d\r\n" % len(words) + "".join("$%d\r\n%s\r\n" % (len(w.encode()), w) for w in words)).encode())
    first = lines.readline().decode().strip()
    if first.startswith("-"): sys.exit("Redis answers " + first[1:100])
    return lines.readline().decode().strip() if first.startswith("$") and first != "$-1" else None
said("AUTH", value("REDIS_PASSWORD"))
out = []
for m in models:
    p = m["litellm_params"]
    if p.get("max_budget") is None: continue
    spent = said("GET", "deployment_spend:%s:%s" % (m["model_info"]["id"], p.get("budget_duration")))
    out.append({"model": m["model_name"], "spentUsd": float(spent or 0), "budgetUsd": p["max_budget"], "period": p.get("budget_duration") or ""})
print(json.dumps(out))
`;

export const spentNow = (directory: string): Fact<Spent[]> => ({
  read: python(READ, directory, 'openclaw-litellm', 'openclaw-redis'),
  parse: (reading) => answered<Spent[]>(reading),
});
