// What both peers are given: the wishes of the same clincher.yaml, and the very files that clincher put on the host.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { words } from '../../src/commands/ufw.js';
import type { HostContext, Server } from '../../src/model.js';
import { packagesFor } from '../../src/steps/base-packages.js';
import { sshRules, webRules } from '../../src/steps/firewall-rules.js';
import type { LabHost } from '../../test/lab/lab.js';
import { proofs } from './proofs.js';

/** By the name that playbook and deploy use. A host may lack some: Debian 13 needs no package source for Compose. */
const FILES = {
  sudoers: '/etc/sudoers.d/99-clincher',
  sshd: '/etc/ssh/sshd_config.d/00-clincher.conf',
  socket: '/etc/systemd/system/ssh.socket.d/clincher.conf',
  pin: '/etc/apt/preferences.d/clincher-compose',
  source: '/etc/apt/sources.list.d/clincher-compose.sources',
  daemon: '/etc/docker/daemon.json',
  sysctl: '/etc/sysctl.d/99-openclaw.conf',
  upgrades: '/etc/apt/apt.conf.d/90clincher-unattended-upgrades',
  ufw: '/etc/default/ufw',
  after: '/etc/ufw/after.rules',
  after6: '/etc/ufw/after6.rules',
  jail: '/etc/fail2ban/jail.d/clincher.local',
};

interface PeerFile {
  source: string;
  path: string;
  mode: string;
}

const OS: Record<string, HostContext['os']> = {
  debian12: { id: 'debian', version: '12', codename: 'bookworm' },
  debian13: { id: 'debian', version: '13', codename: 'trixie' },
};

/** Writes material.json and answers its path. */
export async function gather(host: LabHost, server: Server, folder: string): Promise<string> {
  mkdirSync(join(folder, 'files'), { recursive: true });
  const files = await Promise.all(
    Object.entries(FILES).map(([name, path]) => fetched(host, name, path, join(folder, 'files', name))),
  );
  const material = {
    user: server.ssh.user,
    authorized_keys: server.ssh.authorized_keys,
    packages: packagesFor(server, OS[host.distro]!),
    directories: ['', '/config', '/monitoring', '/monitoring/logs', '/monitoring/backups'].map(
      (below) => `${server.stack.directory}${below}`,
    ),
    rules: [...sshRules(server), ...webRules(server)].map((rule) => ({
      rule: rule.action,
      source: rule.from,
      ports: rule.ports,
      words: words(rule),
    })),
    files: Object.fromEntries(files.filter((entry) => entry !== undefined)),
    proofs: proofs(server),
  };
  const path = join(folder, 'material.json');
  writeFileSync(path, JSON.stringify(material, null, 2));
  return path;
}

async function fetched(
  host: LabHost,
  name: string,
  path: string,
  local: string,
): Promise<[string, PeerFile] | undefined> {
  const { stdout, code } = await host.exec(`stat -c %a ${path} && base64 ${path}`);
  if (code !== 0) return undefined;
  const end = stdout.indexOf('\n');
  const mode = stdout.slice(0, end);
  writeFileSync(local, Buffer.from(stdout.slice(end), 'base64'), { mode: Number.parseInt(mode, 8) });
  return [name, { source: local, path, mode }];
}
