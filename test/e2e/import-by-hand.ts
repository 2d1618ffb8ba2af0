// A host that a person set up by hand, in values of their own: adopted, it plans no change to what already agrees.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { labKey } from '../lab/key.js';
import type { LabHost } from '../lab/lab.js';
import { machineAddress } from '../lab/network.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import type { Stage } from './stage.js';

const NAME = 'byhand';
const USER = 'ada';
const PORT = 2222;

const DAEMON = {
  'log-driver': 'json-file',
  'log-opts': { 'max-size': '5m', 'max-file': '7' },
  'live-restore': true,
  'default-ulimits': { nofile: { Name: 'nofile', Soft: 4096, Hard: 4096 } },
  dns: ['9.9.9.9'],
  'max-concurrent-downloads': 4,
  'max-concurrent-uploads': 2,
};

/** As somebody does it who has read the guide, and has an opinion. */
const SETUP: readonly string[] = [
  'export DEBIAN_FRONTEND=noninteractive; apt-get -q update && apt-get -qy install ufw fail2ban python3-systemd unattended-upgrades docker.io docker-cli docker-compose docker-buildx',
  `useradd -m -s /bin/bash -G sudo,docker ${USER}; usermod -p '*' ${USER}`,
  `echo '${USER} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${USER}; chmod 440 /etc/sudoers.d/${USER}`,
  `install -d -m 700 -o ${USER} -g ${USER} /home/${USER}/.ssh; cat >/home/${USER}/.ssh/authorized_keys; chown ${USER}:${USER} /home/${USER}/.ssh/authorized_keys; chmod 600 /home/${USER}/.ssh/authorized_keys`,
  `printf 'Port ${PORT}\\nPermitRootLogin no\\nPasswordAuthentication no\\n' >/etc/ssh/sshd_config.d/10-mine.conf; systemctl restart ssh`,
  `ufw default deny incoming; ufw limit proto tcp from ${machineAddress} to any port ${PORT}; ufw allow proto tcp from any to any port 80,443; ufw --force enable; systemctl enable ufw`,
  `printf '[DEFAULT]\\nmaxretry = 5\\nbantime = 7200\\nfindtime = 300\\n[sshd]\\nenabled = true\\nbackend = systemd\\nport = ${PORT}\\n' >/etc/fail2ban/jail.local; systemctl restart fail2ban; systemctl enable fail2ban`,
  `printf 'net.core.somaxconn = 8192\\nvm.swappiness = %s\\n' "$(cat /proc/sys/vm/swappiness)" >/etc/sysctl.d/50-mine.conf; sysctl -q -w net.core.somaxconn=8192`,
  `printf 'Unattended-Upgrade::Automatic-Reboot "false";\\nUnattended-Upgrade::Automatic-Reboot-Time "02:30";\\n' >/etc/apt/apt.conf.d/52mine`,
  'mkdir -p /etc/docker; cat >/etc/docker/daemon.json; systemctl restart docker; systemctl enable docker',
];

const INPUT: Readonly<Record<number, () => string>> = {
  3: () => `${labKey().publicKey}\n`,
  9: () => `${JSON.stringify(DAEMON)}\n`,
};

export async function adoptByHand(proof: Proof, stage: Stage): Promise<void> {
  const [host] = (await stage.hosts([{ name: NAME, distro: 'debian13', sshMode: 'service' }])) as [LabHost];
  for (const [at, line] of SETUP.entries()) {
    const { code, stderr, stdout } = await host.exec(line, {
      timeoutMs: 400_000,
      input: INPUT[at]?.() ?? '',
    });
    if (code !== 0) throw new Error(`${line.slice(0, 80)}: ${stderr || stdout}`);
  }
  proof.say('  a person has set it up');
  const before = await picture(host);
  await stage.up();
  const file = await adopted(proof, stage, host);
  if (file === undefined) return;
  const words = ['plan', 'provision', '-s', NAME, '--config', file, '--json'];
  const plan = await stage.cli(words, { timeoutMs: 300_000 });
  agrees(proof, plan);
  await wouldNotOtherwise(proof, stage);
  proof.check('looking changed nothing on it', (await picture(host)) === before, '');
}

/** What adopting must not touch. */
const picture = (host: LabHost): Promise<string> =>
  must(
    host,
    'find /etc /home -type f -newer /etc/docker/daemon.json | sort; ufw status verbose; ss -Hltn | sort; stat -c %Y /etc/docker/daemon.json',
  );

const EXPECTED: Readonly<Record<string, unknown>> = {
  'ssh.user': USER,
  'ssh.port': PORT,
  'ssh.admin_addresses': [machineAddress],
  'firewall.web_sources': 'any',
  'firewall.fail2ban.max_retry': 5,
  'firewall.fail2ban.ban_seconds': 7200,
  'firewall.fail2ban.find_seconds': 300,
  'system.unattended_upgrades.reboot': false,
  'system.unattended_upgrades.reboot_time': '02:30',
  'docker.source': 'distribution',
  'docker.dns': ['9.9.9.9'],
  'docker.log_max_size': '5m',
  'docker.log_max_file': 7,
  'docker.nofile': 4096,
};

async function adopted(proof: Proof, stage: Stage, host: LabHost): Promise<string | undefined> {
  const file = join(stage.folder, 'adopted', 'clincher.yaml');
  mkdirSync(join(stage.folder, 'adopted'));
  const set = [
    ...[`address=${host.address}`, `ssh.first_contact.user=${USER}`, `ssh.first_contact.port=${PORT}`],
    ...['stack.enabled=false', 'channels.telegram.enabled=false'],
  ].flatMap((each) => ['--set', each]);
  const keys = host.hostKeys.flatMap((each) => ['--host-key', each]);
  const words = [
    'adopt',
    NAME,
    '--config',
    file,
    ...set,
    '--key',
    `${labKey().privateKeyFile}.pub`,
    ...keys,
    '--json',
  ];
  const done = await stage.cli(words, { timeoutMs: 200_000 });
  proof.check('it is adopted', done.code === 0, done.stdout + done.stderr);
  if (done.code !== 0) return undefined;
  const check = await stage.cli(['config', 'check', '--config', file]);
  proof.check('`config check` finds nothing wrong with what was written', check.code === 0, check.stderr);
  const server = (parse(readFileSync(file, 'utf8')) as { servers: Record<string, unknown> }).servers[NAME];
  const wrong = Object.entries(EXPECTED).filter(
    ([key, value]) => JSON.stringify(at(server, key)) !== JSON.stringify(value),
  );
  proof.check(
    `its ${Object.keys(EXPECTED).length} settings are the ones that the person made`,
    wrong.length === 0,
    wrong.map(([key]) => `${key}: ${JSON.stringify(at(server, key))}`).join('\n'),
  );
  const { settings } = JSON.parse(done.stdout) as { settings: unknown[] };
  proof.figure('taken over from the host', `${settings.length} settings`);
  return file;
}

const at = (tree: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[part], tree);

interface Planned {
  steps: { id: string; status: string; changes: { what: string; diff?: { after: string } }[] }[];
}

/** States that the person had made as clincher would. */
const AS_IT_IS = [
  ...[
    'base.user',
    'base.authorized-keys',
    'base.ssh-door',
    'base.docker',
    'base.docker-daemon',
    'base.docker-group',
  ],
  ...['harden.web-ports'],
];

/** What would undo a decision of theirs. */
const UNDOES =
  /Port \d|PermitRootLogin|PasswordAuthentication|set (net\.core\.somaxconn|vm\.swappiness)|limit from|close: |join|create user|shell of|Automatic-Reboot/;

function agrees(proof: Proof, plan: CliResult): void {
  proof.check('a plan can be made', plan.code === 0, plan.stdout.slice(0, 1500) + plan.stderr);
  const { steps } = JSON.parse(plan.stdout) as Planned;
  const changing = steps.filter(({ changes }) => changes.length > 0);
  const touched = changing.filter(({ id }) => AS_IT_IS.includes(id));
  proof.check(
    `no change is planned to what already agrees: ${AS_IT_IS.length} steps`,
    steps.length > 15 && touched.length === 0,
    JSON.stringify(touched, null, 1),
  );
  const undoing = changing.flatMap(({ id, changes }) =>
    changes.filter(({ what }) => UNDOES.test(what)).map(({ what }) => `${id}: ${what}`),
  );
  proof.check('and none that would undo a decision of theirs', undoing.length === 0, undoing.join('\n'));
  const conf = changing.find(({ id }) => id === 'harden.fail2ban')?.changes[0]?.diff?.after ?? '';
  proof.check(
    'what is written anew says what they said',
    /maxretry = 5\nbantime = 7200\nfindtime = 300/.test(conf),
    conf,
  );
  proof.figure('planned', `${steps.length - changing.length} of ${steps.length} steps as they are`);
}

/** The same host, under the defaults: so that the checks above can fail. */
async function wouldNotOtherwise(proof: Proof, stage: Stage): Promise<void> {
  stage.set(NAME, { ssh: { first_contact: { user: USER, port: PORT } }, docker: { nofile: 65_536 } });
  const plan = await stage.cli(['plan', 'provision', '-s', NAME, '--json'], { timeoutMs: 300_000 });
  const { steps } = JSON.parse(plan.stdout) as Planned;
  const touched = steps.filter(({ id, changes }) => AS_IT_IS.includes(id) && changes.length > 0);
  proof.check(
    'under the defaults the same plan would change them',
    touched.length >= 4,
    touched.map(({ id }) => id).join(),
  );
}
