// The two doors: the egress proxy, the only way out, and what stands before the Docker socket.
import type { Server } from '../model.js';
import { pinned } from './images.js';
import { bind, CORE_NET, DOCKER_NET, EGRESS_NET, type Service } from './service.js';
import { usesDocker } from './services-gateway.js';
import { EGRESS_IMAGE } from './smokescreen.js';

/** Whom the image's own user is, when it is ours; any other has to bear it. */
const NOBODY = '65532';

/** Smokescreen takes no single address for a range, and ends. */
const asRange = (range: string): string =>
  range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`;

export const egress = (server: Server): Service => ({
  service: 'openclaw-egress',
  container: 'openclaw-egress',
  image: server.stack.egress.source === 'build' ? EGRESS_IMAGE(server) : pinned(server, 'egress'),
  definition: {
    ...(server.stack.egress.source === 'build' ? { build: { context: './build/smokescreen' } } : {}),
    command: [
      '--egress-acl-file=/etc/smokescreen/acl.yaml',
      '--listen-ip=0.0.0.0',
      '--listen-port=4750',
      ...server.stack.egress.allow_ranges.map((range) => `--allow-range=${asRange(range)}`),
    ],
    user: `${NOBODY}:${NOBODY}`,
    volumes: [bind('./config/smokescreen-acl.yaml', '/etc/smokescreen/acl.yaml')],
    tmpfs: ['/tmp:size=16m,mode=1777'],
    networks: { [CORE_NET]: {}, [EGRESS_NET]: {} },
  },
  notes: {
    command: 'Private addresses are refused without being told, whatever the list of names says.',
    networks: 'The only service of the core with a route to the internet.',
  },
  health: { test: ['CMD', 'nc', '-z', '-w', '1', '127.0.0.1', '4750'], startSeconds: 20 },
  reads: ['config/smokescreen-acl.yaml'],
});

/** Without a sandbox nobody asks Docker anything, and what is left answers that Docker is there. */
export const dockerProxy = (server: Server): Service => ({
  service: 'docker-proxy',
  container: 'openclaw-docker-proxy',
  ...(usesDocker(server) ? door(server) : filter(server)),
});

type Way = Pick<Service, 'image' | 'definition' | 'notes' | 'health' | 'reads'>;

const SOCKET = bind('/var/run/docker.sock', '/var/run/docker.sock');
const SOCKET_NOTE =
  'A socket that is mounted read-only still takes every request: what stands before it decides.';

const common = { tmpfs: ['/tmp:size=16m,mode=1777', '/run:size=8m'], networks: { [DOCKER_NET]: {} } };

const filter = (server: Server): Way => ({
  image: pinned(server, 'docker-socket-proxy'),
  definition: {
    environment: {
      PING: '1',
      VERSION: '1',
      INFO: '0',
      EVENTS: '0',
      CONTAINERS: '0',
      IMAGES: '0',
      EXEC: '0',
      POST: '0',
    },
    volumes: [SOCKET],
    ...common,
  },
  notes: {
    environment: 'Whoever may look at containers sees the keys in their environment.',
    volumes: SOCKET_NOTE,
    networks: 'Nobody else is here, as openclaw.sandbox is off.',
  },
  health: { test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:2375/_ping'], startSeconds: 20 },
  reads: [],
});

const door = (server: Server): Way => ({
  image: pinned(server, 'openclaw'),
  definition: {
    entrypoint: ['node', '/etc/clincher/docker-door.mjs'],
    // The socket's owner, with none of the rights that make root more than that.
    user: '0:0',
    volumes: [bind('./config/docker-door.mjs', '/etc/clincher/docker-door.mjs'), SOCKET],
    ...common,
  },
  notes: {
    entrypoint:
      'Makes one kind of container and runs commands in it; the image is the gateway’s, for its Node.',
    volumes: SOCKET_NOTE,
    networks: 'Apart from the other services: only the gateway comes here, to run tools in containers.',
  },
  health: {
    test: ['CMD', 'curl', '-fsS', '-o', '/dev/null', 'http://127.0.0.1:2375/_ping'],
    startSeconds: 30,
  },
  reads: ['config/docker-door.mjs'],
});
