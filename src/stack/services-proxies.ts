// What stands before the gateway for the web: Caddy with published ports, or a tunnel that needs none.
import type { Server } from '../model.js';
import { HEALTH_PORT } from './caddyfile.js';
import { hasFilebrowser } from './convenience.js';
import { pinned } from './images.js';
import { proxyAddress } from './proxy-net.js';
import { bind, EGRESS_NET, FILES_NET, fromEnv, healthy, PROXY_NET, type Service } from './service.js';

/** Published ports and the way to the authority are egress-net's: proxy-net has no route out, for the gateway's sake. */
const networks = (server: Server): Record<string, object> => ({
  [EGRESS_NET]: {},
  [PROXY_NET]: { ipv4_address: proxyAddress(server) },
});

const NETWORKS_NOTE = 'Only this address is believed by the gateway about whom it speaks for.';

export const caddy = (server: Server): Service => ({
  service: 'caddy',
  container: 'openclaw-caddy',
  image: pinned(server, 'caddy'),
  definition: {
    cap_add: ['NET_BIND_SERVICE'],
    ports: ['80:80', '443:443'],
    ...(server.proxy.oidc.enabled
      ? { environment: { OIDC_CLIENT_SECRET: fromEnv('OIDC_CLIENT_SECRET') } }
      : {}),
    volumes: [bind('./Caddyfile', '/etc/caddy/Caddyfile'), 'caddy-data:/data', 'caddy-config:/config'],
    tmpfs: ['/tmp:size=16m,mode=1777'],
    networks: { ...networks(server), ...(hasFilebrowser(server) ? { [FILES_NET]: {} } : {}) },
    depends_on: healthy('openclaw'),
  },
  notes: { networks: NETWORKS_NOTE },
  health: {
    test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${HEALTH_PORT}/`],
    startSeconds: 30,
  },
  reads: ['Caddyfile'],
});

const METRICS = ['--metrics', '127.0.0.1:2000'];

export const cloudflared = (server: Server): Service => ({
  service: 'cloudflared',
  container: 'openclaw-tunnel',
  image: pinned(server, 'cloudflared'),
  definition: {
    command: ['tunnel', '--no-autoupdate', ...METRICS, 'run'],
    environment: { TUNNEL_TOKEN: fromEnv('TUNNEL_TOKEN') },
    networks: networks(server),
    depends_on: healthy('openclaw'),
  },
  notes: { networks: NETWORKS_NOTE },
  health: {
    test: ['CMD', 'cloudflared', 'tunnel', ...METRICS, 'ready'],
    startSeconds: 60,
    startInterval: '1s',
  },
  reads: [],
});
