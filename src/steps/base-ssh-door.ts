// base.ssh-door: sshd also answers on the new port, before anything is closed on the old one.
import type { FileNow } from '../commands/files.js';
import { action } from '../commands/shell.js';
import * as sshd from '../commands/sshd.js';
import * as ufw from '../commands/ufw.js';
import type { Change, Server } from '../model.js';
import { change, defineStep } from './define.js';
import { sshRules } from './firewall-rules.js';
import { SSH_GUARD, sshFacts, sshFileChanges } from './ssh-files.js';
import { configuredPorts, openPorts } from './ssh-listening.js';

const HEADER = '# Written by clincher (base.ssh-door): both doors are open until the new one is proved.\n';

/** On a host that was hardened before, everything but the ports stays: a new door is no reason to loosen the old. */
function dropIn(now: FileNow | null, ports: readonly number[]): string {
  const rest = now?.content.split('\n').filter((line) => !/^\s*(Port\s|# Written by)/i.test(line)) ?? [];
  return [HEADER, ...ports.map((port) => `Port ${port}\n`), rest.join('\n')].join('');
}

/** A firewall that is up already would leave the new door behind a wall. */
function throughFirewall(now: ufw.Ufw, want: Server): Change[] {
  if (!now.isEnabled) return [];
  return ufw
    .lacking(now.rules, sshRules(want))
    .map((rule) => change(`firewall: ${ufw.words(rule)}`, ufw.batch(ufw.words(rule))));
}

export const baseSshDoor = defineStep({
  id: 'base.ssh-door',
  title: 'SSH also answers on its new port',
  why: 'The old port may close only after a login on the new one was proved; under ssh.socket a reload alone would not open it.',
  source: 'guide Step 1; sshd_config(5) Port; systemd.socket(5)',
  guard: SSH_GUARD,
  facts: (want) => ({ ...sshFacts(want), firewall: ufw.state }),
  plan(now, want) {
    if (openPorts(now).includes(want.ssh.port) && configuredPorts(now).includes(want.ssh.port)) return [];
    const ports = [...new Set([...openPorts(now), ...configuredPorts(now), want.ssh.port])];
    return [
      ...throughFirewall(now.firewall, want),
      ...sshFileChanges(now, dropIn(now.conf, ports), ports),
      change(`open port ${want.ssh.port} for SSH`, action(...sshd.takeUp)),
    ];
  },
});
