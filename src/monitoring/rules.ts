// The alert rules: the guide's objectives (Step 12) in the names that the software really uses, each tested by promtool.
import type { Server } from '../model.js';
import { BUDGET_PROOF } from '../stack/litellm.js';
import { yamlText } from '../stack/yaml-text.js';

export interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: 'critical' | 'warning' };
  annotations: { summary: string; description: string };
}

const rule = (
  severity: Rule['labels']['severity'],
  alert: string,
  expr: string,
  wait: string,
  summary: string,
  description: string,
): Rule => ({
  alert,
  expr,
  ...(wait === '' ? {} : { for: wait }),
  labels: { severity },
  annotations: { summary, description },
});

const S = '{{ $labels.server }}';

/** From here on it is told, as the watchdog does (src/config/schema-watchdog.ts). */
type Limits = Pick<Server['watchdog'], 'disk_percent' | 'memory_percent' | 'spend_percent' | 'restarts'> & {
  certificate_days: number;
};

const up = (limits: Limits): Rule[] => [
  rule(
    'critical',
    'GatewayDown',
    'clincher_service_up{service="openclaw"} == 0',
    '1m',
    `The gateway of ${S} does not run, or is not healthy`,
    'clincher run heal -s SERVER starts it; docker logs openclaw says why it stopped.',
  ),
  rule(
    'critical',
    'ServiceDown',
    'clincher_service_up{service!="openclaw"} == 0',
    '2m',
    `{{ $labels.service }} on ${S} does not run, or is not healthy`,
    'clincher run heal -s SERVER starts it.',
  ),
  rule(
    'warning',
    'ServiceRestarts',
    `increase(clincher_service_restarts[1h]) > ${limits.restarts}`,
    '',
    `{{ $labels.service }} on ${S} was started over {{ $value | humanize }} times within an hour`,
    'It ends by itself again and again: its log says why.',
  ),
  rule(
    'critical',
    'ServerUnread',
    'up{figures="node",job!="node"} == 0',
    '3m',
    `Nothing can be read from ${S}`,
    'The host, the network or the door is away: clincher verify -s SERVER says which.',
  ),
  rule(
    'warning',
    'FiguresUnread',
    'up{figures=~"redis|litellm"} == 0 and on(server) up{figures="node"} == 1',
    '3m',
    `{{ $labels.figures }} of ${S} cannot be read, although the door answers`,
    'The exporter, or what it reads, does not answer.',
  ),
  rule(
    'warning',
    'FiguresStale',
    'time() - clincher_figures_timestamp_seconds > 180',
    '2m',
    `The figures of ${S} are not written any more`,
    'systemctl status clincher-figures.timer clincher-figures.service on the server says why.',
  ),
  rule(
    'critical',
    'GatewayUnreachable',
    'probe_success == 0',
    '2m',
    `The gateway of ${S} does not answer under its public name`,
    'Its own host may find it healthy: name, certificate, proxy and firewall are between.',
  ),
  rule(
    'warning',
    'CertificateEnds',
    // One of Caddy's own authority holds for hours, and is renewed within them: there only its end counts.
    `probe_ssl_earliest_cert_expiry{authority!="own"} - time() < ${limits.certificate_days} * 86400 or probe_ssl_earliest_cert_expiry{authority="own"} - time() <= 0`,
    '10m',
    `The certificate of ${S} ends in {{ $value | humanizeDuration }}`,
    'It is renewed by itself, and was not: the proxy’s log says why.',
  ),
];

const P95 =
  'histogram_quantile(0.95, sum by (server, le) (rate(litellm_request_total_latency_metric_bucket[5m])))';
const BY_MODEL = 'on(server, model)';

/** Not whoever was refused before a model was chosen, nor what `verify` asks to see a budget refuse. */
export const ASKED = `{requested_model!~"|${BUDGET_PROOF}"}`;

const models = (limits: Limits): Rule[] => [
  rule(
    'warning',
    'HighLLMLatency',
    `${P95} > 15`,
    '5m',
    `One answer of twenty takes longer than {{ $value | humanizeDuration }} on ${S}`,
    'The provider is slow, or LiteLLM has too little: its dashboard shows which model.',
  ),
  rule(
    'warning',
    'BudgetThreshold',
    `clincher_model_spend_usd / ${BY_MODEL} clincher_model_budget_usd > ${limits.spend_percent / 100}`,
    '',
    `{{ $labels.model }} on ${S} has spent {{ $value | humanizePercentage }} of its budget`,
    'At 100 % LiteLLM refuses it; models.list[].budget_usd says how much it may.',
  ),
  rule(
    'critical',
    'BudgetSpent',
    `clincher_model_spend_usd / ${BY_MODEL} clincher_model_budget_usd >= 1`,
    '',
    `{{ $labels.model }} on ${S} has spent its budget, and is refused`,
    'Fallbacks answer where there are any.',
  ),
  rule(
    'warning',
    'ModelsFail',
    `sum by (server) (rate(litellm_deployment_failure_responses_total${ASKED}[5m])) / sum by (server) (rate(litellm_deployment_total_requests_total${ASKED}[5m])) > 0.2`,
    '5m',
    `{{ $value | humanizePercentage }} of the calls to models fail on ${S}`,
    'docker logs openclaw-litellm says what the provider answers.',
  ),
  rule(
    'warning',
    'CacheFull',
    'redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.95',
    '15m',
    `The cache of ${S} is full`,
    'Answers that end soonest go first; more memory is stack.limits.redis.',
  ),
];

const FILES = 'fstype!~"tmpfs|overlay"';

const host = (limits: Limits): Rule[] => [
  rule(
    'warning',
    'DiskFull',
    `100 * (1 - node_filesystem_avail_bytes{${FILES}} / node_filesystem_size_bytes{${FILES}}) > ${limits.disk_percent}`,
    '5m',
    `{{ $labels.mountpoint }} of ${S} is {{ $value | humanize }} % full`,
    'clincher run prune -s SERVER removes what nothing needs.',
  ),
  rule(
    'warning',
    'MemoryFull',
    `100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > ${limits.memory_percent}`,
    '5m',
    `{{ $value | humanize }} % of the memory of ${S} is used`,
    'clincher_service_* and docker stats show by whom.',
  ),
  rule(
    'warning',
    'RebootRequired',
    'clincher_reboot_required == 1',
    '1d',
    `${S} waits for a reboot since a day`,
    'clincher run reboot -s SERVER does it once, and proves the server afterwards.',
  ),
  rule(
    'critical',
    'BackupOld',
    'time() - clincher_backup_newest_timestamp_seconds > 26 * 3600',
    '10m',
    `The newest backup of ${S} is {{ $value | humanizeDuration }} old`,
    'systemctl status clincher-backup.service on the server says why.',
  ),
  rule(
    'critical',
    'BackupNone',
    'clincher_backups == 0',
    '26h',
    `There is no backup of ${S}`,
    'clincher run backup -s SERVER makes one.',
  ),
  rule(
    'warning',
    'BackupUnverified',
    'time() - clincher_backup_verified_timestamp_seconds > 9 * 86400',
    '10m',
    `No backup of ${S} of the last nine days was read to its end`,
    'clincher run verify-backup -s SERVER does it.',
  ),
];

const own: Rule[] = [
  rule(
    'critical',
    'RunFailed',
    // A series that begins with 1 has risen, too.
    'increase(clincher_runs_total{outcome="failed"}[10m]) > 0 or (clincher_runs_total{outcome="failed"} unless clincher_runs_total{outcome="failed"} offset 10m) > 0',
    '',
    '{{ $labels.runbook }} on {{ $labels.about }} has failed, or found something red',
    'clincher status and clincher show say what; clincher retry tries again.',
  ),
  rule(
    'warning',
    'ScheduleLate',
    'clincher_schedule_lag_seconds > 900',
    '5m',
    'A scheduled {{ $labels.runbook }} began {{ $value | humanizeDuration }} late',
    'No worker was there, or it had too much to do.',
  ),
  rule(
    'critical',
    'WorkerDown',
    'up{figures="clincher"} == 0',
    '5m',
    'The worker of clincher does not answer: nothing that is scheduled happens',
    'clincher status on the control plane.',
  ),
  rule(
    'warning',
    'AlertsUndelivered',
    'increase(alertmanager_notifications_failed_total[10m]) > 0',
    '',
    'Alertmanager cannot tell you by {{ $labels.integration }}',
    'Another way may have it: alerts.channels.',
  ),
  rule(
    'warning',
    'RulesBroken',
    'increase(prometheus_rule_evaluation_failures_total[10m]) > 0',
    '',
    'A rule of Prometheus cannot be evaluated',
    'What it watches over is not watched.',
  ),
];

/** By the limits of the monitor's own `watchdog`, which `defaults` gives to all. */
export const ruleGroups = ({ watchdog }: Pick<Server, 'watchdog'>): { name: string; rules: Rule[] }[] => [
  { name: 'openclaw-up', rules: up(watchdog) },
  { name: 'openclaw-models', rules: models(watchdog) },
  { name: 'openclaw-host', rules: host(watchdog) },
  { name: 'clincher', rules: own },
];

export const rulesFile = (server: Pick<Server, 'watchdog'>): string =>
  yamlText(
    'What is told, and from where on. Written by clincher; the limits are those of `watchdog` in clincher.yaml.',
    { groups: ruleGroups(server) },
  );
