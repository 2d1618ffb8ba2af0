// base.sshd: keys only, one user, one port; the old way in is closed now that the new one was proved.
import { action } from '../commands/shell.js';
import * as sshd from '../commands/sshd.js';
import type { Server } from '../model.js';
import { change, defineStep } from './define.js';
import { SSH_GUARD, sshFacts, sshFileChanges } from './ssh-files.js';
import { configuredPorts, isListeningOnly, openPorts } from './ssh-listening.js';

/** What Match blocks may change too. Ours comes first, so that no later one loosens it. */
const LOGIN: Readonly<Record<string, string>> = {
  PermitRootLogin: 'no',
  PasswordAuthentication: 'no',
  KbdInteractiveAuthentication: 'no',
  PubkeyAuthentication: 'yes',
  PermitEmptyPasswords: 'no',
  MaxAuthTries: '3',
  X11Forwarding: 'no',
  AllowAgentForwarding: 'no',
  // `local` keeps `ssh -L` to the dashboards; a stranger's tunnel back in (`-R`) stays shut.
  AllowTcpForwarding: 'local',
  AllowStreamLocalForwarding: 'no',
  PermitTunnel: 'no',
  GatewayPorts: 'no',
  ClientAliveInterval: '300',
  ClientAliveCountMax: '2',
  // sshd's default also reads authorized_keys2, which nobody looks at.
  AuthorizedKeysFile: '.ssh/authorized_keys',
};

const settings = (want: Server): Readonly<Record<string, string>> => ({
  ...LOGIN,
  LoginGraceTime: '30',
  AllowUsers: want.ssh.user,
});

/** OpenSSH 9.8 and later put addresses that fail off for a while; the admin's own mistakes must not lock him out. */
function penalties(effective: sshd.Effective, want: Server): Record<string, string> {
  const isKnown = effective.has('persourcepenaltyexemptlist');
  const admins = want.ssh.admin_addresses.join(',');
  return isKnown && admins !== '' ? { PerSourcePenaltyExemptList: admins } : {};
}

function render(wanted: Readonly<Record<string, string>>, want: Server): string {
  const lines = (values: Readonly<Record<string, string>>, indent = '') =>
    Object.entries(values)
      .map(([key, value]) => `${indent}${key} ${value}\n`)
      .join('');
  const login = { ...LOGIN, AllowUsers: want.ssh.user };
  return `# Written by clincher (base.sshd). Named to be read first: sshd keeps the first value that it meets.
Port ${want.ssh.port}
${lines(wanted)}
# Match blocks overrule what stands outside of them, and among them too the first one wins.
Match all
${lines(login, '    ')}`;
}

function drifted(effective: sshd.Effective, wanted: Readonly<Record<string, string>>): string[] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const now = (effective.get(key.toLowerCase()) ?? ['not set']).join(' ');
    return now === value ? [] : [`${key} ${value} (is ${now})`];
  });
}

export const baseSshd = defineStep({
  id: 'base.sshd',
  title: 'SSH accepts keys of one user on one port, nothing else',
  why: 'Password logins are tried thousands of times a day on any public address, and root is tried first.',
  source: 'guide Step 1; sshd_config(5); CIS Debian Linux Benchmark 5.1',
  guard: SSH_GUARD,
  facts: sshFacts,
  plan(now, want) {
    const { port } = want.ssh;
    const wanted = { ...settings(want), ...penalties(now.effective, want) };
    const wrong = drifted(now.effective, wanted);
    const changes = sshFileChanges(now, render(wanted, want), [port]);
    if (changes.length === 0 && wrong.length === 0 && isListeningOnly(now, port)) return [];
    return [
      ...changes,
      change(effect(wrong, [...openPorts(now), ...configuredPorts(now)], port), action(...sshd.takeUp)),
    ];
  },
});

function effect(wrong: readonly string[], ports: readonly number[], port: number): string {
  const closing = [...new Set(ports)].filter((other) => other !== port);
  const parts = [...wrong, ...(closing.length > 0 ? [`close port ${closing.join(', ')}`] : [])];
  return parts.length > 0 ? `in effect: ${parts.join('; ')}` : 'sshd takes up its configuration';
}
