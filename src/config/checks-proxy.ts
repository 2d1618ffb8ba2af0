// Cross-checks of the way in from outside: what a reverse proxy, its certificate and single sign-on need of the rest.
import { overlap, parseNetwork } from './network.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export function checkProxy(server: NamedServer): Finding[] {
  return [...kind(server), ...caddy(server), ...certificate(server), ...signOn(server), ...subnet(server)];
}

function kind({ proxy, tailscale }: NamedServer): Finding[] {
  if ((proxy.kind === 'caddy' || proxy.kind === 'tunnel') && proxy.domain === undefined)
    return [
      finding(
        'proxy.domain',
        `is missing: \`proxy.kind: ${proxy.kind}\` needs the public name of the gateway`,
      ),
    ];
  if (proxy.kind === 'tailscale' && !tailscale.enabled)
    return [finding('proxy.kind', '`tailscale` needs `tailscale.enabled: true`, or there is no tailnet')];
  return [];
}

function caddy({ proxy, firewall }: NamedServer): Finding[] {
  if (proxy.kind !== 'caddy' || !firewall.enabled) return [];
  if (firewall.web_sources === 'none')
    return [
      finding(
        'firewall.web_sources',
        'is `none`, so nobody would reach Caddy; name who may, or take `proxy.kind: tunnel` or `tailscale`, which need no open port',
      ),
    ];
  return firewall.web_ports.includes(443)
    ? []
    : [finding('firewall.web_ports', 'lacks 443, so nobody would reach Caddy')];
}

/**
 * An authority proves the name over port 80, from places that it does not tell. Behind Cloudflare that comes through its
 * proxy; a proof over 443 (TLS-ALPN) would not.
 */
function certificate({ proxy, firewall }: NamedServer): Finding[] {
  const { enabled, web_sources, web_ports } = firewall;
  if (proxy.kind !== 'caddy' || proxy.tls !== 'acme' || !enabled || web_sources === 'none') return [];
  if (Array.isArray(web_sources) && !web_sources.some((source) => parseNetwork(source)?.prefix === 0))
    return [finding('firewall.web_sources', SHUT_OUT)];
  return web_ports.includes(80) ? [] : [finding('firewall.web_ports', NO_PORT_80)];
}

const SHUT_OUT =
  'shuts out the certificate authority, which comes to port 80 from anywhere, so Caddy would never get a certificate; take `any`, `cloudflare` (the name must be proxied there), or `proxy.tls: internal`';
const NO_PORT_80 =
  'lacks 80, where the certificate authority proves the name, so Caddy would never get a certificate; add it, or take `proxy.tls: internal`';

function signOn({ proxy }: NamedServer): Finding[] {
  const { oidc } = proxy;
  if (!oidc.enabled) return [];
  if (proxy.kind !== 'caddy')
    return [finding('proxy.oidc.enabled', 'needs `proxy.kind: caddy`, which asks for the sign-on')];
  const missing = (['issuer', 'client_id'] as const).filter((key) => oidc[key] === undefined);
  return missing.map((key) => finding(`proxy.oidc.${key}`, 'is missing: `proxy.oidc.enabled` needs it'));
}

/** Packets to an address in it go into a bridge of Docker's, and never to the network. */
function subnet({ stack, address, ssh }: NamedServer): Finding[] {
  const range = parseNetwork(stack.proxy_subnet);
  const inside = (text: string | undefined): boolean => {
    const other = parseNetwork(text ?? '');
    return (
      range !== undefined && other !== undefined && overlap(range, other) && other.prefix >= range.prefix
    );
  };
  const whose: [string, boolean][] = [
    ['the server’s own address', inside(address)],
    ['the address of the jump host', inside(ssh.jump?.address)],
    ['an admin address', ssh.admin_addresses.some(inside)],
  ];
  return whose
    .filter(([, isInside]) => isInside)
    .map(([what]) =>
      finding('stack.proxy_subnet', `holds ${what}, which would be unreachable; take another`),
    );
}
