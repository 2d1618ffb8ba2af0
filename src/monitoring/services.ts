// What runs on a monitor: each program as a service of compose, on the host's own network, and there on loopback alone.
import type { ImageName, Server } from '../model.js';
import { pinned } from '../stack/images.js';
import { bind, type Health } from '../stack/service.js';
import { nodeVolumes, nodeWords } from '../stack/services-metrics.js';
import { at, type MonitorServiceName, PORTS, USERS } from './places.js';

export interface MonitorService {
  service: MonitorServiceName;
  container: string;
  image: string;
  definition: Record<string, unknown>;
  health: Health;
  memory: string;
  /** Files below the monitor's folder that it reads when it starts. */
  reads: readonly string[];
}

const asks = (name: MonitorServiceName, path: string): readonly string[] => [
  ...['CMD', 'wget', '-q', '-O', '/dev/null', `http://${at(name)}${path}`],
];

type Part = Omit<MonitorService, 'service' | 'container' | 'image'>;

const prometheus = ({ monitoring }: Server): Part => ({
  definition: {
    command: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--storage.tsdb.path=/prometheus',
      `--storage.tsdb.retention.time=${monitoring?.retention_days ?? 30}d`,
      `--web.listen-address=${at('prometheus')}`,
    ],
    volumes: [
      bind('./prometheus', '/etc/prometheus'),
      bind('./data/prometheus', '/prometheus', { writable: true }),
    ],
  },
  health: { test: asks('prometheus', '/-/ready'), startSeconds: 120 },
  memory: '1g',
  reads: ['prometheus/'],
});

const alertmanager = (): Part => ({
  definition: {
    command: [
      '--config.file=/etc/alertmanager/alertmanager.yml',
      '--storage.path=/alertmanager',
      `--web.listen-address=${at('alertmanager')}`,
      // One alone has nobody to talk to.
      '--cluster.listen-address=',
    ],
    volumes: [
      bind('./alertmanager', '/etc/alertmanager'),
      // Whom the host trusts: a mail server of your own may have a certificate of your own.
      bind('/etc/ssl/certs', '/etc/ssl/certs'),
      bind('./data/alertmanager', '/alertmanager', { writable: true }),
    ],
  },
  health: { test: asks('alertmanager', '/-/ready'), startSeconds: 30 },
  memory: '128m',
  reads: ['alertmanager/'],
});

const blackbox = (): Part => ({
  definition: {
    command: ['--config.file=/etc/blackbox/blackbox.yml', `--web.listen-address=${at('blackbox-exporter')}`],
    volumes: [bind('./blackbox', '/etc/blackbox')],
  },
  health: { test: asks('blackbox-exporter', '/-/healthy'), startSeconds: 30 },
  memory: '64m',
  reads: ['blackbox/'],
});

const node = (): Part => ({
  definition: { command: nodeWords(at('node-exporter')), pid: 'host', volumes: nodeVolumes },
  health: { test: asks('node-exporter', '/metrics'), startSeconds: 20 },
  memory: '64m',
  reads: [],
});

const grafana = (): Part => ({
  definition: {
    environment: {
      ...{ GF_SERVER_HTTP_ADDR: '127.0.0.1', GF_SERVER_HTTP_PORT: String(PORTS.grafana) },
      GF_SECURITY_ADMIN_PASSWORD__FILE: '/etc/grafana/provisioning/password',
      ...{ GF_ANALYTICS_REPORTING_ENABLED: 'false', GF_ANALYTICS_CHECK_FOR_UPDATES: 'false' },
      ...{ GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false', GF_NEWS_NEWS_FEED_ENABLED: 'false' },
      ...{ GF_USERS_ALLOW_SIGN_UP: 'false', GF_SECURITY_DISABLE_GRAVATAR: 'true' },
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: '/etc/grafana/provisioning/shown/openclaw.json',
      GF_PATHS_PROVISIONING: '/etc/grafana/provisioning',
    },
    volumes: [
      bind('./grafana', '/etc/grafana/provisioning'),
      bind('./data/grafana', '/var/lib/grafana', { writable: true }),
    ],
    tmpfs: ['/tmp:size=64m,mode=1777', '/var/log/grafana:size=16m,mode=1777'],
  },
  health: { test: asks('grafana', '/api/health'), startSeconds: 120 },
  memory: '512m',
  reads: ['grafana/'],
});

const kuma = (): Part => ({
  definition: {
    // Its own entry point would change owners, for which it has no right.
    entrypoint: ['node', 'server/server.js'],
    environment: {
      ...{ UPTIME_KUMA_HOST: '127.0.0.1', UPTIME_KUMA_PORT: String(PORTS['uptime-kuma']) },
      ...{ UPTIME_KUMA_DB_TYPE: 'sqlite', HOME: '/tmp', NODE_ENV: 'production' },
    },
    volumes: [bind('./data/uptime-kuma', '/app/data', { writable: true })],
  },
  health: {
    test: [
      ...['CMD', 'node', '-e'],
      `require('http').get('http://${at('uptime-kuma')}/',r=>process.exit(r.statusCode<500?0:1)).on('error',()=>process.exit(1))`,
    ],
    startSeconds: 120,
  },
  memory: '512m',
  reads: [],
});

const TABLE: Record<MonitorServiceName, (server: Server) => Part> = {
  ...{ 'node-exporter': node, 'blackbox-exporter': blackbox, alertmanager, prometheus, grafana },
  'uptime-kuma': kuma,
};

const isOn = ({ monitoring }: Server, name: MonitorServiceName): boolean =>
  name === 'grafana'
    ? monitoring?.grafana === true
    : name !== 'uptime-kuma' || monitoring?.uptime_kuma === true;

export const monitorNames = (server: Server): MonitorServiceName[] =>
  (Object.keys(TABLE) as MonitorServiceName[]).filter((name) => isOn(server, name));

const IMAGES: Readonly<Record<MonitorServiceName, ImageName>> = {
  ...{ prometheus: 'prometheus', alertmanager: 'alertmanager', grafana: 'grafana' },
  ...{ 'uptime-kuma': 'uptime-kuma', 'blackbox-exporter': 'blackbox-exporter' },
  'node-exporter': 'node-exporter',
};

export const monitorServices = (server: Server): MonitorService[] =>
  monitorNames(server).map((service) => ({
    service,
    container: `monitor-${service}`,
    image: pinned(server, IMAGES[service]),
    ...TABLE[service](server),
  }));

/** As the stack's services have it, but for the network: nothing is published, everything listens on loopback. */
export const walledMonitor = ({ service, definition, memory }: MonitorService): Record<string, unknown> => ({
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  restart: 'unless-stopped',
  network_mode: 'host',
  user: `${USERS[service]}:${USERS[service]}`,
  tmpfs: ['/tmp:size=64m,mode=1777'],
  ...definition,
  deploy: { resources: { limits: { cpus: '1', memory, pids: 256 } } },
});
