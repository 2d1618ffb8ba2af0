// Redis, asked as anybody in its network can ask it; the password is read on the host and goes by the connection alone.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

export interface RedisNow {
  /** What PING is answered to somebody who did not log in. */
  anonymous: string;
  /** And after AUTH with the stack's password. */
  known: string;
}

const READ = String.raw`${DOCKER_PY}
password = ""
for line in open(sys.argv[1] + "/.env"):
    k, eq, v = line.strip().partition("=")
    if k == "REDIS_PASSWORD": password = v.strip().strip("'\"")
if not password: sys.exit("no REDIS_PASSWORD stands in " + sys.argv[1] + "/.env")
addresses = [e["IPAddress"] for e in get("/containers/openclaw-redis/json")["NetworkSettings"]["Networks"].values() if e.get("IPAddress")]
if not addresses: sys.exit("openclaw-redis has no address: it does not run")
def said(*words):
    with socket.create_connection((addresses[0], 6379), 5) as s:
        lines = s.makefile("rb")
        for w in words:
            s.sendall(("*%d\r\n" % len(w) + "".join("$%d\r\n%s\r\n" % (len(x.encode()), x) for x in w)).encode())
            last = lines.readline().decode("utf-8", "replace").strip()
        return last[:120]
print(json.dumps({"anonymous": said(["PING"]), "known": said(["AUTH", password], ["PING"])}))
`;

export const redisNow = (directory: string): Fact<RedisNow> => ({
  read: python(READ, directory),
  parse: (reading) => answered<RedisNow>(reading),
});
