import { expect, test } from 'vitest';
import { SYSCTL } from '../../src/config/sysctl.js';
import { DEFAULTS, KEY, load, MINIMAL } from './fixture.js';

const prod = (text: string) => load(text).servers['prod']!;

const model = (id: string, budget_usd: number, requests_per_minute: number, fallbacks: string[]) => ({
  name: `anthropic/${id}`,
  provider: 'anthropic',
  id,
  budget_usd,
  requests_per_minute,
  context_window: 200000,
  max_tokens: 4096,
  fallbacks,
});

test('a server that says only where it is gets the guide’s values', () => {
  expect(prod(MINIMAL)).toEqual({
    name: 'prod',
    vault: '/home/you/ops/clincher.vault.age',
    upgrade: { watch_minutes: 10 },
    failover: { fence_timeout_seconds: 120 },
    monitoring: {
      ...{ port: 9443, from: [], directory: '/opt/monitoring', retention_days: 30 },
      ...{ grafana: true, uptime_kuma: true },
    },
    convenience: { shortcuts: false, uploads: false, filebrowser: false },
    watchdog: {
      ...{ heal: true, disk_percent: 85, memory_percent: 90, swap_percent: 50, spend_percent: 80 },
      ...{ restarts: 3, certificate_days: 14, cooldown_minutes: 30 },
    },
    role: 'primary',
    address: '203.0.113.7',
    ssh: {
      user: 'deploy',
      port: 9922,
      host_keys: [],
      first_contact: { user: 'root', port: 22 },
      agent: true,
      authorized_keys: [KEY],
      admin_addresses: ['198.51.100.7'],
    },
    system: {
      sysctl: SYSCTL,
      ipv6: true,
      time_sync: true,
      unattended_upgrades: { enabled: true, reboot: true, reboot_time: '05:00' },
    },
    docker: {
      source: 'docker',
      apt_repository: 'https://download.docker.com/linux',
      dns: ['1.1.1.1', '8.8.8.8'],
      log_max_size: '10m',
      log_max_file: '3',
      nofile: 65536,
    },
    firewall: {
      enabled: true,
      web_sources: 'cloudflare',
      web_ports: [80, 443],
      fail2ban: { enabled: true, max_retry: 3, ban_seconds: 3600, find_seconds: 600 },
    },
    tailscale: { enabled: false, source: 'tailscale', ssh_only: false },
    channels: {
      telegram: { enabled: true, token: 'secret://prod/telegram_bot_token' },
      discord: { enabled: false, token: 'secret://prod/discord_bot_token' },
      slack: {
        enabled: false,
        bot_token: 'secret://prod/slack_bot_token',
        app_token: 'secret://prod/slack_app_token',
        signing_secret: 'secret://prod/slack_signing_secret',
      },
      webhook: { enabled: false, token: 'secret://prod/webhook_token' },
    },
    stack: {
      enabled: true,
      directory: '/opt/openclaw',
      images: {
        openclaw: { repository: 'ghcr.io/openclaw/openclaw', version: '2026.3.13' },
        litellm: { repository: 'ghcr.io/berriai/litellm', version: 'main-v1.81.3-stable' },
        redis: { repository: 'redis/redis-stack-server', version: '7.4.0-v3' },
        'docker-socket-proxy': { repository: 'ghcr.io/tecnativa/docker-socket-proxy', version: 'v0.4.2' },
        egress: { repository: 'ghcr.io/example/smokescreen', version: 'unset' },
        caddy: { repository: 'caddy', version: '2.8.4-alpine' },
        cloudflared: { repository: 'cloudflare/cloudflared', version: '2026.2.0' },
        filebrowser: { repository: 'filebrowser/filebrowser', version: 'v2.63.23' },
        sandbox: { repository: 'debian', version: 'bookworm-slim' },
        prometheus: { repository: 'prom/prometheus', version: 'v2.53.3' },
        alertmanager: { repository: 'prom/alertmanager', version: 'v0.28.1' },
        grafana: { repository: 'grafana/grafana', version: '11.5.2' },
        'uptime-kuma': { repository: 'louislam/uptime-kuma', version: '2.0.2' },
        'blackbox-exporter': { repository: 'prom/blackbox-exporter', version: 'v0.26.0' },
        'node-exporter': { repository: 'prom/node-exporter', version: 'v1.9.0' },
        'redis-exporter': { repository: 'oliver006/redis_exporter', version: 'v1.69.0-alpine' },
        postgres: { repository: 'postgres', version: '16' },
        'temporal-server': { repository: 'temporalio/server', version: '1.32.0' },
        'temporal-admin-tools': { repository: 'temporalio/admin-tools', version: '1.32.0' },
        'temporal-ui': { repository: 'temporalio/ui', version: '2.54.1' },
      },
      tier: 'production',
      limits: {},
      timezone: 'UTC',
      proxy_subnet: '172.16.253.0/28',
      cache: { mode: 'semantic', ttl_seconds: 3600, similarity: 0.8 },
      egress: {
        source: 'build',
        commit: 'a3294a6cc4e4e33cd086ec0d5bca9f22db097023',
        extra_domains: [],
        allow_ranges: [],
      },
    },
    providers: {
      anthropic: { key: 'secret://prod/anthropic_api_key' },
      voyage: { key: 'secret://prod/voyage_api_key' },
    },
    models: {
      default: 'anthropic/claude-opus-4-6',
      heartbeat: 'anthropic/claude-haiku-4-5-20251001',
      budget_period: '30d',
      list: [
        model('claude-opus-4-6', 100, 60, ['anthropic/claude-sonnet-4-6']),
        model('claude-sonnet-4-6', 50, 120, ['anthropic/claude-haiku-4-5-20251001']),
        model('claude-haiku-4-5-20251001', 20, 300, []),
      ],
    },
    openclaw: {
      origins: [],
      sandbox: 'off',
      denied_tools: [],
      accepted_findings: [],
      rules: [],
      skills: [],
      personas: [],
      bundled_skills: [],
      extra_env: {},
      heartbeat_minutes: 30,
    },
    memory: { enabled: true, provider: 'voyage', model: 'voyage-3-large', max_index_mb: 500 },
    proxy: {
      kind: 'none',
      tls: 'acme',
      tunnel_token: 'secret://prod/tunnel_token',
      oidc: { enabled: false, client_secret: 'secret://prod/oidc_client_secret', allowed_domains: [] },
    },
    backup: { enabled: true, at: '03:00', keep_days: 14, recipients: [] },
    schedules: {
      timezone: 'UTC',
      verify: '0 6 * * *',
      'drift-report': '0 7 * * 1',
      'scan-images': '0 5 * * 0',
      'verify-backup': '30 3 * * 0',
      'restore-drill': '30 4 1 * *',
      'dr-drill': '0 4 2 1,4,7,10 *',
      memory: '0 5 1 * *',
      'rotate-token': '0 4 1 * *',
      'stage-standby': '15 4 * * *',
      watchdog: '*/5 * * * *',
      egress: '5 * * * *',
    },
    alerts: { channels: [], gate_minutes: 10 },
    redteam: { attacks: [], models: [] },
    digests: {},
  });
});

test('the guide’s four kernel settings are among the defaults', () => {
  expect(SYSCTL).toMatchObject({
    'vm.swappiness': '10',
    'fs.inotify.max_user_watches': '524288',
    'fs.inotify.max_user_instances': '512',
    'net.core.somaxconn': '1024',
  });
});

test('a server overrides the shared defaults, key by key; lists are replaced', () => {
  const text = `${DEFAULTS}  docker: {dns: [9.9.9.9], nofile: 2048}
  system: {sysctl: {vm.swappiness: 1}}
servers:
  prod: {address: 203.0.113.7, docker: {dns: [8.8.4.4]}, system: {sysctl: {net.core.somaxconn: 2048}}}
`;
  const server = prod(text);
  expect(server.docker).toMatchObject({ dns: ['8.8.4.4'], nofile: 2048 });
  expect(server.system.sysctl).toMatchObject({
    'vm.swappiness': '1',
    'net.core.somaxconn': '2048',
    'kernel.kptr_restrict': '2',
  });
});

test('null leaves a kernel setting alone', () => {
  const { sysctl } = prod(MINIMAL.concat('    system: {sysctl: {kernel.dmesg_restrict: null}}\n')).system;
  expect(Object.keys(sysctl)).toHaveLength(Object.keys(SYSCTL).length - 1);
  expect(sysctl).not.toHaveProperty(['kernel.dmesg_restrict']);
});

test('one version of an image is overridden, its repository stays', () => {
  const { images } = prod(MINIMAL.concat("    stack: {images: {openclaw: {version: '2026.4.0'}}}\n")).stack;
  expect(images['openclaw']).toEqual({ repository: 'ghcr.io/openclaw/openclaw', version: '2026.4.0' });
});

test('each server has its own token, unless the configuration says otherwise', () => {
  const text = `${DEFAULTS}servers:
  prod: {address: 203.0.113.7}
  b: {address: 203.0.113.8}
  c: {address: 203.0.113.9, channels: {telegram: {token: 'secret://shared/telegram_bot_token'}}}
`;
  const tokens = Object.values(load(text).servers).map(({ channels }) => channels.telegram.token);
  expect(tokens).toEqual([
    'secret://prod/telegram_bot_token',
    'secret://b/telegram_bot_token',
    'secret://shared/telegram_bot_token',
  ]);
});

test('log_max_file may be a number or its text', () => {
  for (const [written, read] of [
    ['5', '5'],
    ['"7"', '7'],
  ])
    expect(prod(MINIMAL.concat(`    docker: {log_max_file: ${written}}\n`)).docker.log_max_file).toBe(read);
});

test('paths begin at the configuration’s folder, or at home', () => {
  const text = `${DEFAULTS}    identity_file: ~/.ssh/id
    identity_passphrase: file:./pass
    sudo_password: file:~/sudo
servers:
  prod: {address: 203.0.113.7, channels: {telegram: {token: file:/run/t}}}
secrets: {vault: ../vault.age, identity: ./id.txt}
`;
  const config = load(text);
  expect(config.servers['prod']!.ssh).toMatchObject({
    identity_file: '/home/you/.ssh/id',
    identity_passphrase: 'file:/home/you/ops/pass',
    sudo_password: 'file:/home/you/sudo',
  });
  expect(config.servers['prod']!.channels.telegram.token).toBe('file:/run/t');
  expect(config.secrets).toMatchObject({ vault: '/home/you/vault.age', identity: '/home/you/ops/id.txt' });
  expect(config.servers['prod']!.vault).toBe('/home/you/vault.age');
});

test('a jump host may be shared, and completed by a server', () => {
  const text = `${DEFAULTS}    jump: {address: 203.0.113.1, user: jump, host_keys: ['SHA256:${'A'.repeat(43)}']}
servers:
  prod: {address: 10.0.0.7, ssh: {jump: {port: 2222}}}
`;
  expect(prod(text).ssh.jump).toMatchObject({ address: '203.0.113.1', port: 2222, user: 'jump' });
});

test('aliases are what they refer to', () => {
  const text = `version: 1
servers:
  prod:
    address: 203.0.113.7
    ssh: &ssh
      authorized_keys: ['${KEY}']
      admin_addresses: [198.51.100.7]
  b: {address: 203.0.113.8, ssh: *ssh}
`;
  expect(load(text).servers['b']!.ssh.authorized_keys).toEqual([KEY]);
});

test('a provider has the keys that its API asks for, each server its own', () => {
  const text = `${DEFAULTS}  providers: {openai: {}}
servers:
  prod: {address: 203.0.113.7, providers: {anthropic: {}, voyage: {}, qianfan: {}, vllm: {api_base: 'https://m.example.com'}}}
  b: {address: 203.0.113.8, providers: {anthropic: {key: env:KEY}, voyage: {}}}
`;
  expect(prod(text).providers).toEqual({
    openai: { key: 'secret://prod/openai_api_key' },
    anthropic: { key: 'secret://prod/anthropic_api_key' },
    voyage: { key: 'secret://prod/voyage_api_key' },
    qianfan: { key: 'secret://prod/qianfan_api_key', secret_key: 'secret://prod/qianfan_secret_key' },
    vllm: { api_base: 'https://m.example.com' },
  });
  expect(load(text).servers['b']!.providers['anthropic']).toEqual({ key: 'env:KEY' });
});

test('references of providers and of the environment begin at the configuration’s folder too', () => {
  const server = prod(
    MINIMAL.concat(
      '    providers: {anthropic: {key: file:./a}, voyage: {}}\n    openclaw: {extra_env: {URL: file:~/u, LEVEL: info}}\n',
    ),
  );
  expect(server.providers['anthropic']).toEqual({ key: 'file:/home/you/ops/a' });
  expect(server.openclaw.extra_env).toEqual({ URL: 'file:/home/you/u', LEVEL: 'info' });
});
