// What a person typed who set a server up by hand: a user, SSH, a firewall, Docker, and a stack of their own.
import { randomBytes } from 'node:crypto';
import type { StackImage, StackImages } from '../lab/images/stack.js';
import { labKey } from '../lab/key.js';
import { machineAddress } from '../lab/network.js';

export const USER = 'ada';
export const PORT = 2222;
export const PROJECT = 'claw';
export const FOLDER = `/srv/${PROJECT}`;
export const OPENCLAW = '2026.9.6';
export const DOMAIN = 'claw.byhand.test';

const DAEMON = {
  'log-driver': 'json-file',
  'log-opts': { 'max-size': '5m', 'max-file': '7' },
  'live-restore': true,
  'default-ulimits': { nofile: { Name: 'nofile', Soft: 4096, Hard: 4096 } },
  dns: ['9.9.9.9'],
  'max-concurrent-downloads': 4,
  'max-concurrent-uploads': 2,
};

export interface Typed {
  line: string;
  input?: string;
}

/** As somebody does it who has read the guide, and has an opinion. */
export const host = (): Typed[] => [
  {
    line: 'export DEBIAN_FRONTEND=noninteractive; apt-get -q update && apt-get -qy install ufw fail2ban python3-systemd unattended-upgrades docker.io docker-cli docker-compose docker-buildx',
  },
  { line: `useradd -m -s /bin/bash -G sudo,docker ${USER}; usermod -p '*' ${USER}` },
  {
    // And uses it: Debian's sudo leaves a file in the home of whoever does so for the first time.
    line: `echo '${USER} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${USER}; chmod 440 /etc/sudoers.d/${USER}; runuser -u ${USER} -- sudo -n true`,
  },
  {
    line: `install -d -m 700 -o ${USER} -g ${USER} /home/${USER}/.ssh; cat >/home/${USER}/.ssh/authorized_keys; chown ${USER}:${USER} /home/${USER}/.ssh/authorized_keys; chmod 600 /home/${USER}/.ssh/authorized_keys`,
    input: `${labKey().publicKey}\n`,
  },
  {
    line: `printf 'Port ${PORT}\\nPermitRootLogin no\\nPasswordAuthentication no\\n' >/etc/ssh/sshd_config.d/10-mine.conf; systemctl restart ssh`,
  },
  {
    line: `ufw default deny incoming; ufw limit proto tcp from ${machineAddress} to any port ${PORT}; ufw allow proto tcp from any to any port 80,443; ufw --force enable; systemctl enable ufw`,
  },
  {
    line: `printf '[DEFAULT]\\nmaxretry = 5\\nbantime = 7200\\nfindtime = 300\\n[sshd]\\nenabled = true\\nbackend = systemd\\nport = ${PORT}\\n' >/etc/fail2ban/jail.local; systemctl restart fail2ban; systemctl enable fail2ban`,
  },
  {
    line: `printf 'net.core.somaxconn = 8192\\nvm.swappiness = %s\\n' "$(cat /proc/sys/vm/swappiness)" >/etc/sysctl.d/50-mine.conf; sysctl -q -w net.core.somaxconn=8192`,
  },
  {
    line: `printf 'Unattended-Upgrade::Automatic-Reboot "false";\\nUnattended-Upgrade::Automatic-Reboot-Time "02:30";\\n' >/etc/apt/apt.conf.d/52mine`,
  },
  {
    line: 'mkdir -p /etc/docker; cat >/etc/docker/daemon.json; systemctl restart docker; systemctl enable docker',
    input: `${JSON.stringify(DAEMON)}\n`,
  },
];

export const SECRETS = {
  OPENAI_API_KEY: `sk-by-hand-${randomBytes(24).toString('hex')}`,
  OPENCLAW_GATEWAY_TOKEN: randomBytes(24).toString('hex'),
};
const DOTENV = Object.entries(SECRETS).map(([name, value]) => `${name}=${value}\n`);

const COMPOSE = `services:
  openclaw:
    image: ghcr.io/openclaw/openclaw:${OPENCLAW}
    environment:
      OPENCLAW_GATEWAY_TOKEN: \${OPENCLAW_GATEWAY_TOKEN}
    restart: unless-stopped
  redis:
    image: redis/redis-stack-server:7.4.0-v3
  caddy:
    image: caddy:2.8.4-alpine
    ports: ['80:80', '443:443']
    volumes: ['./Caddyfile:/etc/caddy/Caddyfile:ro']
`;

/** From the lab's registry under the names that the internet has, which is not there. */
const image = (from: string, name: string): Typed => ({
  line: `docker pull -q ${from} && docker tag ${from} ${name} && docker rmi ${from}`,
});

/** The guide's folders, and a compose file of their own. */
export function stackOf({ registry, images }: StackImages): Typed[] {
  const at = ({ repository, version }: StackImage): string => `${registry}/${repository}:${version}`;
  return [
    {
      line: `install -d -m 700 -o ${USER} -g ${USER} ${FOLDER} ${['config', 'monitoring', 'monitoring/logs', 'monitoring/backups'].map((each) => `${FOLDER}/${each}`).join(' ')}`,
    },
    { line: `umask 077; cat >${FOLDER}/.env`, input: DOTENV.join('') },
    { line: `cat >${FOLDER}/compose.yaml`, input: COMPOSE },
    {
      line: `cat >${FOLDER}/Caddyfile`,
      input: `{\n  local_certs\n}\n${DOMAIN} {\n  reverse_proxy openclaw:18789\n}\n`,
    },
    image(at(images[`openclaw-${OPENCLAW}`]), `ghcr.io/openclaw/openclaw:${OPENCLAW}`),
    image(at(images.redis), 'redis/redis-stack-server:7.4.0-v3'),
    image(at(images.caddy), 'caddy:2.8.4-alpine'),
    { line: `cd ${FOLDER} && docker compose up -d --quiet-pull` },
  ];
}
