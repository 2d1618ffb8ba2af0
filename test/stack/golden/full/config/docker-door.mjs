// Before the Docker socket: what the gateway's sandbox needs, and nothing else. Written by clincher.
const POLICY = {
  "name": "openclaw-sbx-shared",
  "gateway": "openclaw",
  "image": "debian:bookworm-slim",
  "container": {
    "Image": "debian:bookworm-slim",
    "Cmd": [
      "sleep",
      "infinity"
    ],
    "User": "1000:1000",
    "WorkingDir": "/workspace"
  },
  "host": {
    "Binds": [
      "/opt/openclaw/sandbox/skills:/workspace/skills:ro,z",
      "/opt/openclaw/sandbox/workspace:/workspace:z"
    ],
    "NetworkMode": "none",
    "CapDrop": [
      "ALL"
    ],
    "SecurityOpt": [
      "no-new-privileges"
    ],
    "ReadonlyRootfs": true,
    "Tmpfs": {
      "/run": "",
      "/tmp": "",
      "/var/tmp": ""
    },
    "RestartPolicy": {
      "Name": "no"
    },
    "Memory": 1073741824,
    "MemorySwap": 1610612736,
    "NanoCpus": 1000000000,
    "PidsLimit": 512,
    "Ulimits": [
      {
        "Name": "nofile",
        "Hard": 2048,
        "Soft": 1024
      }
    ]
  }
};

const http = process.getBuiltinModule('node:http');

const SOCKET = process.env.DOCKER_SOCKET ?? '/var/run/docker.sock';
const MAX_BODY = 256 * 1024;
const MAX_REMEMBERED = 4096;
const RELAYED = ['content-type', 'api-version', 'ostype', 'docker-experimental', 'builder-version', 'swarm', 'server'];

class Refused extends Error {
  status = 403;
}
class Missing extends Error {
  status = 404;
}
const refuse = (why) => {
  throw new Refused(why);
};

// ── What a caller may ask for ───────────────────────────────────────────────────────────────────────────

const REF = '([a-zA-Z0-9][a-zA-Z0-9_.-]{0,127})';
const ID = '([0-9a-f]{64})';
const escaped = (text) => text.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&');

/** Anchored and without decoding: %2e, //, .. and absolute addresses match nothing. */
const ROUTES = [
  ['GET|HEAD', '/_ping', (ask) => ask('/_ping')],
  ['GET', '/images/' + escaped(POLICY.image) + '/json', (ask) => ask('/images/' + POLICY.image + '/json')],
  ['GET', '/containers/' + REF + '/json', async (ask, ref) => ask('/containers/' + (await known(ask, ref)) + '/json')],
  ['POST', '/containers/create\\?name=' + escaped(POLICY.name), create],
  ['POST', '/containers/' + REF + '/start', async (ask, ref) => ask('/containers/' + (await sandbox(ask, ref)) + '/start')],
  ['DELETE', '/containers/' + REF + '\\?force=1', async (ask, ref) => ask('/containers/' + (await sandbox(ask, ref)) + '?force=1')],
  ['POST', '/containers/' + REF + '/exec', prepare],
  ['GET', '/exec/' + ID + '/json', (ask, id) => ask('/exec/' + prepared(id) + '/json')],
  ['POST', '/exec/' + ID + '/resize\\?h=([0-9]{1,4})&w=([0-9]{1,4})', (ask, id, h, w) => ask('/exec/' + prepared(id) + '/resize?h=' + h + '&w=' + w)],
].map(([methods, path, answer]) => ({ methods: methods.split('|'), path: new RegExp('^(/v1\\.[0-9]{2})?' + path + '$'), answer }));

const START = new RegExp('^(/v1\\.[0-9]{2})?/exec/' + ID + '/start$');

async function judge(req, body) {
  const found = ROUTES.map((route) => [route, route.path.exec(req.url)]).find(([route, match]) => match && route.methods.includes(req.method));
  if (!found) refuse('not a request that a sandbox needs');
  const [{ answer }, [, version = '', ...parts]] = found;
  const ask = (path, sent, method = req.method) => docker(method, version + path, sent);
  return answer === create || answer === prepare ? answer(ask, parsed(req, body), ...parts) : answer(ask, ...parts);
}

// ── Containers: the sandbox; and the gateway, which looks for itself (2026.8 and later) ─────────────────

async function named(ask, ref, names) {
  const { status, body } = await ask('/containers/' + ref + '/json', undefined, 'GET');
  if (status === 404) throw new Missing('No such container: ' + ref);
  const { Id, Name } = JSON.parse(body);
  return names.some((name) => Name === '/' + name) ? Id : refuse('not a container of the sandbox');
}

const sandbox = (ask, ref) => named(ask, ref, [POLICY.name]);
const known = (ask, ref) => named(ask, ref, [POLICY.name, POLICY.gateway]);

function create(ask, asked) {
  const { Labels, Env, HostConfig, ...rest } = asked;
  const { Init = false, Binds, ...walls } = HostConfig ?? {};
  same(rest, { ...POLICY.container, AttachStdout: true, AttachStderr: true }, 'body');
  // Docker's client keeps them in a map: their order is another one at each call.
  same({ ...walls, Binds: Array.isArray(Binds) ? Binds.toSorted() : Binds }, { ...POLICY.host, MemorySwappiness: -1 }, 'HostConfig');
  const labels = entries(Labels ?? {}).every(([key, value]) => /^openclaw\.[A-Za-z]+$/.test(key) && isText(value));
  if (!labels || !isTexts(Env ?? []) || typeof Init !== 'boolean') refuse('labels, environment or init');
  return ask('/containers/create?name=' + POLICY.name, {
    ...POLICY.container,
    Labels: Labels ?? {},
    Env: Env ?? [],
    HostConfig: { ...POLICY.host, Init },
  });
}

/** What is left out or empty becomes ours; whatever is said must be ours already. */
function same(asked, ours, where) {
  for (const [key, value] of entries(asked)) {
    if (isEmpty(value)) continue;
    if (!Object.hasOwn(ours, key)) refuse(where + '.' + key);
    const isDeep = typeof value === 'object' && !Array.isArray(value) && typeof ours[key] === 'object';
    if (isDeep) same(value, ours[key], where + '.' + key);
    else if (JSON.stringify(value) !== JSON.stringify(ours[key])) refuse(where + '.' + key);
  }
}

const isEmpty = (value) => !value || (typeof value === 'object' && Object.values(value).every(isEmpty));
const isText = (value) => typeof value === 'string' && !value.includes('\0');
const isTexts = (value) => Array.isArray(value) && value.every(isText);
const entries = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : refuse('not an object');

// ── Commands ────────────────────────────────────────────────────────────────────────────────────────────

/** Only what was prepared here may be started: the identifiers of others can be seen in an inspection. */
const remembered = new Set();
const prepared = (id) => (remembered.has(id) ? id : refuse('not a command of the sandbox'));

async function prepare(ask, asked, ref) {
  const { Cmd, Env, WorkingDir = '', Tty = false, AttachStdin = false, AttachStdout = false, AttachStderr = false, ConsoleSize, ...rest } = asked;
  same(rest, {}, 'body');
  const flags = { Tty, AttachStdin, AttachStdout, AttachStderr };
  if (Object.values(flags).some((flag) => typeof flag !== 'boolean')) refuse('flags');
  if (!isTexts(Cmd) || !isTexts(Env ?? []) || !isText(WorkingDir)) refuse('command, environment or folder');
  const answer = await ask('/containers/' + (await known(ask, ref)) + '/exec', { ...flags, Cmd, Env: Env ?? [], WorkingDir });
  if (answer.status === 201) remember(JSON.parse(answer.body).Id);
  return answer;
}

function remember(id) {
  remembered.add(id);
  if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.values().next().value);
}

// ── Both sides of the door ──────────────────────────────────────────────────────────────────────────────

const docker = (method, path, sent) =>
  new Promise((resolve, reject) => {
    const text = sent === undefined ? '' : JSON.stringify(sent);
    const answered = (res) => collect(res, 8 * MAX_BODY).then((body) => resolve({ status: res.statusCode, headers: res.headers, body }), reject);
    const req = http.request({ socketPath: SOCKET, method, path, headers: head(text), timeout: 60_000 }, answered);
    req.on('timeout', () => req.destroy(new Error('Docker does not answer')));
    req.on('error', reject);
    req.end(text);
  });

const head = (text) => ({ host: 'docker', ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }) });

/** To the end, whatever it is: a connection that is cut while it still brings something loses its answer. */
async function collect(stream, most) {
  const parts = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size <= most) parts.push(part);
  }
  if (size > most) refuse('too large');
  return Buffer.concat(parts).toString();
}

function parsed(req, body) {
  if (req.headers['content-type'] !== 'application/json') refuse('not application/json');
  try {
    return Object.fromEntries(entries(JSON.parse(body)));
  } catch {
    return refuse('not one JSON object');
  }
}

/** A length that is told, once: Node refuses two lengths, and both at once, by itself. */
function measured(req) {
  if (req.headers['transfer-encoding'] !== undefined) refuse('a body in pieces');
  const length = Number(req.headers['content-length'] ?? 0);
  return length <= MAX_BODY ? length : refuse('too large');
}

/** Whatever was not foreseen is refused too; only Docker's silence is Docker's. */
function said({ status = 403, code, message }) {
  if (status === 404) return [404, message];
  return code === undefined ? [status, 'refused by the Docker door: ' + message] : [502, 'Docker cannot be reached: ' + code];
}

function log(req, error) {
  process.stderr.write(JSON.stringify({ method: req.method, path: req.url.slice(0, 200), refused: error.message }) + '\n');
}

async function serve(req, res) {
  try {
    const text = await collect(req, MAX_BODY);
    measured(req);
    const { status, headers, body } = await judge(req, text);
    for (const name of RELAYED) if (headers[name] !== undefined) res.setHeader(name, headers[name]);
    res.writeHead(status).end(status === 204 || status === 304 ? undefined : body);
  } catch (error) {
    log(req, error);
    const [status, message] = said(error);
    res.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify({ message }));
  }
}

/** Docker's own 101 comes first; until then what the caller sends stays here, and is no second request to anybody. */
async function join(req, socket, early) {
  socket.on('error', () => socket.destroy());
  try {
    const [, version = '', id] = (req.method === 'POST' && START.exec(req.url)) || refuse('not a request that a sandbox needs');
    const [body, rest] = await exactly(socket, early, measured(req));
    const { Detach = false, Tty = false, ConsoleSize, ...others } = parsed(req, body);
    same(others, {}, 'body');
    if (Detach !== false || typeof Tty !== 'boolean') refuse('flags');
    stream(version + '/exec/' + prepared(id) + '/start', { Detach, Tty }, socket, rest);
  } catch (error) {
    log(req, error);
    const [status, message] = said(error);
    closing(socket, status, JSON.stringify({ message }));
  }
}

const exactly = (socket, early, length) =>
  new Promise((resolve, reject) => {
    let all = early;
    const take = (part) => {
      all = Buffer.concat([all, part]);
      if (all.length < length) return;
      socket.off('data', take).pause();
      resolve([all.subarray(0, length).toString(), all.subarray(length)]);
    };
    socket.on('close', () => reject(new Refused('the body ends early')));
    socket.on('data', take);
    take(Buffer.alloc(0));
  });

function stream(path, sent, socket, rest) {
  const text = JSON.stringify(sent);
  const headers = { ...head(text), connection: 'Upgrade', upgrade: 'tcp' };
  const req = http.request({ socketPath: SOCKET, method: 'POST', path, headers });
  req.on('upgrade', (res, command, first) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nContent-Type: ' + (res.headers['content-type'] ?? 'application/vnd.docker.raw-stream') + '\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.write(first);
    command.write(rest);
    command.on('error', () => socket.destroy());
    command.on('close', () => socket.end());
    socket.on('close', () => command.destroy());
    socket.pipe(command);
    command.pipe(socket);
  });
  req.on('response', (res) => collect(res, MAX_BODY).then((body) => closing(socket, res.statusCode, body), () => socket.destroy()));
  req.on('error', () => closing(socket, 502, JSON.stringify({ message: 'Docker cannot be reached' })));
  req.end(text);
}

function closing(socket, status, body) {
  socket.end('HTTP/1.1 ' + status + ' ' + http.STATUS_CODES[status] + '\r\nContent-Type: application/json\r\nContent-Length: ' + Buffer.byteLength(body) + '\r\nConnection: close\r\n\r\n' + body);
}

const server = http.createServer({ insecureHTTPParser: false, requireHostHeader: true, requestTimeout: 30_000, maxHeaderSize: 8192 }, serve);
server.on('upgrade', join);
// Malformed on the wire is refused like the rest, and never passed on.
server.on('clientError', (error, socket) => (socket.writable ? closing(socket, 403, '{"message":"refused by the Docker door: malformed"}') : socket.destroy()));
server.maxConnections = 128;
server.listen(Number(process.env.DOOR_PORT ?? 2375));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
