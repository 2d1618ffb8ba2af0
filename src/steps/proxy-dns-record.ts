// How the world shows that a person has made the DNS record of the gateway's public name.
import { sh } from '../commands/shell.js';
import type { Command, Server } from '../model.js';

/** A line of addresses for each name, as the server itself resolves them; an address resolves to itself. */
const ADDRESSES =
  'for name in "$@"; do getent ahosts "$name" | cut -d" " -f1 | sort -u | tr "\\n" " "; echo; done';

export const readDnsRecord = ({ proxy, address }: Server): Command =>
  sh(ADDRESSES, proxy.domain ?? '', address);

/** Behind Cloudflare's proxy the name leads to Cloudflare; what is behind it shows when it is asked from outside. */
export function seenDnsRecord(stdout: string, server: Server): { done: boolean; note: string } {
  const [domain = [], own = []] = stdout
    .split('\n')
    .map((line) => [...new Set(line.trim().split(' ').filter(Boolean))]);
  if (domain.length === 0) return { done: false, note: `${server.proxy.domain} has no DNS record yet` };
  const leads = `${server.proxy.domain} leads to ${domain.join(', ')}`;
  const isHere =
    server.firewall.web_sources === 'cloudflare' || domain.some((address) => own.includes(address));
  return isHere ? { done: true, note: leads } : { done: false, note: `${leads}, not to ${server.address}` };
}
