// prometheus.yml: what is read from whom, shown which token at which door; where rules are, and who is told.
import type { Server, Watched } from '../model.js';
import { FIGURE_NAMES, type Figures } from '../stack/metrics-door.js';
import { doorName, watchedBy } from '../stack/watched.js';
import { yamlText } from '../stack/yaml-text.js';
import { at } from './places.js';

const HEADING =
  'What is read, and by which door. Written by clincher from `monitoring` of clincher.yaml: edit that, then `clincher run monitoring`.';

/** Inside the container. */
const FOLDER = '/etc/prometheus';

export const tokenFile = (name: string): string => `doors/${name}.token`;
export const certificateFile = (name: string): string => `doors/${name}.pem`;

const door = (server: Watched, figures: Figures): Record<string, unknown> => ({
  job_name: `${figures}-${server.name}`,
  scheme: 'https',
  metrics_path: `/${figures}`,
  authorization: { credentials_file: `${FOLDER}/${tokenFile(server.name)}` },
  tls_config: {
    ca_file: `${FOLDER}/${certificateFile(server.name)}`,
    server_name: doorName(server.name),
    min_version: 'TLS13',
  },
  follow_redirects: false,
  static_configs: [
    { targets: [`${hostOf(server.address)}:${server.port}`], labels: { server: server.name, figures } },
  ],
});

/** An IPv6 address stands in brackets before a port. */
export const hostOf = (address: string): string => (address.includes(':') ? `[${address}]` : address);

const own = (name: string, target: string, server: string): Record<string, unknown> => ({
  job_name: name,
  static_configs: [{ targets: [target], labels: { server, figures: name } }],
});

/** The gateway by its public name, as people reach it. */
const outside = ({ name, domain, isInternal }: Watched): Record<string, unknown>[] =>
  domain === undefined
    ? []
    : [
        {
          job_name: `outside-${name}`,
          metrics_path: '/probe',
          params: {
            module: [isInternal ? 'gateway_internal' : 'gateway'],
            target: [`https://${domain}/healthz`],
          },
          scrape_interval: '60s',
          scrape_timeout: '15s',
          static_configs: [
            {
              targets: [at('blackbox-exporter')],
              labels: { server: name, figures: 'outside', authority: isInternal ? 'own' : 'public' },
            },
          ],
        },
      ];

export function prometheusConfig(server: Server): string {
  const watched = watchedBy(server);
  const worker = server.monitoring?.worker;
  return yamlText(
    HEADING,
    {
      global: { scrape_interval: '15s', scrape_timeout: '10s', evaluation_interval: '15s' },
      rule_files: [`${FOLDER}/rules/*.yml`],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [at('alertmanager')] }] }] },
      scrape_configs: [
        ...watched.flatMap((each) => FIGURE_NAMES.map((figures) => door(each, figures))),
        ...watched.flatMap(outside),
        own('prometheus', at('prometheus'), server.name),
        own('alertmanager', at('alertmanager'), server.name),
        own('node', at('node-exporter'), server.name),
        ...(worker === undefined ? [] : [own('clincher', worker, server.name)]),
      ],
    },
    [[['scrape_configs'], 'Each watched server has one door; behind it are the host, Redis and LiteLLM.']],
  );
}

/** 401 is the gateway's own word to strangers: it is alive, and asks who is there. */
export const blackboxConfig = (): string =>
  yamlText('How the monitor looks at gateways by their public names. Written by clincher.', {
    modules: { gateway: probe({}), gateway_internal: probe({ insecure_skip_verify: true }) },
  });

const probe = (tls: object) => ({
  prober: 'http',
  timeout: '12s',
  http: {
    valid_status_codes: [200, 401],
    follow_redirects: false,
    fail_if_not_ssl: true,
    ...(Object.keys(tls).length > 0 ? { tls_config: tls } : {}),
  },
});
