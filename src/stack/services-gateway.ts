// The gateway itself: OpenClaw, its state on a bind mount, its secrets beside it, and no way out but the egress proxy.
import type { Server } from '../model.js';
import { hasUploads, UPLOADS, UPLOADS_MOUNT } from './convenience.js';
import { sandboxFolders } from './docker-door.js';
import { pinned } from './images.js';
import { isReference } from './needs.js';
import { WEBHOOK_TOKEN_VARIABLE } from './openclaw-channels.js';
import { SKILLS_MOUNT, skillsOf } from './pins.js';
import { GATEWAY_PORT, gatewayAddress } from './proxy-net.js';
import { bind, CORE_NET, DOCKER_NET, fromEnv, healthy, literal, PROXY_NET, type Service } from './service.js';

/** User `node` of the official image. */
export const GATEWAY_USER = '1000';

export const EGRESS_URL = 'http://openclaw-egress:4750';

/** Name in .env of a variable of `openclaw.extra_env` that refers to a secret: apart from keys of the same name. */
export const extraVariable = (name: string): string => `EXTRA_${name}`;

export const gateway = (server: Server): Service => ({
  service: 'openclaw',
  container: 'openclaw',
  image: pinned(server, 'openclaw'),
  definition: {
    command: ['sh', '-c', 'umask 077 && exec node openclaw.mjs gateway'],
    hostname: 'openclaw',
    init: true,
    user: `${GATEWAY_USER}:${GATEWAY_USER}`,
    environment: environment(server),
    volumes: [
      bind('./data', '/home/node/.openclaw', { writable: true }),
      bind('./secrets/openclaw', '/home/node/.config/clincher'),
      // Not in its own folder: what the gateway is told, it must not be able to write.
      ...(skillsOf(server).length > 0 ? [bind('./skills', SKILLS_MOUNT)] : []),
      ...(hasUploads(server) ? [bind(`./${UPLOADS}`, UPLOADS_MOUNT, { writable: true })] : []),
      ...(usesDocker(server) ? sandboxMounts(server) : []),
    ],
    tmpfs: ['/tmp:size=256m,mode=1777', `/home/node/.cache:size=64m,mode=0700,uid=${GATEWAY_USER}`],
    networks: {
      [CORE_NET]: {},
      [PROXY_NET]: { ipv4_address: gatewayAddress(server) },
      ...(usesDocker(server) ? { [DOCKER_NET]: {} } : {}),
    },
    depends_on: healthy(
      'openclaw-egress',
      'litellm',
      ...(usesDocker(server) ? (['docker-proxy'] as const) : []),
    ),
    stop_grace_period: `${stopSeconds(server)}s`,
  },
  notes: {
    hostname:
      'Since 2026.8 a lease in the state names the host that holds it, for five minutes: a state that was restored is nobody else’s.',
    command:
      'Without --allow-unconfigured: no configuration, no start. Files of its own making are for itself alone.',
    volumes: 'A bind mount, where the image keeps its state; what is elsewhere is gone with the container.',
    environment: 'No key of a provider: models are asked through LiteLLM, which holds them.',
    stop_grace_period:
      'It lets conversations end. Newer versions wait for Telegram up to 325 s when they cannot reach it.',
  },
  health: {
    test: ['CMD', 'curl', '-fsS', '-o', '/dev/null', `http://127.0.0.1:${GATEWAY_PORT}/healthz`],
    startSeconds: 180,
    timeoutSeconds: 10,
  },
  reads: ['secrets/openclaw/secrets.json'],
});

/** Official images have no client of Docker's: the host's own is put where every PATH finds it first. */
const sandboxMounts = (server: Server): Record<string, unknown>[] => [
  bind('/usr/bin/docker', '/usr/local/bin/docker'),
  ...sandboxFolders(server).map(({ source, inGateway }) => bind(source, inGateway, { writable: true })),
];

export const usesDocker = ({ openclaw }: Pick<Server, 'openclaw'>): boolean => openclaw.sandbox === 'docker';

/** Ours last: an extra variable must not open what ours close. */
const environment = (server: Server): Record<string, string> => ({
  ...extras(server),
  ...(server.channels.webhook.enabled ? { [WEBHOOK_TOKEN_VARIABLE]: fromEnv(WEBHOOK_TOKEN_VARIABLE) } : {}),
  ...(usesDocker(server) ? { DOCKER_HOST: 'tcp://openclaw-docker-proxy:2375' } : {}),
  ...proxied('openclaw-litellm', ...(usesDocker(server) ? ['openclaw-docker-proxy'] : [])),
  // A bridge network has nobody to announce to.
  OPENCLAW_DISABLE_BONJOUR: '1',
  // A new process of its own making would leave process 1, and with it the container would end.
  OPENCLAW_NO_RESPAWN: '1',
  // Versions change by their digest in the lock file, after a snapshot.
  OPENCLAW_NO_AUTO_UPDATE: '1',
  NODE_OPTIONS: '--dns-result-order=ipv4first',
  TZ: server.stack.timezone,
});

const extras = ({ openclaw }: Server): Record<string, string> =>
  Object.fromEntries(
    Object.entries(openclaw.extra_env).map(([name, value]) => [
      name,
      isReference(value) ? fromEnv(extraVariable(name)) : literal(value),
    ]),
  );

/** There is no route past the egress proxy; these names only tell programs where it is. */
export const proxied = (...direct: string[]): Record<string, string> => ({
  HTTP_PROXY: EGRESS_URL,
  HTTPS_PROXY: EGRESS_URL,
  NO_PROXY: [...direct, 'localhost', '127.0.0.1'].join(','),
});

/** Up to June 2026 it stops within 2 s whatever Telegram does; what tells no version is taken for a newer one. */
const stopSeconds = ({ channels, stack }: Server): number =>
  channels.telegram.enabled && !isBefore(stack.images.openclaw.version, 2026, 7) ? 330 : 30;

function isBefore(version: string, year: number, month: number): boolean {
  const [, y, m] = /^v?(\d{4})\.(\d{1,2})\./.exec(version) ?? [];
  return y !== undefined && Number(y) * 12 + Number(m) < year * 12 + month;
}
