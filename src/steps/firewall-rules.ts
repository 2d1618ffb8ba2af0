// Every rule that the firewall should have, by the step that answers for it. What is not here is not admitted.
import { canonical, type Rule, rule } from '../commands/ufw.js';
import type { Server } from '../model.js';
import { CONTROL_NETWORK, hasControl } from '../stack/control.js';
import { CLOUDFLARE } from './cloudflare-ranges.js';

/** Tailscale's own range of carrier-grade NAT, and of IPv6. */
const TAILNET = ['100.64.0.0/10', 'fd7a:115c:a1e0::/48'];

const hasIpv6 = (want: Server) => (network: string) => want.system.ipv6 || !network.includes(':');

/** `limit`: the sixth connection within 30 seconds is refused, which slows a stolen address down. */
export const sshRules = (want: Server): Rule[] =>
  want.ssh.admin_addresses.filter(hasIpv6(want)).map((from) => rule('limit', from, [want.ssh.port]));

/** Workers of a control plane on this very server log in here too, by their own network, several at once. */
export const controlRules = (want: Server): Rule[] =>
  hasControl(want) ? [rule('allow', CONTROL_NETWORK, [want.ssh.port])] : [];

export function webSources(want: Server): string[] {
  const { web_sources } = want.firewall;
  if (web_sources === 'none') return [];
  if (web_sources === 'any') return ['any'];
  const ranges = web_sources === 'cloudflare' ? CLOUDFLARE.ranges : web_sources;
  return ranges.filter(hasIpv6(want)).map(canonical);
}

export const webRules = (want: Server): Rule[] =>
  webSources(want).map((from) => rule('allow', from, want.firewall.web_ports));

export const tailnetRules = (want: Server): Rule[] =>
  want.tailscale.enabled
    ? TAILNET.filter(hasIpv6(want)).map((from) => rule('allow', from, [want.ssh.port]))
    : [];

/** Over the tailnet alone: then the admin addresses have had their use. */
export const allRules = (want: Server): Rule[] => [
  ...sshRules(want),
  ...webRules(want),
  ...tailnetRules(want),
  ...controlRules(want),
];
