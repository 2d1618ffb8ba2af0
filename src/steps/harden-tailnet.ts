// harden.tailnet-door and harden.tailnet-only: SSH over the tailnet, first as well, then alone.
import * as tailscale from '../commands/tailscale.js';
import * as ufw from '../commands/ufw.js';
import { change, defineStep } from './define.js';
import { sshRules, tailnetRules } from './firewall-rules.js';

export const hardenTailnetDoor = defineStep({
  id: 'harden.tailnet-door',
  title: 'SSH answers over the tailnet',
  why: 'The new way in has to be open before the old one may close.',
  source: 'guide Step 2 (optional)',
  after: [],
  wanted: (want) => want.tailscale.enabled && want.firewall.enabled,
  facts: () => ({ firewall: ufw.state }),
  plan: ({ firewall }, want) =>
    ufw
      .lacking(firewall.rules, tailnetRules(want))
      .map((rule) => change(`firewall: ${ufw.words(rule)}`, ufw.batch(ufw.words(rule)))),
});

const isOnTailnet = (address: string): boolean => {
  const [first = 0, second = 0] = address.split('.').map(Number);
  const isIp = /^[\d.]+$/.test(address);
  if (isIp) return first === 100 && second >= 64 && second <= 127;
  return !address.includes(':') || address.toLowerCase().startsWith('fd7a:115c:a1e0:');
};

export const hardenTailnetOnly = defineStep({
  id: 'harden.tailnet-only',
  title: 'SSH answers over the tailnet alone',
  why: 'With the tailnet in use, the public rule is only a second door to watch.',
  source: 'guide Step 2 (optional)',
  // Proved by a new login at the server’s address, which must be the one in the tailnet by now.
  guard: { restore: () => ['/etc/ufw'], reload: [ufw.takeUp] },
  wanted: (want) => want.tailscale.ssh_only && want.tailscale.enabled && want.firewall.enabled,
  facts: () => ({ firewall: ufw.state, status: tailscale.status }),
  plan({ firewall, status }, want) {
    const admin = sshRules(want);
    const open = firewall.rules.filter((rule) => admin.some((ours) => ufw.same(ours, rule)));
    if (open.length === 0) return [];
    if (!status.isUp) throw new Error('the node is not up in the tailnet');
    if (!isOnTailnet(want.address))
      throw new Error(
        `nobody would find the host at ${want.address} any more: set its address to ${status.address}`,
      );
    return [
      change(
        `close: ${open.map(ufw.words).join('; ')}`,
        ufw.drop(open.map(({ line }) => line ?? '')),
        ufw.test,
        ufw.reload,
      ),
    ];
  },
});
