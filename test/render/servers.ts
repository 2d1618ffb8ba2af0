// What is rendered in tests: the golden servers of the stack, on different systems, with their hosts as odd as their stacks.
import type { Server } from '../../src/model.js';
import type { SystemName } from '../../src/render/bare-host.js';
import { servers } from '../stack/servers.js';

export interface RenderCase {
  server: Server;
  system: SystemName;
}

const { minimal, full, hostile, tunnel } = servers;

export const CASES = {
  minimal: { server: minimal, system: 'debian13' },
  full: {
    server: {
      ...full,
      docker: { ...full.docker, source: 'docker' },
      tailscale: { enabled: true, source: 'tailscale', ssh_only: false },
      ssh: { ...full.ssh, admin_addresses: ['10.66.0.1', '2001:db8::/32'] },
    },
    system: 'ubuntu24',
  },
  hostile: {
    server: {
      ...hostile,
      ssh: { ...hostile.ssh, user: 'o_brien-2', port: 1 },
      system: { ...hostile.system, ipv6: false },
      firewall: { ...hostile.firewall, web_sources: 'any', web_ports: [65535] },
    },
    system: 'debian12',
  },
  tunnel: { server: tunnel, system: 'debian13' },
} as const satisfies Record<string, RenderCase>;

export type CaseName = keyof typeof CASES;
export const CASE_NAMES = Object.keys(CASES) as CaseName[];
