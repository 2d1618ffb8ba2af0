// What each model has cost, day by day: as LiteLLM's callback has counted it in Redis (src/stack/usage-record.ts).
import type { Fact } from '../model.js';
import { answered, python } from './docker-api.js';
import { STACK_PY } from './redis.js';

export interface DayUse {
  /** 2026-11-28, UTC. */
  day: string;
  model: string;
  usd: number;
  calls: number;
  /** Of these, answered from the cache. */
  cached: number;
  inputTokens: number;
  outputTokens: number;
}

/** The password is read on the host and stays there. Arguments: the folder, the container, the key's beginning, the days. */
const READ = String.raw`${STACK_PY}
redis = socket.create_connection((address(sys.argv[2]), 6379), 5); lines = redis.makefile("rb")
def answer():
    first = lines.readline().decode().strip(); kind, rest = first[:1], first[1:]
    if kind == "-": sys.exit("Redis answers " + rest[:100])
    if kind == "$": return None if rest == "-1" else lines.read(int(rest) + 2)[:-2].decode("utf-8", "replace")
    if kind == "*": return [answer() for _ in range(int(rest))]
    return rest
def said(*words):
    redis.sendall(("*%d\r\n" % len(words)).encode() + b"".join(b"$%d\r\n%s\r\n" % (len(w.encode()), w.encode()) for w in words))
    return answer()
said("AUTH", value("REDIS_PASSWORD"))
out = []
for day in sys.argv[4:]:
    flat = said("HGETALL", sys.argv[3] + day); models = {}
    for field, amount in zip(flat[::2], flat[1::2]):
        model, _, what = field.rpartition(" "); models.setdefault(model, {})[what] = float(amount)
    for model, use in sorted(models.items()):
        out.append({"day": day, "model": model, "usd": use.get("usd", 0), **{to: int(use.get(what, 0)) for what, to in (("calls", "calls"), ("cached", "cached"), ("input", "inputTokens"), ("output", "outputTokens"))}})
print(json.dumps(out))
`;

export const usageOf = (directory: string, key: string, days: readonly string[]): Fact<DayUse[]> => ({
  read: python(READ, directory, 'openclaw-redis', key, ...days),
  parse: (reading) => answered<DayUse[]>(reading),
});
