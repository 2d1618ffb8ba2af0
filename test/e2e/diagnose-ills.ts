// What ails a host in the proof of diagnose: each row of the guide's table caused for real, those that do not disturb each other at once.
import { OPENCLAW } from './memory.js';
import { egress, FOLDER, openclaw, type Sabotage, type Tree } from './sabotage.js';
import { DOMAIN } from './stack-stage.js';

export interface Ill extends Omit<Sabotage, 'fails' | 'differs' | 'blinds' | 'undo'> {
  /** Which row has to be named, and which of its causes. */
  row: string;
  cause: string;
  /** Words of its evidence, where another ill of the group could be mistaken for it. */
  seen?: RegExp;
  /** On the host: holds once it has begun to show. */
  shows?: string;
  /** On the host: it fails as long as it is not mended. */
  well: string;
  /** What the repair asks for by a gate of its own. */
  asks?: { gate: string; secret: 'a new bot' };
  /** Somebody else reads the bot's messages until it is found. */
  isRead?: true;
  /** What stood in for what a lab host cannot have; taken away at the end. */
  standIn?: string;
}

export interface Group {
  /** Caused at once, named by one diagnosis, mended by one answer. */
  ills: readonly Ill[];
  /** Comes of it, and is found by the look after the repair. */
  follows?: Ill;
}

const healthy = (container: string): string =>
  `docker inspect -f '{{.State.Status}} {{.State.Health.Status}} {{.RestartCount}}' ${container} | grep -qx 'running healthy 0'`;

const READY = 'docker exec openclaw curl -fsS -o /dev/null http://127.0.0.1:18789/readyz';

const stopped = (container: string): string => `docker stop -t 5 ${container} >/dev/null`;

/** A container that was made with `--no-deps` is another one to compose, and everybody would be made anew by the repair. */
const taken = (service: string): string => `docker compose up -d --wait ${service} >/dev/null 2>&1`;

const startedOver = (container: string, times: number): string =>
  `for n in $(seq 90); do [ "$(docker inspect -f '{{.RestartCount}}' ${container})" -ge ${times} ] && exit 0; sleep 1; done; exit 1`;

const compose = (change: (services: Tree) => void) => ({
  path: 'docker-compose.yml',
  change: (file: Tree) => change(file.services),
});

const secrets = (change: (secrets: Tree) => void) => ({ path: 'secrets/openclaw/secrets.json', change });

const SWAP = `sed -e 's/^SwapTotal:.*/SwapTotal:       2097152 kB/' -e 's/^SwapFree:.*/SwapFree:         204800 kB/' /proc/meminfo >/run/meminfo && mount --bind /run/meminfo /proc/meminfo && sysctl -q -w vm.swappiness=60`;

const REMEMBER = `docker exec -u 1000:1000 openclaw sh -c 'umask 077; cd /home/node/.openclaw/workspace && echo "The heron of this deployment is grey." >MEMORY.md && touch -d "3 days ago" MEMORY.md'`;

/** The lab's image has a client of Docker's own, which the official one has not: it is hidden as well. */
function withoutClient({ openclaw: { volumes } }: Tree): void {
  const mount = volumes.find(({ target }: Tree) => target === '/usr/local/bin/docker');
  mount.source = '/etc/hostname';
  volumes.push({ ...mount, target: '/usr/bin/docker' });
}

const STOPPED: Group = {
  ills: [
    {
      row: 'diagnose.redis',
      cause: 'redis-down',
      name: 'Redis stopped',
      run: stopped('openclaw-redis'),
      well: healthy('openclaw-redis'),
    },
    {
      row: 'diagnose.models',
      cause: 'litellm-down',
      name: 'LiteLLM stopped',
      run: stopped('openclaw-litellm'),
      well: healthy('openclaw-litellm'),
    },
    {
      row: 'diagnose.sandbox-door',
      cause: 'docker-proxy-down',
      name: 'the socket proxy stopped',
      run: stopped('openclaw-docker-proxy'),
      well: healthy('openclaw-docker-proxy'),
    },
  ],
};

const WAYS_OUT: Group = {
  ills: [
    {
      row: 'diagnose.cache',
      cause: 'cache-settings',
      name: 'LiteLLM without a cache',
      file: {
        path: 'config/litellm-config.yaml',
        change: ({ litellm_settings: settings }: Tree) => {
          settings.cache = false;
          delete settings.cache_params;
        },
      },
      well: `grep -q '^ *cache: true' ${FOLDER}/config/litellm-config.yaml && ${healthy('openclaw-litellm')}`,
    },
    {
      row: 'diagnose.providers',
      cause: 'litellm-proxy',
      name: 'LiteLLM told of another egress proxy',
      file: compose(({ litellm }) => {
        litellm.environment.HTTPS_PROXY = 'http://openclaw-egres:4750';
      }),
      run: taken('litellm'),
      well: 'docker exec openclaw-litellm printenv HTTPS_PROXY | grep -qx http://openclaw-egress:4750',
    },
    {
      row: 'diagnose.egress',
      cause: 'egress-list',
      name: 'a needed name taken off the egress list',
      ...egress((list) => (list.allowed_domains = ['example.org'])),
      well: `! grep -q example.org ${FOLDER}/config/smokescreen-acl.yaml && ${healthy('openclaw-egress')}`,
    },
  ],
};

const GATEWAY: Group = {
  ills: [
    {
      row: 'diagnose.gateway-unreachable',
      cause: 'gateway-door',
      name: 'the gateway listening on loopback alone',
      ...openclaw((config) => (config.gateway.bind = 'loopback')),
      well: `curl -ksf -o /dev/null --resolve ${DOMAIN}:443:$(hostname -I | cut -d' ' -f1) https://${DOMAIN}/healthz`,
    },
    {
      row: 'diagnose.memory',
      cause: 'memory-index',
      name: 'the index of the memory thrown away',
      run: `${REMEMBER} && ${OPENCLAW('memory reset --yes')} >/dev/null`,
      well: READY,
    },
    {
      row: 'diagnose.channel',
      cause: 'telegram-token-here',
      name: 'another bot’s token on the server',
      file: secrets((held) => {
        held.telegramToken = `123456789:${'AnotherBot'.repeat(4).slice(0, 35)}`;
      }),
      well: `! grep -q AnotherBot ${FOLDER}/secrets/openclaw/secrets.json && ${READY}`,
    },
  ],
};

const HANDS: Group = {
  ills: [
    {
      row: 'diagnose.sandbox-client',
      cause: 'docker-client',
      name: 'Docker’s client no longer mounted into the gateway',
      file: compose(withoutClient),
      run: taken('openclaw'),
      well: `docker exec openclaw docker --version >/dev/null && ${READY}`,
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
      row: 'diagnose.gateway-auth',
      cause: 'gateway-token',
      name: 'the gateway’s token changed by hand',
      file: secrets((held) => (held.gatewayToken = 'f'.repeat(64))),
      well: `! grep -q ffffffff ${FOLDER}/secrets/openclaw/secrets.json && ${READY}`,
    },
  ],
};

/** LiteLLM first: compose does not start it where the egress proxy is not well. */
const LOOPS: Group = {
  ills: [
    {
      row: 'diagnose.oom',
      cause: 'oom-limit-here',
      name: 'LiteLLM with a tenth of its memory',
      file: compose(({ litellm }) => (litellm.deploy.resources.limits.memory = '80m')),
      run: 'docker compose up -d litellm >/dev/null 2>&1',
      shows: startedOver('openclaw-litellm', 1),
      well: healthy('openclaw-litellm'),
    },
    {
      row: 'diagnose.loop',
      cause: 'loop-files',
      name: 'a file that the egress proxy cannot read',
      seen: /openclaw-egress (is restarting|was started over)/,
      run: 'chmod 000 config/smokescreen-acl.yaml && docker restart openclaw-egress >/dev/null',
      shows: startedOver('openclaw-egress', 4),
      well: healthy('openclaw-egress'),
    },
    {
      row: 'diagnose.config',
      cause: 'config-settings',
      name: 'a setting that this version does not take',
      file: {
        path: 'data/openclaw.json',
        change: (config: Tree) => (config.agents.defaults.sandbox.mode = 'sometimes'),
      },
      run: 'docker restart -t 30 openclaw >/dev/null',
      shows: startedOver('openclaw', 3),
      well: READY,
    },
  ],
  follows: {
    row: 'diagnose.channel',
    cause: 'telegram-held-back',
    name: 'a channel that the gateway holds back since it ended in a loop',
    well: `${OPENCLAW('channels status --json')} | grep -q '"running": *true'`,
  },
};

const READER: Group = {
  ills: [
    {
      row: 'diagnose.telegram-drops',
      cause: 'telegram-second-reader',
      name: 'somebody else who has the bot’s token',
      isRead: true,
      asks: { gate: 'new-telegram-token', secret: 'a new bot' },
      well: READY,
    },
  ],
};

export const GROUPS: readonly Group[] = [LOOPS, STOPPED, WAYS_OUT, HANDS, GATEWAY, READER];
