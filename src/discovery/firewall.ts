// Who may reach the web ports, and how patient the host is with failed logins.
import * as fail2ban from '../commands/fail2ban.js';
import * as ufw from '../commands/ufw.js';
import { CLOUDFLARE } from '../steps/cloudflare-ranges.js';
import { defineDiscovery, found } from './define.js';

const WEB = ['80', '443'];

const isWeb = (rule: ufw.Rule): boolean =>
  ufw.admits(rule) && rule.protocol !== 'udp' && rule.ports.split(',').every((port) => WEB.includes(port));

function sources(rules: readonly ufw.Rule[]): string | string[] {
  const from = [...new Set(rules.filter(isWeb).map((rule) => rule.from))];
  if (from.length === 0) return 'none';
  if (from.includes('any')) return 'any';
  return from.every((one) => CLOUDFLARE.ranges.includes(one)) ? 'cloudflare' : from;
}

export const discoverFirewall = defineDiscovery({
  id: 'firewall',
  facts: () => ({ firewall: ufw.state, jail: { ...fail2ban.sshd, absent: null } }),
  found: ({ firewall, jail }) => [
    ...found('firewall.web_sources', firewall.isEnabled ? sources(firewall.rules) : undefined, 'ufw'),
    ...found('firewall.fail2ban.max_retry', jail?.maxRetry, 'fail2ban, jail sshd'),
    ...found('firewall.fail2ban.ban_seconds', jail?.banSeconds, 'fail2ban, jail sshd'),
    ...found('firewall.fail2ban.find_seconds', jail?.findSeconds, 'fail2ban, jail sshd'),
  ],
});
