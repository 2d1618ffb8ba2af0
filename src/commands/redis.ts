// Redis, asked as anybody in its network can ask it; the password is read on the host and goes by the connection alone.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

export interface RedisNow {
  /** What PING is answered to somebody who did not log in. */
  anonymous: string;
  /** And after AUTH with the stack's password. */
  known: string;
}

/** `value(name)`: of the stack's .env; `address(container)`: its first one, as anybody in its network reaches it. */
export const STACK_PY = String.raw`${DOCKER_PY}
def value(name):
    for line in open(sys.argv[1] + "/.env"):
        k, eq, v = line.strip().partition("=")
        if k == name and v.strip(): return v.strip().strip("'\"")
    sys.exit("no %s stands in %s/.env" % (name, sys.argv[1]))
def address(container):
    found = [e["IPAddress"] for e in get("/containers/%s/json" % container)["NetworkSettings"]["Networks"].values() if e.get("IPAddress")]
    if not found: sys.exit("%s has no address: it does not run" % container)
    return found[0]
`;

const READ = String.raw`${STACK_PY}
password, at = value("REDIS_PASSWORD"), address(sys.argv[2])
def said(*words):
    with socket.create_connection((at, 6379), 5) as s:
        lines = s.makefile("rb")
        for w in words:
            s.sendall(("*%d\r\n" % len(w) + "".join("$%d\r\n%s\r\n" % (len(x.encode()), x) for x in w)).encode())
            last = lines.readline().decode("utf-8", "replace").strip()
        return last[:120]
print(json.dumps({"anonymous": said(["PING"]), "known": said(["AUTH", password], ["PING"])}))
`;

export const redisNow = (directory: string): Fact<RedisNow> => ({
  read: python(READ, directory, 'openclaw-redis'),
  parse: (reading) => answered<RedisNow>(reading),
});
