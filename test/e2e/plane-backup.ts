// The control plane's own backup: an open gate and the schedules are there again on a host that had nothing, and it has its servers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/temporal/paths.js';
import type { ExecResult, LabHost } from '../lab/lab.js';
import { Composed, PLACE } from './composed.js';
import { until } from './moments.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';

const PROGRAM = '/usr/local/sbin/clincher-plane-backup';
const KEPT = '/var/backups/clincher';
const SERVER = 's01';
const USER = 'op-s01';

export interface BackupScene {
  proof: Proof;
  /** The one that has the servers. */
  plane: Composed;
  /** With Docker and the images, and nothing else. */
  empty: LabHost;
  /** On which `s01` is. */
  node: LabHost;
}

export async function planeBackup({ proof, plane, empty, node }: BackupScene): Promise<void> {
  const from = plane.host;
  for (const host of [from, empty]) await program(host);
  const gate = await openGate(plane, node);
  const schedules = await schedulesOf(plane);
  await must(from, 'age-keygen -o /root/key 2>/dev/null; age-keygen -y /root/key >/root/recipients');
  const began = Date.now();
  const file = (await must(from, `${PROGRAM} make ${PLACE} ${KEPT} /root/recipients`)).trim();
  proof.figure(
    'backup of the control plane',
    `${seconds(Date.now() - began)}, ${await sizeOf(from, file)} bytes`,
  );
  await refusals(proof, from, file);
  await hand(from, empty, file);
  await from.kill();
  const again = new Composed(empty);
  const back = Date.now();
  const said = await must(empty, `${PROGRAM} restore ${PLACE} /root/backup /root/key`);
  await again.up();
  proof.figure('restored onto an empty host, until it answers', seconds(Date.now() - back));
  proof.say(`  ${said.trim()}`);
  // A worker that was just started takes its time to hear of what it missed.
  let gates = await again.cli('gates', '-s', SERVER, '--json');
  for (let i = 0; i < 30 && gates.code !== 0; i += 1)
    gates = await again.cli('gates', '-s', SERVER, '--json');
  proof.check(
    'the gate that was open is open',
    gates.stdout.includes(`"${gate}"`),
    gates.stdout.slice(0, 800) + gates.stderr,
  );
  proof.check(
    'its schedules are there',
    (await schedulesOf(again)) === schedules && schedules !== '[]',
    schedules.slice(0, 400),
  );
  await must(node, `usermod -d /home/${USER} ${USER}`);
  const answered = await again.cli('answer', gate, 'retry', '-s', SERVER);
  const ended = await again.cli('follow', '@last', '-s', SERVER, '--json', '--timeout', '3m');
  proof.check(
    'answered, the run goes on to its end: the servers are its own',
    ended.code === 0,
    told(answered) + told(ended),
  );
  const twice = await empty.exec(`${PROGRAM} restore ${PLACE} /root/backup /root/key`);
  proof.check('a control plane that is there is not overwritten', twice.code === 4, told(twice));
}

const told = ({ code, stdout, stderr }: ExecResult): string =>
  `exit ${code}\n${(stdout + stderr).slice(-1_000)}\n`;

async function program(host: LabHost): Promise<void> {
  const text = readFileSync(join(projectRoot(), 'templates/control-plane/clincher-plane-backup'), 'utf8');
  await must(host, `cat >${PROGRAM} && chmod 755 ${PROGRAM}`, text);
  await must(
    host,
    'DEBIAN_FRONTEND=noninteractive apt-get -yq install --no-install-recommends age >/dev/null',
  );
}

/** A home elsewhere is nothing that clincher puts right by itself. */
async function openGate(plane: Composed, node: LabHost): Promise<string> {
  await must(node, `usermod -d /elsewhere ${USER}`);
  const words = [
    'run',
    'provision',
    '-s',
    SERVER,
    '--only',
    'base.user',
    '--on-failure',
    'ask',
    '--yes',
    '--detach',
  ];
  await plane.cli(...words);
  let gate = '';
  await until(
    'a gate opens',
    async () => {
      const { stdout } = await plane.cli('gates', '-s', SERVER, '--json');
      gate = /"id": ?"(failed:[^"]+)"/.exec(stdout)?.[1] ?? '';
      return gate !== '';
    },
    120_000,
  );
  return gate;
}

async function schedulesOf(plane: Composed): Promise<string> {
  let { stdout } = await plane.cli('schedule', 'ls', '-s', 'all', '--json');
  for (let i = 0; i < 30 && !stdout.includes('"schedules"'); i += 1)
    ({ stdout } = await plane.cli('schedule', 'ls', '-s', 'all', '--json'));
  const { schedules } = JSON.parse(stdout) as { schedules: { id: string; paused: boolean }[] };
  return JSON.stringify(schedules.map(({ id, paused }) => `${id} ${paused}`).sort());
}

const sizeOf = async (host: LabHost, file: string): Promise<string> =>
  (await must(host, `stat -c %s ${file}`)).trim();

async function refusals(proof: Proof, host: LabHost, file: string): Promise<void> {
  const good = await host.exec(`${PROGRAM} verify ${file} /root/key`);
  proof.check('it is read to its end', good.code === 0, told(good));
  const clear = await host.exec(
    `grep -c 'identity\\|AGE-SECRET\\|servers:' ${file}; ls -A ${KEPT} | grep -v tar.age`,
  );
  proof.check('nothing of it is in clear, and no half is left', clear.stdout.trim() === '0', told(clear));
  const cut = await host.exec(
    `cp ${file} /tmp/cut; truncate -s -100 /tmp/cut; ${PROGRAM} verify /tmp/cut /root/key`,
  );
  proof.check('one that was cut short is refused', cut.code === 3, told(cut));
  const other = await host.exec(
    `age-keygen -o /root/other 2>/dev/null; ${PROGRAM} verify ${file} /root/other`,
  );
  proof.check('another key does not open it', other.code === 3, told(other));
}

async function hand(from: LabHost, to: LabHost, file: string): Promise<void> {
  await must(to, 'base64 -d >/root/backup', await must(from, `base64 ${file}`));
  await must(to, 'cat >/root/key; chmod 600 /root/key', await must(from, 'cat /root/key'));
}
