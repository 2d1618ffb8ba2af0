// move-plane: from the plane of a laptop to one on a monitor. Broken off at its proof, killed in the middle, and then whole.
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { stepBegins } from './moments.js';
import { CARRIED, HOME, handover, IDENTITY, readyStage, THERE } from './move-plane-stage.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { onStage, type Stage } from './stage.js';

const RUN = ['run', 'control-plane', '-s', 'tower', '--confirm', 'tower', '--json', '--on-failure', 'abort'];
const OWNER = '/var/lib/clincher/owner';

interface Scene {
  proof: Proof;
  stage: Stage;
  tower: LabHost;
  prod: LabHost;
}

export const movePlane = (proof: Proof): Promise<void> =>
  onStage(proof, async (stage) => {
    const { tower, prod } = await readyStage(proof, stage);
    const scene = { proof, stage, tower, prod };
    await refused(scene);
    await brokenOff(scene);
    await killedInTheMiddle(scene);
    await inCharge(scene);
    await twice(scene);
    await backedUp(scene);
  });

const told = ({ code, stdout, stderr }: CliResult | { code: number; stdout: string; stderr: string }) =>
  `exit ${code}\n${(stdout + stderr).slice(-3_000)}`;

async function refused({ proof, stage }: Scene): Promise<void> {
  const primary = await stage.cli(['run', 'control-plane', '-s', 'prod', '--confirm', 'prod', '--json']);
  proof.check(
    'a primary is refused, and it says why',
    primary.code === 2 && /fails over/.test(primary.stderr + primary.stdout),
    told(primary),
  );
  stage.everywhere({});
  const bare = await stage.cli(RUN);
  proof.check(
    'without an image it says how to build one',
    bare.code === 2 && /docker build/.test(bare.stdout + bare.stderr),
    told(bare),
  );
  stage.everywhere(handover());
}

const ownersOf = async (...hosts: LabHost[]): Promise<string[]> =>
  Promise.all(
    hosts.map(async (host) =>
      (await host.exec(`grep -o '"plane":"[^"]*"' ${OWNER} | cut -d'"' -f4`)).stdout.trim(),
    ),
  );

async function pausedHere(stage: Stage): Promise<{ paused: number; all: number }> {
  const { stdout } = await stage.cli(['schedule', 'ls', '-s', 'all', '--json']);
  const { schedules } = JSON.parse(stdout) as { schedules: { paused: boolean }[] };
  return { paused: schedules.filter(({ paused }) => paused).length, all: schedules.length };
}

/** The new one does not reach a server: nothing was handed over, and what stood still goes on. */
async function brokenOff({ proof, stage, tower, prod }: Scene): Promise<void> {
  const wall = `INPUT -s ${tower.address} -p tcp --dport 9922 -j REJECT`;
  await must(prod, `iptables -I ${wall}`);
  const began = Date.now();
  const ended = await stage.cli(RUN, { timeoutMs: 1_200_000 });
  proof.figure('installed, and found not to reach a server', seconds(Date.now() - began));
  proof.check(
    'a server that it does not reach is told before anything is handed over',
    ended.code === 1 && ended.doc.error?.code === 'NOT_PROVED',
    told(ended),
  );
  const { paused, all } = await pausedHere(stage);
  proof.check('schedules here go on', paused === 0 && all > 0, `${paused} of ${all} are paused`);
  proof.check(
    'no server is theirs',
    (await ownersOf(tower, prod)).join('') === '',
    (await ownersOf(tower, prod)).join(' '),
  );
  await must(prod, `iptables -D ${wall}`);
}

/** Its worker dies while vault and keys are carried; nobody but Temporal knows what is to be done. */
async function killedInTheMiddle({ proof, stage, tower, prod }: Scene): Promise<void> {
  await must(tower, 'truncate -s 0 /var/log/clincher/audit.log');
  const began = Date.now();
  const running = stage.start(RUN, { timeoutMs: 600_000 });
  await stepBegins(tower, 'move.carry');
  await stage.plane.signal('worker', 'SIGKILL');
  proof.say('  kill -9 worker while everything is carried');
  const ended = await stage.toTheEnd(running, 'tower');
  proof.figure('moved, with a worker killed on the way', seconds(Date.now() - began));
  proof.check('it comes to its end all the same', ended.code === 0, told(ended));
  const [first, second] = await ownersOf(tower, prod);
  const there = (await must(tower, `${THERE} cat /var/lib/clincher-worker/plane-id`)).trim();
  proof.check(
    'every server is of the control plane there',
    first === there && second === there && there !== '',
    `${first} ${second} ${there}`,
  );
}

async function inCharge({ proof, stage, tower, prod }: Scene): Promise<void> {
  const { paused, all } = await pausedHere(stage);
  proof.check(
    'here, nothing starts by itself any more',
    paused === all && all > 0,
    `${paused} of ${all} are paused`,
  );
  await must(prod, 'rm -f /etc/fail2ban/jail.d/clincher.local; ls /etc/fail2ban/jail.d >/dev/null');
  const late = await stage.cli(['run', 'harden', '-s', 'prod', '--yes', '--json'], { timeoutMs: 120_000 });
  proof.check('here, a server is refused', late.code === 7 && /ADOPTED/.test(late.stdout), told(late));
  const schedules = await tower.exec(`${THERE} clincher schedule ls -s all --json`);
  proof.check(
    'there, everything starts by itself',
    schedules.code === 0 &&
      !/"paused": ?true/.test(schedules.stdout) &&
      /"missing": ?\[\]/.test(schedules.stdout),
    told(schedules),
  );
  const mended = await tower.exec(`${THERE} clincher run harden -s prod --yes --json`, {
    timeoutMs: 300_000,
  });
  proof.check(
    'there, what differs is mended',
    mended.code === 0 && /"changed": ?[1-9]/.test(mended.stdout),
    told(mended),
  );
  await secretly({ proof, stage, tower, prod });
  const open = await tower.exec(
    "ss -ltnH | awk '{print $4}' | grep -E ':(7233|8080|8081)$' | grep -v '^127.0.0.1:'",
  );
  proof.check('nothing of it listens beyond loopback', open.stdout === '', open.stdout);
}

/** Made there, opened there: the vault lets nobody else in, and says what it said. */
async function secretly({ proof, stage, tower }: Scene): Promise<void> {
  const listed = await tower.exec(`${THERE} clincher secrets ls --json`);
  proof.check(
    'there, the vault opens, and holds what it held',
    listed.code === 0 && /backup_key/.test(listed.stdout),
    told(listed),
  );
  const modes = await must(tower, `cd ${HOME} && stat -c '%a %u %n' ${CARRIED.join(' ')} ${IDENTITY}`);
  proof.check(
    'all of it is its workers’ alone',
    modes
      .split('\n')
      .filter(Boolean)
      .every((line) => line.startsWith('600 1000 ')),
    modes,
  );
  const theirs = await must(
    tower,
    `age -d -i ${HOME}/${IDENTITY} ${HOME}/clincher.vault.age | grep -o 'age1[0-9a-z]*'`,
  );
  const own = (await must(tower, `age-keygen -y ${HOME}/${IDENTITY}`)).trim();
  proof.check('it is closed for the key that was made there, and no other', theirs.trim() === own, theirs);
  const spoken = (await stage.cli(['logs', '@last', '-s', 'tower'])).stdout;
  const key = await must(
    tower,
    `cat ${HOME}/${IDENTITY}; cat /opt/clincher/secrets/temporal-postgres-password; sed -n 2p ${HOME}/keys/*`,
  );
  const leaked = key
    .split('\n')
    .filter((line) => line.length > 20 && !line.startsWith('#') && spoken.includes(line));
  proof.check('no key is in a log', leaked.length === 0, String(leaked.length));
}

async function twice({ proof, stage }: Scene): Promise<void> {
  const again = await stage.cli(RUN, { timeoutMs: 300_000 });
  const isQuiet = again.code === 0 && again.doc.outcome.changed === 0;
  proof.check('another time, nothing is to be changed', isQuiet, told(again));
}

async function backedUp({ proof, stage, tower }: Scene): Promise<void> {
  await must(
    tower,
    'systemctl is-enabled clincher-plane-backup.timer && systemctl start clincher-plane-backup.service',
  );
  await must(tower, 'cat >/root/key && chmod 600 /root/key', stage.identity());
  const read = await tower.exec(
    'clincher-plane-backup verify /var/backups/clincher/plane-*.tar.age /root/key',
  );
  proof.check('its own backup opens with the key of whoever moved it', read.code === 0, told(read));
}
