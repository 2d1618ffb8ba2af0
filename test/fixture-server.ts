// A server as the configuration resolves it, for tests that need one and do not care.
import type { Server } from '../src/model.js';
import { fixtureStack } from './fixture-stack.js';

export function fixtureServer(overrides: Partial<Server> = {}): Server {
  return {
    name: 'lab',
    vault: '/nonexistent/clincher.vault.age',
    role: 'primary',
    address: '10.66.0.11',
    ssh: {
      user: 'deploy',
      port: 9922,
      host_keys: ['SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU'],
      first_contact: { user: 'root', port: 22 },
      agent: false,
      authorized_keys: [
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ ada@desk',
      ],
      admin_addresses: ['10.66.0.1/32'],
    },
    system: {
      sysctl: { 'vm.swappiness': '10' },
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
      nofile: 65536,
    },
    firewall: {
      enabled: true,
      web_sources: 'cloudflare',
      web_ports: [80, 443],
      fail2ban: { enabled: true, max_retry: 3, ban_seconds: 3600, find_seconds: 600 },
    },
    tailscale: { enabled: false, source: 'tailscale', ssh_only: false },
    ...fixtureStack('lab'),
    ...overrides,
  };
}
