// Which variable of the Ansible peer becomes which key of a server. Variables of the guide’s own names; values are checked by the schema.
import type { Scope } from './jinja.js';

export interface Take {
  /** Below the server. */
  to: readonly string[];
  as(value: unknown, scope: Scope): unknown;
  /** Said by this one too. */
  with?: readonly string[];
}

const asIs = (value: unknown): unknown => value;
const text = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);
const number = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
/** What Ansible’s `| bool` takes for true, in quotes too. */
const yesNo = (value: unknown): unknown =>
  typeof value === 'string' && /^(?:true|yes|on|false|no|off)$/i.test(value)
    ? /^(?:t|y|on)/i.test(value)
    : value;
const not = (value: unknown): unknown => (typeof yesNo(value) === 'boolean' ? !yesNo(value) : value);
const listed = (value: unknown): unknown => (Array.isArray(value) ? value : [value]);
/** Docker’s `16G`, in the small letters of clincher.yaml. */
const size = (value: unknown): unknown =>
  typeof value === 'string' ? value.toLowerCase().replace(/b$/, '') : value;

const twoDigits = (value: unknown): string => String(value).padStart(2, '0');

/** One variable becomes one key. */
const take = (key: string, as: Take['as'] = asIs): Take => ({ to: key.split('.'), as });
const kernel = (setting: string): Take => ({ to: ['system', 'sysctl', setting], as: number });
const version = (image: string): Take => take(`stack.images.${image}.version`, text);

const limits = (service: string, prefix: string): [string, Take][] => [
  [`${prefix}_cpus`, take(`stack.limits.${service}.cpus`, number)],
  [`${prefix}_memory`, take(`stack.limits.${service}.memory`, size)],
];

export const TAKES: Readonly<Record<string, Take>> = {
  ansible_host: take('address', text),
  deploy_user: take('ssh.user'),
  ssh_port: take('ssh.port', number),
  admin_ip: take('ssh.admin_addresses', listed),
  local_ssh_key_path: take('ssh.identity_file'),
  ansible_ssh_private_key_file: take('ssh.identity_file'),
  openclaw_base_dir: take('stack.directory'),
  timezone: take('stack.timezone'),

  openclaw_version: version('openclaw'),
  docker_proxy_version: version('docker-socket-proxy'),
  litellm_version: version('litellm'),
  redis_version: version('redis'),
  caddy_version: version('caddy'),
  cloudflared_version: version('cloudflared'),
  redis_exporter_version: version('redis-exporter'),

  docker_log_max_size: take('docker.log_max_size', size),
  docker_log_max_file: take('docker.log_max_file', number),
  docker_dns: take('docker.dns', listed),

  swappiness: kernel('vm.swappiness'),
  inotify_max_watches: kernel('fs.inotify.max_user_watches'),
  inotify_max_instances: kernel('fs.inotify.max_user_instances'),
  somaxconn: kernel('net.core.somaxconn'),
  disable_ipv6: take('system.ipv6', not),
  auto_reboot: take('system.unattended_upgrades.reboot', yesNo),
  auto_reboot_time: take('system.unattended_upgrades.reboot_time', text),

  tailscale_enabled: take('tailscale.enabled', yesNo),
  telegram_enabled: take('channels.telegram.enabled', yesNo),

  litellm_cache_ttl: take('stack.cache.ttl_seconds', number),
  litellm_similarity_threshold: take('stack.cache.similarity', number),
  openclaw_default_model: take('models.default'),
  openclaw_heartbeat_model: take('models.heartbeat'),
  memory_provider: take('memory.provider'),
  memory_model: take('memory.model'),

  ...Object.fromEntries([
    ...limits('openclaw', 'openclaw'),
    ...limits('litellm', 'litellm'),
    ...limits('redis', 'redis'),
    ...limits('docker-proxy', 'docker_proxy'),
    ...limits('openclaw-egress', 'smokescreen'),
    ...limits('openclaw-egress', 'squid'),
  ]),

  filebrowser_enabled: take('convenience.filebrowser', yesNo),

  reverse_proxy: take('proxy.kind'),
  domain: take('proxy.domain'),

  backup_retention_days: take('backup.keep_days', number),
  backup_cron_hour: {
    to: ['backup', 'at'],
    as: (hour, scope) => `${twoDigits(hour)}:${twoDigits(scope('backup_cron_minute'))}`,
    with: ['backup_cron_minute'],
  },
  token_rotation_day: {
    to: ['schedules', 'rotate-token'],
    as: (day, scope) => `0 ${String(scope('token_rotation_hour'))} ${String(day)} * *`,
    with: ['token_rotation_hour'],
  },
  watchdog_interval: take('schedules.watchdog', (minutes) => `*/${String(minutes)} * * * *`),
  watchdog_restart_threshold: take('watchdog.restarts', number),
  watchdog_disk_threshold: take('watchdog.disk_percent', number),
  watchdog_memory_threshold: take('watchdog.memory_percent', number),
};
