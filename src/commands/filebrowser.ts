// Filebrowser asked on the host itself, at its own address or through the reverse proxy: who is let in, and how far.
import type { Fact } from '../model.js';
import { answered, DOCKER_PY, python } from './docker-api.js';

/** HTTP statuses. */
export interface FilesNow {
  /** A list of the files, asked by nobody. */
  stranger: number;
  /** The guide's admin/admin. */
  admin: number;
  wrongPassword: number;
  rightPassword: number;
  /** Logged in: the list, and the settings that only an administrator sees. */
  list: number;
  settings: number;
}

interface FilesAsk {
  directory: string;
  container: string;
  port: number;
  path: string;
  user: string;
  /** Absent: at its own address. */
  through?: { address: string; name: string };
}

/** The password is read here and goes by the connection alone. Arguments: as `filebrowserNow` has them. */
const READ = `${DOCKER_PY}
import socket, ssl
root, container, port, path, user, address, name = sys.argv[1:8]
password = open(root + "/secrets/filebrowser/password").read().strip()
def link():
    if not address:
        networks = get("/containers/%s/json" % container)["NetworkSettings"]["Networks"]
        return http.client.HTTPConnection(next(n["IPAddress"] for n in networks.values()), int(port), timeout=15)
    context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
    c = http.client.HTTPSConnection(address, timeout=15); c.sock = context.wrap_socket(socket.create_connection((address, 443), 8), server_hostname=name)
    return c
def ask(method, to, body=None, token=None):
    c = link(); c.request(method, path + to, body, {**({"Host": name} if name else {}), **({"X-Auth": token} if token else {})})
    r = c.getresponse(); return r.status, r.read().decode("utf-8", "replace")
def login(who, word): return ask("POST", "/api/login", json.dumps({"username": who, "password": word}))
status, token = login(user, password)
print(json.dumps({"stranger": ask("GET", "/api/resources/")[0], "admin": login("admin", "admin")[0], "wrongPassword": login(user, "admin")[0],
    "rightPassword": status, "list": ask("GET", "/api/resources/", None, token)[0] if status == 200 else 0, "settings": ask("GET", "/api/settings", None, token)[0] if status == 200 else 0}))
`;

export const filebrowserNow = ({
  directory,
  container,
  port,
  path,
  user,
  through,
}: FilesAsk): Fact<FilesNow> => ({
  read: python(
    READ,
    directory,
    container,
    String(port),
    path,
    user,
    through?.address ?? '',
    through?.name ?? '',
  ),
  parse: (reading) => answered<FilesNow>(reading),
});
