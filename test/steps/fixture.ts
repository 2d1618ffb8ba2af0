// A server as small as the type allows, and overrides merged over it.
import type { HostContext, Server } from '../../src/model.js';
import { fixtureStack } from '../fixture-stack.js';

type Partially<T> = { [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : Partially<T[K]> };
export type Overrides = Partially<Server>;

export const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHODc/sW8FymTq8zYxCzR0ekUzLHjJdom4gLPhzHx7m5 you@home';

const MINIMAL: Server = {
  name: 'prod',
  vault: '/home/you/vault.age',
  role: 'primary',
  address: '203.0.113.7',
  ssh: {
    user: 'deploy',
    port: 9922,
    host_keys: [],
    first_contact: { user: 'root', port: 22 },
    agent: true,
    authorized_keys: [KEY],
    admin_addresses: ['10.66.0.1'],
  },
  system: {
    sysctl: {
      'vm.swappiness': '10',
      'net.core.somaxconn': '1024',
      'kernel.yama.ptrace_scope': '2',
      'net.ipv4.conf.all.send_redirects': '0',
    },
    ipv6: true,
    time_sync: true,
    unattended_upgrades: { enabled: true, reboot: true, reboot_time: '05:00' },
  },
  docker: {
    source: 'distribution',
    apt_repository: 'https://download.docker.com/linux',
    dns: ['1.1.1.1', '8.8.8.8'],
    log_max_size: '10m',
    log_max_file: '3',
    nofile: 16384,
  },
  firewall: {
    enabled: true,
    web_sources: ['192.0.2.0/24', '2001:db8:1::/48'],
    web_ports: [80, 443],
    fail2ban: { enabled: true, max_retry: 3, ban_seconds: 3600, find_seconds: 600 },
  },
  tailscale: { enabled: false, source: 'tailscale', ssh_only: false },
  ...fixtureStack('prod', { channels: { telegram: { enabled: false } } }),
};

export const server = (overrides: Overrides = {}): Server => merge(MINIMAL, overrides) as Server;

function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isPlain(base) || !isPlain(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(keys.map((key) => [key, merge(base[key], over[key])]));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const HOST: HostContext = {
  os: { id: 'debian', version: '13', codename: 'trixie' },
  arch: 'amd64',
  via: { user: 'root', port: 22 },
};
