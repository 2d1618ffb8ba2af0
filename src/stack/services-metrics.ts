// What makes a watched server readable: exporters that nobody but the door reaches, and the door.
import type { Server } from '../model.js';
import { CACHE_VARIABLE } from './env.js';
import { METRICS_FOLDER } from './figures.js';
import { pinned } from './images.js';
import { DOOR_FILE, DOOR_HEALTH, DOOR_KEY, DOOR_PORT, DOOR_USER, DOOR_VARIABLE } from './metrics-door.js';
import { bind, CORE_NET, EGRESS_NET, fromEnv, healthy, type Service } from './service.js';

const NOBODY = '65534:65534';

const asks = (port: number, path = '/metrics'): readonly string[] => [
  ...['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}${path}`],
];

/** What an operator asks of a host; each collector more is one more thing that reads it. */
export const COLLECTORS = [
  'cpu',
  'diskstats',
  'filesystem',
  'loadavg',
  'meminfo',
  'stat',
  'textfile',
  'time',
  'uname',
];

export const nodeWords = (listen: string): string[] => [
  ...['--path.procfs=/host/proc', '--path.sysfs=/host/sys', '--path.rootfs=/host/root'],
  '--collector.disable-defaults',
  ...COLLECTORS.map((name) => `--collector.${name}`),
  '--collector.textfile.directory=/figures',
  '--collector.filesystem.fs-types-exclude=^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|mqueue|nsfs|overlay|proc|pstore|ramfs|rpc_pipefs|securityfs|sysfs|tmpfs|tracefs)$$',
  '--web.disable-exporter-metrics',
  `--web.listen-address=${listen}`,
];

export const nodeVolumes: Record<string, unknown>[] = [
  bind('/proc', '/host/proc'),
  bind('/sys', '/host/sys'),
  { ...bind('/', '/host/root'), bind: { create_host_path: false, propagation: 'rslave' } },
  bind(METRICS_FOLDER, '/figures'),
];

export const nodeExporter = (server: Server): Service => ({
  service: 'node-exporter',
  container: 'openclaw-node-exporter',
  image: pinned(server, 'node-exporter'),
  definition: {
    command: nodeWords(':9100'),
    user: NOBODY,
    pid: 'host',
    volumes: nodeVolumes,
    networks: { [CORE_NET]: {} },
  },
  notes: { volumes: 'Read-only, and as nobody: it sees what every user of the host may see.' },
  health: { test: asks(9100), startSeconds: 20 },
  reads: [],
});

export const redisExporter = (server: Server): Service => ({
  service: 'redis-exporter',
  container: 'openclaw-redis-exporter',
  image: pinned(server, 'redis-exporter'),
  definition: {
    user: NOBODY,
    environment: {
      REDIS_ADDR: 'redis://openclaw-redis:6379',
      [CACHE_VARIABLE]: fromEnv(CACHE_VARIABLE),
      REDIS_EXPORTER_EXCLUDE_LATENCY_HISTOGRAM_METRICS: 'true',
    },
    networks: { [CORE_NET]: {} },
    depends_on: healthy('redis'),
  },
  notes: {},
  health: { test: asks(9121, '/health'), startSeconds: 20 },
  reads: [],
});

export const metricsDoor = (server: Server): Service => ({
  service: 'metrics-door',
  container: 'openclaw-metrics-door',
  image: pinned(server, 'caddy'),
  definition: {
    user: `${DOOR_USER}:${DOOR_USER}`,
    ports: [`${server.monitoring?.port ?? DOOR_PORT}:${DOOR_PORT}`],
    environment: {
      [DOOR_VARIABLE]: fromEnv(DOOR_VARIABLE),
      ...{ XDG_DATA_HOME: '/tmp', XDG_CONFIG_HOME: '/tmp', HOME: '/tmp' },
    },
    volumes: [
      bind(`./${DOOR_FILE}`, '/etc/caddy/Caddyfile'),
      bind(`./${DOOR_KEY}`, '/etc/clincher/door.pem'),
    ],
    tmpfs: ['/tmp:size=16m,mode=1777', `/data:size=1m`, `/config:size=1m`],
    networks: { [EGRESS_NET]: {}, [CORE_NET]: {} },
    depends_on: healthy('node-exporter', 'redis-exporter'),
  },
  notes: {
    ports: 'The firewall lets the monitor in, and nobody else (harden.docker-user).',
    networks: 'A published port is egress-net’s: the core has no route out.',
  },
  health: { test: asks(DOOR_HEALTH, '/'), startSeconds: 30 },
  reads: [DOOR_FILE, DOOR_KEY],
});
