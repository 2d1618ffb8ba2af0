// Every file of a monitor with its place, mode and owner: configuration that people may read, and secrets that only one program may.
import type { OwnedFile } from '../commands/owned-files.js';
import type { SecretRef, Server } from '../model.js';
import { PART_LABEL, partOf } from '../stack/part.js';
import { healthcheck } from '../stack/service.js';
import { token } from '../stack/tokens.js';
import { doorTls, doorToken, watchedBy } from '../stack/watched.js';
import { yamlText } from '../stack/yaml-text.js';
import { alertmanagerConfig, channelFile } from './alertmanager.js';
import { dashboards } from './dashboards.js';
import { datasources, providers } from './grafana.js';
import { MONITOR_PROJECT, type MonitorServiceName, monitorFolder, USERS } from './places.js';
import { blackboxConfig, certificateFile, prometheusConfig, tokenFile } from './prometheus.js';
import { rulesFile } from './rules.js';
import { type MonitorService, monitorServices, walledMonitor } from './services.js';

interface Part {
  path: string;
  content: string;
  of: MonitorServiceName | 'us' | 'root';
  isSecret?: boolean;
}

const text = (of: Part['of'], path: string, content: string): Part => ({ of, path, content });
const secret = (of: MonitorServiceName | 'root', path: string, ref: string): Part => ({
  ...text(of, path, token(ref)),
  isSecret: true,
});

/** Whose public halves the files hold: whoever plans with the files, or with what compose is to know of them, needs these. */
export const certificatesIn = (server: Server): SecretRef[] =>
  watchedBy(server).map(({ name }) => doorTls(name));

const prometheusParts = (server: Server): Part[] => [
  text('prometheus', 'prometheus/prometheus.yml', prometheusConfig(server)),
  text('prometheus', 'prometheus/rules/clincher.yml', rulesFile(server)),
  ...watchedBy(server).flatMap(({ name }) => {
    const certificate = server.publicKeys?.[doorTls(name)];
    return [
      secret('prometheus', `prometheus/${tokenFile(name)}`, doorToken(name)),
      ...(certificate === undefined
        ? []
        : [text('prometheus', `prometheus/${certificateFile(name)}`, certificate)]),
    ];
  }),
];

const alertmanagerParts = (server: Server): Part[] => [
  text('alertmanager', 'alertmanager/alertmanager.yml', alertmanagerConfig(server)),
  ...server.alerts.channels.flatMap((channel, at) =>
    channel.secret === undefined
      ? []
      : [secret('alertmanager', `alertmanager/${channelFile(at)}`, channel.secret)],
  ),
];

const grafanaParts = (server: Server): Part[] =>
  server.monitoring?.grafana
    ? [
        text('grafana', 'grafana/datasources/clincher.yml', datasources()),
        text('grafana', 'grafana/dashboards/clincher.yml', providers()),
        ...Object.entries(dashboards()).map(([name, json]) =>
          text('grafana', `grafana/shown/${name}.json`, json),
        ),
        secret('grafana', 'grafana/password', `secret://${server.name}/grafana_password`),
      ]
    : [];

/** Root alone reads it, to make Kuma's checks; what Kuma itself keeps is a hash. */
const kumaParts = ({ name, monitoring }: Server): Part[] =>
  monitoring?.uptime_kuma ? [secret('root', 'kuma/password', `secret://${name}/kuma_password`)] : [];

/** What its programs read. */
const parts = (server: Server): Part[] => [
  ...prometheusParts(server),
  ...alertmanagerParts(server),
  text('blackbox-exporter', 'blackbox/blackbox.yml', blackboxConfig()),
  ...grafanaParts(server),
  ...kumaParts(server),
];

/** It changes with the files that a service reads, so that compose makes it anew. Secrets count by their names. */
export function monitorPart(server: Server, service: MonitorService): string {
  const contents = parts(server)
    .filter(({ path }) => service.reads.some((start) => path.startsWith(start)))
    .map(({ content }) => content);
  return partOf({ image: service.image, ...walledMonitor(service) }, contents);
}

const entry = (server: Server, service: MonitorService): Record<string, unknown> => ({
  image: service.image,
  container_name: service.container,
  labels: { [PART_LABEL]: monitorPart(server, service) },
  ...walledMonitor(service),
  // Every Docker knows this much.
  healthcheck: healthcheck(service.health, false),
});

const HEADING = `What watches. Written by clincher from \`monitoring\` of clincher.yaml: edit that, then \`clincher run monitoring\`.
Everything listens on loopback: ssh -L 3000:127.0.0.1:3000 and the like lead there.`;

const composeFile = (server: Server): string =>
  yamlText(HEADING, {
    services: Object.fromEntries(monitorServices(server).map((each) => [each.service, entry(server, each)])),
  });

const dotEnv = `# Read by every \`docker compose\` in this folder. Written by clincher.
COMPOSE_PROJECT_NAME=${MONITOR_PROJECT}
COMPOSE_FILE=docker-compose.yml
`;

function ownerOf({ ssh }: Server, of: Part['of']): { owner: string; group: string } {
  const owner = of === 'us' ? ssh.user : of === 'root' ? '0' : USERS[of];
  return { owner, group: owner };
}

/** Sorted by path. */
export function monitorFiles(server: Server): OwnedFile[] {
  const all: Part[] = [
    text('us', 'docker-compose.yml', composeFile(server)),
    text('us', '.env', dotEnv),
    ...parts(server),
  ];
  return all
    .map(({ path, content, of, isSecret }) => ({
      path: `${monitorFolder(server)}/${path}`,
      content,
      ...ownerOf(server, of),
      mode: isSecret ? '0600' : '0644',
      ...(isSecret ? { format: 'raw' as const } : {}),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
