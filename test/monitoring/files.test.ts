// The files of a monitor: secrets are references in files of their own, nothing listens beyond loopback, dashboards ask what there is.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AlertChannel, Server } from '../../src/model.js';
import { alertmanagerConfig } from '../../src/monitoring/alertmanager.js';
import { dashboards, QUESTIONS } from '../../src/monitoring/dashboards.js';
import { monitorFiles } from '../../src/monitoring/files.js';
import { prometheusConfig } from '../../src/monitoring/prometheus.js';
import { baseFile, overlayFile } from '../../src/stack/compose.js';
import { stackFiles } from '../../src/stack/files.js';
import { OVERLAYS } from '../../src/stack/overlays.js';
import { chains } from '../../src/steps/docker-user-rules.js';
import { STEPS } from '../../src/steps/index.js';
import { fixtureServer } from '../fixture-server.js';
import { HOST } from '../steps/fixture.js';

const channel = (of: Partial<AlertChannel> & Pick<AlertChannel, 'type'>): AlertChannel => ({
  port: 587,
  to: [],
  ...of,
});

const base = fixtureServer();
const monitor: Server = {
  ...base,
  name: 'watch',
  role: 'monitor',
  alerts: {
    gate_minutes: 10,
    channels: [
      channel({ type: 'ntfy', url: 'https://ntfy.sh/x' }),
      channel({ type: 'telegram', chat: '-42', secret: 'secret://shared/bot' }),
      channel({
        type: 'email',
        host: 'mail',
        from: 'a@b.c',
        to: ['d@e.f'],
        user: 'u',
        secret: 'secret://shared/mail',
      }),
      channel({ type: 'webhook', secret: 'secret://shared/hook' }),
    ],
  },
  watched: [
    { name: 'prod', address: '2001:db8::1', port: 9443, domain: 'claw.example.com', isInternal: true },
  ],
  publicKeys: { 'secret://prod/metrics_tls': 'CERTIFICATE\n' },
};
const watched: Server = {
  ...base,
  monitoring: { ...base.monitoring, monitor: 'watch', from: ['198.51.100.20', '2001:db8::20'] },
};

const fileOf = (path: string) =>
  monitorFiles(monitor).find((file) => file.path === `/opt/monitoring/${path}`);

test('secrets are files of their own, for one program alone', () => {
  const secret = monitorFiles(monitor).filter(({ content }) => content.includes('«'));
  expect(secret.map(({ path, mode, format }) => [path, mode, format])).toEqual(
    [
      ...['alertmanager/channels/1', 'alertmanager/channels/2', 'alertmanager/channels/3'],
      ...['grafana/password', 'kuma/password', 'prometheus/doors/prod.token'],
    ].map((path) => [`/opt/monitoring/${path}`, '0600', 'raw']),
  );
  for (const { content } of secret) expect(content).toMatch(/^«[^»]+»$/);
});

test('a certificate that is not made yet is no file, and one that is holds no key', () => {
  expect(fileOf('prometheus/doors/prod.pem')?.content).toBe('CERTIFICATE\n');
  expect(monitorFiles({ ...monitor, publicKeys: {} }).some(({ path }) => path.endsWith('prod.pem'))).toBe(
    false,
  );
});

test('nothing is published, and what listens does so on loopback', () => {
  const { services } = parse(fileOf('docker-compose.yml')!.content) as {
    services: Record<
      string,
      { network_mode: string; ports?: unknown; command?: string[]; cap_drop: string[] }
    >;
  };
  for (const [name, { network_mode, ports, command = [], cap_drop }] of Object.entries(services)) {
    expect({ name, network_mode, ports, cap_drop }).toEqual({
      name,
      network_mode: 'host',
      ports: undefined,
      cap_drop: ['ALL'],
    });
    const listen = command.filter((word) => word.includes('listen-address='));
    for (const word of listen) expect(word).toMatch(/listen-address=(127\.0\.0\.1:\d+)?$/);
  }
});

test('Prometheus reads by the door: TLS, the one certificate, the one name, a token from a file', () => {
  const { scrape_configs } = parse(prometheusConfig(monitor)) as {
    scrape_configs: Record<string, unknown>[];
  };
  expect(scrape_configs[0]).toMatchObject({
    scheme: 'https',
    authorization: { credentials_file: '/etc/prometheus/doors/prod.token' },
    tls_config: { ca_file: '/etc/prometheus/doors/prod.pem', server_name: 'prod.metrics.clincher' },
    static_configs: [{ targets: ['[2001:db8::1]:9443'], labels: { server: 'prod' } }],
  });
  expect(JSON.stringify(scrape_configs)).not.toContain('insecure_skip_verify');
});

test('a worker is read only where one is named', () => {
  const read = (worker?: string) =>
    prometheusConfig({ ...monitor, monitoring: { ...monitor.monitoring, worker } }).includes(
      'job_name: clincher',
    );
  expect([read(), read('127.0.0.1:9464')]).toEqual([false, true]);
});

test('each channel has its way in Alertmanager, in the words that it knows', () => {
  const { receivers } = parse(alertmanagerConfig(monitor)) as { receivers: Record<string, object[]>[] };
  expect(receivers[0]).toMatchObject({
    webhook_configs: [
      { url: 'https://ntfy.sh/x?template=alertmanager', send_resolved: true },
      { url_file: '/etc/alertmanager/channels/3' },
    ],
    telegram_configs: [{ chat_id: -42, bot_token_file: '/etc/alertmanager/channels/1' }],
    email_configs: [
      { smarthost: 'mail:587', require_tls: true, auth_password_file: '/etc/alertmanager/channels/2' },
    ],
  });
});

test('dashboards: each panel has a place of its own and asks something', () => {
  expect(Object.keys(dashboards())).toEqual(Object.keys(QUESTIONS));
  for (const [uid, text] of Object.entries(dashboards())) {
    const { panels } = JSON.parse(text) as {
      panels: { gridPos: { x: number; y: number; w: number }; targets: { expr: string }[] }[];
    };
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size, uid).toBe(panels.length);
    for (const { gridPos, targets } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect(targets.length).toBeGreaterThan(0);
    }
  }
});

const METRICS = OVERLAYS.find(({ name }) => name === 'metrics')!;

test('the core files of a watched server are those of one that nobody watches', () =>
  expect(baseFile(watched)).toBe(baseFile(base)));

test('only the door publishes a port, and exporters have no way out', () => {
  const { services } = parse(overlayFile(watched, METRICS)) as {
    services: Record<string, { ports?: string[]; networks: object }>;
  };
  const ports = Object.entries(services).flatMap(([name, each]) =>
    (each.ports ?? []).map((port) => [name, port]),
  );
  expect(ports).toEqual([['metrics-door', '9443:9443']]);
  expect(Object.keys(services['redis-exporter']!.networks)).toEqual(['openclaw-net']);
});

test('the firewall lets the monitor to the door, by each family, and nobody else', () => {
  expect(chains(watched, 4, [])['clincher-metrics']).toEqual(['-s 198.51.100.20/32 -j RETURN', '-j DROP']);
  expect(chains(watched, 6, [])['clincher-metrics']).toEqual(['-s 2001:db8::20/128 -j RETURN', '-j DROP']);
  expect(chains(watched, 4, [])['clincher-published'][2]).toBe(
    '-p tcp -m conntrack --ctorigdstport 9443 -g clincher-metrics',
  );
  expect(chains(base, 4, [])['clincher-metrics']).toBeUndefined();
});

test('every file of a watched stack is written by exactly one step', () => {
  const steps = [...STEPS].filter(({ id }) => id.startsWith('stack.'));
  const none = { files: new Map<string, never>() };
  const written = steps.flatMap((step) =>
    'files' in step.facts(watched) ? step.plan(none, watched, HOST).map(({ file }) => file?.path) : [],
  );
  expect(written.sort()).toEqual(stackFiles(watched).map(({ path }) => path));
});

test('whoever compares a service with its files knows the certificates that are in them, as whoever wrote them did', () => {
  const asks = (id: string) => STEPS.find((step) => step.id === id)?.publicKeys?.(monitor);
  expect(asks('monitoring.services')).toEqual(['secret://prod/metrics_tls']);
  expect(asks('monitoring.services')).toEqual(asks('monitoring.files'));
});

test('what watches is started when its files are written and its images are there, and not before', () =>
  expect(STEPS.find(({ id }) => id === 'monitoring.services')?.after).toEqual([
    'monitoring.files',
    'monitoring.images',
  ]));

test('dashboards: several numbers of one panel have names, and several lines colours of their own', () => {
  interface Panel {
    type: string;
    title: string;
    options: { textMode?: string };
    fieldConfig: { defaults: { color: { mode: string } } };
    targets: { legendFormat: string }[];
  }
  for (const text of Object.values(dashboards()))
    for (const { type, title, options, fieldConfig, targets } of (JSON.parse(text) as { panels: Panel[] })
      .panels) {
      const isNamed = targets[0]?.legendFormat !== '__auto';
      if (type === 'stat') expect(options.textMode, title).toBe(isNamed ? 'value_and_name' : 'value');
      const mode = type === 'timeseries' ? 'palette-classic' : 'thresholds';
      expect(fieldConfig.defaults.color.mode, title).toBe(mode);
    }
});
