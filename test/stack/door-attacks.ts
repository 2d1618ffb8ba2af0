// Attacks on the Docker door by whoever has taken over the gateway: each works on the bare socket, none through the door.

/** What an attack finds on the machine: all of it made for the test, under names that nothing else has. */
export interface Scene {
  image: string;
  /** Name of the sandbox, and the container of it that is there (when the attack is not to make one). */
  sandbox: string;
  /** A container that is none of the gateway's, as LiteLLM's with its keys is. */
  victim: string;
  /** A command prepared in `victim`, not started. */
  victimExec: string;
  /** The body that OpenClaw itself sends. */
  create: Body;
  exec: Record<string, unknown>;
}

export interface Body {
  [key: string]: unknown;
  HostConfig: { Binds: readonly string[]; [key: string]: unknown };
}

export interface Attack {
  does: string;
  /** Bytes on the wire. */
  request: (scene: Scene) => string;
  /** Statuses of the bare socket that mean it worked; the last answer counts. Default: 201. */
  works?: readonly number[];
  /** The sandbox exists already; else the attack would make it. */
  running?: true;
}

const CRLF = '\r\n';

export function http(method: string, path: string, body?: string, headers: readonly string[] = []): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const isTyped = headers.some((each) => /^content-type/i.test(each));
  const type = body === undefined || isTyped ? [] : ['Content-Type: application/json'];
  return [`${method} ${path} HTTP/1.1`, 'Host: docker', ...headers, ...type, ...length, '', body ?? ''].join(
    CRLF,
  );
}

const createPath = (scene: Scene): string => `/containers/create?name=${scene.sandbox}`;

const creates = (does: string, body: (scene: Scene) => string): Attack => ({
  does: `create: ${does}`,
  request: (scene) => http('POST', createPath(scene), body(scene)),
});

/** The honest body with something more in it. */
const withHost = (host: Record<string, unknown>) => (scene: Scene) =>
  JSON.stringify({ ...scene.create, HostConfig: { ...scene.create.HostConfig, ...host } });

const withBody = (more: Record<string, unknown>) => (scene: Scene) =>
  JSON.stringify({ ...scene.create, ...more });

/** The honest body with a text put before its last brace, where Docker's decoder lets it win. */
const appended = (text: string) => (scene: Scene) => `${JSON.stringify(scene.create).slice(0, -1)},${text}}`;

const BODIES: readonly Attack[] = [
  creates('privileged', withHost({ Privileged: true })),
  creates('the host’s root as a folder', withHost({ Binds: ['/:/host'] })),
  creates('the Docker socket beside the workspace', (scene) =>
    withHost({
      Binds: [...scene.create.HostConfig.Binds, '/var/run/docker.sock:/docker.sock'],
    })(scene),
  ),
  creates('a folder below the workspace, which the gateway can make a link to /', (scene) => {
    const [workspace = ''] = scene.create.HostConfig.Binds;
    return withHost({ Binds: [workspace.replace(':/workspace', '/link:/workspace')] })(scene);
  }),
  creates('the workspace by way of ..', (scene) => {
    const [workspace = ''] = scene.create.HostConfig.Binds;
    return withHost({ Binds: [workspace.replace(':/workspace', '/../../..:/workspace')] })(scene);
  }),
  creates(
    'a mount in the newer form',
    withHost({ Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
  ),
  creates(
    'a volume whose driver binds the root',
    withHost({
      Mounts: [
        {
          Type: 'volume',
          Target: '/host',
          VolumeOptions: {
            DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/' } },
          },
        },
      ],
    }),
  ),
  creates('the volumes of another container', (scene) => withHost({ VolumesFrom: [scene.victim] })(scene)),
  creates(
    'a device of the host',
    withHost({ Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' }] }),
  ),
  creates('every device by rule', withHost({ DeviceCgroupRules: ['a *:* rwm'] })),
  creates('capabilities back', withHost({ CapAdd: ['SYS_ADMIN'] })),
  creates('no capabilities dropped but one', withHost({ CapDrop: ['CHOWN'] })),
  creates(
    'without seccomp and AppArmor',
    withHost({ SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'] }),
  ),
  creates('the host’s processes', withHost({ PidMode: 'host' })),
  creates('the host’s shared memory', withHost({ IpcMode: 'host' })),
  creates('the host’s name', withHost({ UTSMode: 'host' })),
  creates('the host’s users', withHost({ UsernsMode: 'host' })),
  creates('the host’s cgroups', withHost({ CgroupnsMode: 'host' })),
  creates('the host’s network', withHost({ NetworkMode: 'host' })),
  creates('the network of another container', (scene) =>
    withHost({ NetworkMode: `container:${scene.victim}` })(scene),
  ),
  creates('a cgroup of its choice', withHost({ CgroupParent: '/attack' })),
  creates('a runtime of its choice', withHost({ Runtime: 'runc' })),
  creates('nothing masked in /proc', withHost({ MaskedPaths: ['/nothing'], ReadonlyPaths: ['/nothing'] })),
  creates('a kernel setting', withHost({ Sysctls: { 'kernel.msgmax': '8192' } })),
  creates('back after every end', withHost({ RestartPolicy: { Name: 'always' } })),
  creates('more memory', withHost({ Memory: 8 * 1024 ** 3, MemorySwap: -1 })),
  creates(
    'a log file elsewhere',
    withHost({ LogConfig: { Type: 'json-file', Config: { 'max-size': '9g' } } }),
  ),
  creates('a published port', withHost({ PortBindings: { '22/tcp': [{ HostPort: '0' }] } })),
  creates('as root', withBody({ User: 'root' })),
  creates('another program', withBody({ Entrypoint: ['/bin/sh'] })),
  creates('labels of a compose project', (scene) =>
    withBody({ Labels: { ...(scene.create['Labels'] as object), 'com.docker.compose.project': 'openclaw' } })(
      scene,
    ),
  ),
  creates(
    'a health check, which is a command run again and again',
    withBody({ Healthcheck: { Test: ['CMD', 'true'] } }),
  ),
  // What Docker's decoder reads and another may not.
  creates('names in lower case', appended('"hostconfig":{"privileged":true}')),
  creates('a name in mixed case inside', withHost({ pRiViLeGeD: true })),
  creates('the same name twice, the last one counts', appended('"HostConfig":{"Privileged":true}')),
  creates('a name written with \\u', appended('"HostConfig":{"\\u0050rivileged":true}')),
  creates(
    'a name with the Kelvin sign, which Go folds to k',
    appended('"HostConfig":{"Mas\u212AedPaths":["/x"]}'),
  ),
  creates('a prototype’s name beside it', appended('"__proto__":{},"HostConfig":{"Privileged":true}')),
  {
    does: 'create: two JSON values, the harmless one last',
    request: (scene) =>
      http('POST', createPath(scene), withHost({ Privileged: true })(scene) + JSON.stringify(scene.create)),
    // Engines from 23 on refuse it themselves.
    works: [201, 400],
  },
  creates(
    'a body larger than anybody needs',
    (scene) => JSON.stringify(scene.create) + ' '.repeat(300 * 1024),
  ),
];

const WIRE: readonly Attack[] = [
  {
    does: 'wire: another content type',
    request: (scene) =>
      http('POST', createPath(scene), withHost({ Privileged: true })(scene), [
        'Content-Type: application/json; charset=utf-7',
      ]),
  },
  {
    does: 'wire: a body in pieces',
    request: (scene) => chunked(createPath(scene), withHost({ Privileged: true })(scene)),
  },
  {
    does: 'wire: a length and pieces at once',
    request: (scene) =>
      chunked(createPath(scene), withHost({ Privileged: true })(scene), ['Content-Length: 4']),
  },
  {
    does: 'wire: a second request behind a harmless one',
    request: (scene) =>
      http('GET', '/_ping') + http('POST', createPath(scene), withHost({ Privileged: true })(scene)),
  },
  {
    does: 'wire: a second request behind a body that is none of it',
    request: (scene) =>
      http('GET', '/_ping', 'xx', ['Content-Type: text/plain']) +
      http('POST', createPath(scene), withHost({ Privileged: true })(scene)),
  },
  {
    does: 'wire: lines that end without a carriage return',
    request: (scene) =>
      http('POST', createPath(scene), withHost({ Privileged: true })(scene)).replaceAll(CRLF, '\n'),
  },
  {
    does: 'wire: an absolute address',
    request: (scene) => http('GET', `http://docker/containers/${scene.victim}/json`),
    works: [200],
  },
];

function chunked(path: string, body: string, headers: readonly string[] = []): string {
  const head = http('POST', path, undefined, [
    'Transfer-Encoding: chunked',
    'Content-Type: application/json',
    ...headers,
  ]);
  return `${head}${Buffer.byteLength(body).toString(16)}${CRLF}${body}${CRLF}0${CRLF}${CRLF}`;
}

const asks = (
  does: string,
  method: string,
  path: (scene: Scene) => string,
  works: readonly number[],
  body?: (scene: Scene) => string,
): Attack => ({
  does: `asks: ${does}`,
  request: (scene) => http(method, path(scene), body?.(scene)),
  works,
  running: true,
});

const victim = (rest: string) => (scene: Scene) => `/containers/${scene.victim}${rest}`;
const sandbox = (rest: string) => (scene: Scene) => `/containers/${scene.sandbox}${rest}`;

const OTHERS: readonly Attack[] = [
  asks('the keys in another container’s environment', 'GET', victim('/json'), [200]),
  asks(
    'the same, with an encoded letter',
    'GET',
    (scene) => `/containers/%${hex(scene.victim[0]!)}${scene.victim.slice(1)}/json`,
    [200],
  ),
  asks('all containers', 'GET', () => '/containers/json?all=1', [200]),
  asks('all containers, by way of ..', 'GET', () => '/v1.41/../containers/json', [301]),
  asks('all containers, by two slashes', 'GET', () => '//containers/json', [301]),
  asks('what another wrote to its log', 'GET', victim('/logs?stdout=1'), [200]),
  asks('the processes of another', 'GET', victim('/top'), [200]),
  asks('what another changed', 'GET', victim('/changes'), [200]),
  asks('the files of another', 'GET', victim('/archive?path=/etc/hostname'), [200]),
  asks('all files of another', 'GET', victim('/export'), [200]),
  asks('files into another', 'PUT', victim('/archive?path=/tmp'), [200], () => '\0'.repeat(1024)),
  {
    does: 'asks: another’s screen by websocket',
    request: (scene) =>
      http('GET', `/containers/${scene.victim}/attach/ws?stream=1&stdout=1`, undefined, [
        ...['Connection: Upgrade', 'Upgrade: websocket', 'Origin: http://docker'],
        ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
      ]),
    works: [101],
    running: true,
  },
  asks('another’s screen', 'POST', victim('/attach?stream=1&stdout=1'), [200]),
  asks('a command in another', 'POST', victim('/exec'), [201], (scene) => JSON.stringify(scene.exec)),
  asks('a privileged command', 'POST', sandbox('/exec'), [201], (scene) =>
    JSON.stringify({ ...scene.exec, Privileged: true }),
  ),
  asks('a privileged command, in lower case', 'POST', sandbox('/exec'), [201], (scene) =>
    JSON.stringify({ ...scene.exec, privileged: true }),
  ),
  asks('a command as root', 'POST', sandbox('/exec'), [201], (scene) =>
    JSON.stringify({ ...scene.exec, User: 'root' }),
  ),
  asks(
    'the start of another’s command',
    'POST',
    (scene) => `/exec/${scene.victimExec}/start`,
    [200],
    () => '{"Detach":true}',
  ),
  asks('what another’s command is', 'GET', (scene) => `/exec/${scene.victimExec}/json`, [200]),
  asks(
    'another name for the sandbox',
    'POST',
    (scene) => `/containers/${scene.sandbox}/rename?name=${scene.sandbox}-x`,
    [204],
  ),
  asks('other limits', 'POST', sandbox('/update'), [200], () => '{"PidsLimit":4096}'),
  asks(
    'an image of another',
    'POST',
    (scene) => `/commit?container=${scene.victim}&repo=${scene.victim}-stolen`,
    [201],
    () => '{}',
  ),
  asks(
    'a volume that is the root',
    'POST',
    () => '/volumes/create',
    [201],
    (scene) =>
      JSON.stringify({ Name: `${scene.victim}-root`, DriverOpts: { type: 'none', o: 'bind', device: '/' } }),
  ),
  asks(
    'a network',
    'POST',
    () => '/networks/create',
    [201],
    (scene) => JSON.stringify({ Name: `${scene.victim}-net` }),
  ),
  asks(
    'a network for another',
    'POST',
    (scene) => `/networks/${scene.victim}-net/connect`,
    [200],
    (scene) => JSON.stringify({ Container: scene.victim }),
  ),
  asks('every image', 'GET', () => '/images/json', [200]),
  asks('a tag', 'POST', (scene) => `/images/${scene.image}/tag?repo=${scene.victim}-tag`, [201]),
  asks('what happens on the host', 'GET', () => '/events?until=1', [200]),
  asks('what the host is', 'GET', () => '/info', [200]),
  asks('a pause of another', 'POST', victim('/pause'), [204]),
  asks('a signal to another', 'POST', victim('/kill?signal=SIGKILL'), [204]),
  asks('the end of another', 'DELETE', victim('?force=1'), [204]),
];

const hex = (letter: string): string => letter.charCodeAt(0).toString(16);

/** In this order: the last ones end the victim. */
export const ATTACKS: readonly Attack[] = [...BODIES, ...WIRE, ...OTHERS];
