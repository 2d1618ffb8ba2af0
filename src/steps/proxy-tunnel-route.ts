// How the world shows that a person has routed the public name into the Cloudflare tunnel.
import type { Command, Server } from '../model.js';

/** From the server itself: its request goes out to Cloudflare and comes back through the tunnel. */
export const readTunnelRoute = (server: Server): Command => [
  ...['curl', '-s', '--max-time', '10', '-o', '/dev/null', '-w', '%{http_code} %{exitcode}'],
  `https://${server.proxy.domain}/healthz`,
];

/** A proxied record looks like any other from outside, so it is the answer that is looked at, not the DNS. */
export function seenTunnelRoute(stdout: string): { done: boolean; note: string } {
  const [status = '000', exit = ''] = stdout.trim().split(' ');
  if (status === '200') return { done: true, note: 'the gateway answers under its public name' };
  return { done: false, note: NOT_YET[status === '000' ? `curl ${exit}` : status] ?? `it answers ${status}` };
}

const NOT_YET: Readonly<Record<string, string>> = {
  'curl 6': 'the name has no DNS record yet',
  'curl 7': 'nothing listens there: the record does not lead to Cloudflare',
  'curl 28': 'no answer in time',
  'curl 60': 'the certificate is not of this name: the record does not lead to Cloudflare',
  '530': 'Cloudflare knows the name, and no tunnel that takes it',
  '502': 'the tunnel is there, and does not reach the gateway',
  '404': 'the tunnel is there, and has no route for this name',
};
