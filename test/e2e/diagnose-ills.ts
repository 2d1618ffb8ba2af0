// What ails a host in the proof of diagnose: each row of the guide's table caused for real, one after the other.
import { OPENCLAW } from './memory.js';
import { compose, egress, FOLDER, litellm, openclaw, type Sabotage, type Tree } from './sabotage.js';
import { DOMAIN } from './stack-stage.js';

export interface Ill extends Omit<Sabotage, 'fails' | 'differs' | 'blinds'> {
  /** Which row has to be named, and which of its causes. */
  row: string;
  cause: string;
  /** On the host: it fails as long as it is not mended. */
  well: string;
  /** What the repair asks for by a gate of its own. */
  asks?: { gate: string; secret: 'a new bot' };
  /** Somebody else reads the bot's messages until it is found. */
  isRead?: true;
  /** What stood in for what a lab host cannot have; taken away at the end. */
  standIn?: string;
}

const healthy = (container: string): string =>
  `docker inspect -f '{{.State.Status}} {{.State.Health.Status}} {{.RestartCount}}' ${container} | grep -qx 'running healthy 0'`;

const READY = 'docker exec openclaw curl -fsS -o /dev/null http://127.0.0.1:18789/readyz';

const SWAP = `sed -e 's/^SwapTotal:.*/SwapTotal:       2097152 kB/' -e 's/^SwapFree:.*/SwapFree:         204800 kB/' /proc/meminfo >/run/meminfo && mount --bind /run/meminfo /proc/meminfo && sysctl -q -w vm.swappiness=60`;

const STATE = `docker exec -u 1000:1000 openclaw sh -c`;

export const ILLS: readonly Ill[] = [
  {
    row: 'diagnose.loop',
    cause: 'loop-files',
    name: 'a file that the egress proxy cannot read',
    run: 'chmod 000 config/smokescreen-acl.yaml && docker restart openclaw-egress >/dev/null; sleep 30',
    well: healthy('openclaw-egress'),
  },
  {
    row: 'diagnose.oom',
    cause: 'oom-limit-here',
    name: 'LiteLLM with a tenth of its memory',
    file: {
      path: 'docker-compose.yml',
      change: ({ services }: Tree) => {
        services.litellm.deploy.resources.limits.memory = '80m';
      },
    },
    run: 'docker compose up -d --no-deps litellm >/dev/null 2>&1; sleep 40',
    well: healthy('openclaw-litellm'),
  },
  {
    row: 'diagnose.config',
    cause: 'config-settings',
    name: 'a setting that this version does not take',
    file: {
      path: 'data/openclaw.json',
      change: (config: Tree) => (config.agents.defaults.sandbox.mode = 'sometimes'),
    },
    run: 'docker restart -t 30 openclaw >/dev/null; sleep 45',
    well: READY,
  },
  {
    row: 'diagnose.channel',
    cause: 'telegram-held-back',
    name: 'a channel that the gateway holds back since it ended in a loop',
    // It lets go five minutes after the last sudden end.
    run: 'sleep 200',
    well: READY,
  },
  {
    row: 'diagnose.swap',
    cause: 'swappiness',
    name: 'a kernel that swaps early, and a swap that is full (a stand-in: a lab host has no swap of its own)',
    run: SWAP,
    well: 'sysctl -n vm.swappiness | grep -qx 10',
    standIn: 'umount /proc/meminfo',
  },
  {
    row: 'diagnose.redis',
    cause: 'redis-down',
    name: 'Redis stopped',
    run: 'docker stop -t 5 openclaw-redis >/dev/null',
    well: healthy('openclaw-redis'),
  },
  {
    row: 'diagnose.models',
    cause: 'litellm-down',
    name: 'LiteLLM stopped',
    run: 'docker stop -t 5 openclaw-litellm >/dev/null',
    well: healthy('openclaw-litellm'),
  },
  {
    row: 'diagnose.sandbox-door',
    cause: 'docker-proxy-down',
    name: 'the socket proxy stopped',
    run: 'docker stop -t 5 openclaw-docker-proxy >/dev/null',
    well: healthy('openclaw-docker-proxy'),
  },
  {
    row: 'diagnose.cache',
    cause: 'cache-settings',
    name: 'LiteLLM without a cache',
    ...litellm((config) => {
      config.litellm_settings.cache = false;
      delete config.litellm_settings.cache_params;
    }),
    well: `grep -q '^ *cache: true' ${FOLDER}/config/litellm-config.yaml && ${healthy('openclaw-litellm')}`,
  },
  {
    row: 'diagnose.providers',
    cause: 'litellm-proxy',
    name: 'LiteLLM told of another egress proxy',
    ...compose((services) => {
      services.litellm.environment.HTTPS_PROXY = 'http://openclaw-egres:4750';
    }, 'litellm'),
    well: 'docker exec openclaw-litellm printenv HTTPS_PROXY | grep -qx http://openclaw-egress:4750',
  },
  {
    row: 'diagnose.egress',
    cause: 'egress-list',
    name: 'a needed name taken off the egress list',
    ...egress((list) => (list.allowed_domains = ['example.org'])),
    well: `! grep -q example.org ${FOLDER}/config/smokescreen-acl.yaml && ${healthy('openclaw-egress')}`,
  },
  {
    row: 'diagnose.gateway-auth',
    cause: 'gateway-token',
    name: 'the gateway’s token changed by hand',
    file: {
      path: 'secrets/openclaw/secrets.json',
      change: (secrets: Tree) => (secrets.gatewayToken = 'f'.repeat(64)),
    },
    well: `! grep -q ffffffff ${FOLDER}/secrets/openclaw/secrets.json && ${READY}`,
  },
  {
    row: 'diagnose.gateway-unreachable',
    cause: 'gateway-door',
    name: 'the gateway listening on loopback alone',
    ...openclaw((config) => (config.gateway.bind = 'loopback')),
    well: `curl -ksf -o /dev/null --resolve ${DOMAIN}:443:$(hostname -I | cut -d' ' -f1) https://${DOMAIN}/healthz`,
  },
  {
    row: 'diagnose.sandbox-client',
    cause: 'docker-client',
    name: 'Docker’s client no longer mounted into the gateway',
    ...compose((services) => {
      services.openclaw.volumes = services.openclaw.volumes.filter(
        ({ target }: Tree) => target !== '/usr/local/bin/docker',
      );
    }, 'openclaw'),
    well: `docker exec openclaw sh -c 'command -v docker' >/dev/null && ${READY}`,
  },
  {
    row: 'diagnose.channel',
    cause: 'telegram-token-here',
    name: 'another bot’s token on the server',
    file: {
      path: 'secrets/openclaw/secrets.json',
      change: (secrets: Tree) => (secrets.telegramToken = `123456789:${'AnotherBot'.repeat(4).slice(0, 35)}`),
    },
    well: `! grep -q AnotherBot ${FOLDER}/secrets/openclaw/secrets.json && ${READY}`,
  },
  {
    row: 'diagnose.telegram-drops',
    cause: 'telegram-second-reader',
    name: 'somebody else who has the bot’s token',
    isRead: true,
    asks: { gate: 'new-telegram-token', secret: 'a new bot' },
    well: READY,
  },
  {
    row: 'diagnose.memory',
    cause: 'memory-index',
    name: 'the index of the memory thrown away',
    run: `${STATE} 'cd /home/node/.openclaw/workspace && echo "The heron of this deployment is grey." >MEMORY.md && touch -d "3 days ago" MEMORY.md' && ${OPENCLAW('memory reset --yes')} >/dev/null`,
    well: READY,
  },
];
