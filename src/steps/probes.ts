// How the world shows that a person has done their part, so that a gate closes by itself.

import * as tailscale from '../commands/tailscale.js';
import type { Probe } from '../model.js';
import { readDnsRecord, seenDnsRecord } from './proxy-dns-record.js';
import { readTunnelRoute, seenTunnelRoute } from './proxy-tunnel-route.js';

export const PROBES: Readonly<Record<string, Probe>> = {
  'tailscale-up': {
    read: () => tailscale.status.read,
    seen(stdout) {
      const { isUp, loginUrl, address } = tailscale.parseStatus(stdout);
      if (isUp) return { done: true, note: `the node is up as ${address}` };
      return { done: false, note: loginUrl ? `log in at ${loginUrl}` : 'the node asks for no login yet' };
    },
  },
  'dns-record': { read: readDnsRecord, seen: seenDnsRecord },
  'tunnel-route': { read: readTunnelRoute, seen: seenTunnelRoute },
};
