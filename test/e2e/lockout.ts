// lockout: changes that cut us off take themselves back, the run waits at a failed gate, and goes on once the cause is mended.
import type { LabHost } from '../lab/lab.js';
import { afterHardening, firstContact, type Login, sshRun } from '../lab/ssh.js';
import type { CliResult } from './cli.js';
import { untilGuarded } from './guarded.js';
import { until } from './moments.js';
import { type Proof, seconds } from './proof.js';
import { blockPort } from './provider.js';
import { type Watch, watchDoors } from './reach.js';
import { onStage, type Stage } from './stage.js';

const LIMIT_MS = 150_000;
const BACK_WITHIN_MS = 240_000;
/** With the time between two knocks, on a busy machine. */
const RESTART_MS = 15_000;
/** An address of documentation (RFC 5737): nobody's, so not ours. */
const NOT_US = '203.0.113.5/32';
const AS_DEPLOY_ON_22: Login = { user: 'deploy', port: 22 };

export async function lockout(proof: Proof): Promise<void> {
  await onStage(proof, (stage) => wrongPort(stage, proof));
  await onStage(proof, (stage) => wrongAdmin(stage, proof));
}

/** A provider's firewall swallows the new port: first from the start, then from the moment at which 22 is about to close. */
async function wrongPort(stage: Stage, proof: Proof): Promise<void> {
  const name = 'lock-port';
  const [host] = await stage.hosts([{ name, distro: 'debian13', sshMode: 'socket' }]);
  const doors = watchDoors(host!, [firstContact, AS_DEPLOY_ON_22]);
  let lift = await blockPort(host!.address, 9922);
  try {
    const first = await stage.provision(name);
    atGate(proof, first, 'base.ssh-door', 'a new port that nothing reaches');
    const quiet = await doors.stop();
    const longest = Math.max(0, ...quiet.map(({ ms }) => ms ?? Number.POSITIVE_INFINITY));
    proof.check('the old port was never away for longer than sshd restarts', longest < RESTART_MS);
    proof.figure('a new port that nothing reaches: old port away for', seconds(longest));
    await lift();
    const watch = watchDoors(host!, [firstContact, AS_DEPLOY_ON_22]);
    await retry(stage, name);
    await untilGuarded(host!, 'base.sshd', 'armed');
    lift = await blockPort(host!.address, 9922);
    proof.say('  the provider drops 9922 while the old port is being closed');
    await outage(proof, watch, 'a wrong sshd port');
    await watch.stop();
    atGate(proof, await follow(stage, name), 'base.sshd', 'a port that is cut while the other closes');
    await lift();
    await retry(stage, name);
    await converged(stage, name, proof);
  } finally {
    await lift();
  }
}

/** The operator's own address is not among the admin addresses: three times, the last two with worse luck. */
async function wrongAdmin(stage: Stage, proof: Proof): Promise<void> {
  const name = 'lock-admin';
  const [host] = await stage.hosts([{ name, distro: 'debian12', sshMode: 'service' }]);
  const us = (stage.server(name)['ssh'] as { admin_addresses: string[] }).admin_addresses;
  stage.set(name, { ssh: { admin_addresses: [NOT_US] } });
  const running = stage.startProvision(name);
  await untilGuarded(host!, 'harden.firewall', 'armed');
  const watch = watchDoors(host!, [afterHardening]);
  await outage(proof, watch, 'a firewall without us');
  atGate(proof, await stage.toTheEnd(running, name), 'harden.firewall', 'a firewall that cuts us off');

  await retry(stage, name);
  await untilGuarded(host!, 'harden.firewall', 'applied', 1);
  await stage.plane.signal('supervisor', 'SIGSTOP');
  const pid = await stage.plane.signal('worker', 'SIGKILL');
  proof.say(`  kill -9 worker (pid ${pid}) inside the window; nobody starts it again`);
  await outage(proof, watch, 'worker killed inside the window');
  await stage.plane.signal('supervisor', 'SIGCONT');
  atGate(proof, await follow(stage, name), 'harden.firewall', 'a window whose worker died');

  await retry(stage, name);
  await untilGuarded(host!, 'harden.firewall', 'applied', 2);
  await watch.stop();
  await reboot(host!, proof);
  atGate(proof, await follow(stage, name), 'harden.firewall', 'a window in which the host rebooted');

  stage.set(name, { ssh: { admin_addresses: us } });
  await retry(stage, name, '--new-config');
  // It was done before the failure, with the addresses as they were: the next run takes the new ones up.
  await converged(stage, name, proof, ['harden.fail2ban']);
}

const retry = async (stage: Stage, name: string, ...more: string[]): Promise<void> => {
  const answer = await stage.cli(['retry', '@last', '-s', name, ...more]);
  if (answer.code !== 0) throw new Error(`retry: exit ${answer.code}\n${answer.stdout}${answer.stderr}`);
};

const follow = (stage: Stage, name: string): Promise<CliResult> =>
  stage.toTheEnd(stage.start(['follow', '@last', '-s', name, '--json'], { timeoutMs: 400_000 }), name);

async function outage(proof: Proof, watch: Watch, what: string): Promise<void> {
  const ms = await watch.back(BACK_WITHIN_MS);
  proof.check(`${what}: nobody got in, and within 150 s somebody did again`, ms <= LIMIT_MS, seconds(ms));
  proof.figure(`${what}: back after`, seconds(ms));
}

/** Over in less time than lies between two knocks: so it is timed by itself. */
async function reboot(host: LabHost, proof: Proof): Promise<void> {
  proof.say('  the host reboots inside the window');
  const began = Date.now();
  await host.reboot();
  const works = async (): Promise<boolean> => (await sshRun(host, 'true', afterHardening)).code === 0;
  await until('a login after the reboot', works, BACK_WITHIN_MS);
  const ms = Date.now() - began;
  proof.check('reboot inside the window: a login works within 150 s', ms <= LIMIT_MS, seconds(ms));
  proof.figure('reboot inside the window: back after', seconds(ms));
}

function atGate(proof: Proof, seen: CliResult, step: string, what: string): void {
  const found = seen.doc.steps.find(({ id }) => id === step);
  const isThere = seen.code === 8 && seen.doc.gates.some(({ id }) => id === `failed:${step}`);
  const ok = isThere && found?.error?.code === 'LOCKOUT_REVERTED';
  proof.check(
    `${what}: the run waits at failed:${step} with LOCKOUT_REVERTED`,
    ok,
    seen.stdout + seen.stderr,
  );
}

async function converged(stage: Stage, name: string, proof: Proof, rest: string[] = []): Promise<void> {
  const end = await follow(stage, name);
  proof.check(`${name}: mended and retried, the run ends converged`, end.code === 0, end.stdout + end.stderr);
  const again = await stage.provision(name);
  const changed = again.doc.steps.filter(({ status }) => status === 'changed').map(({ id }) => id);
  const isRest = again.code === 0 && changed.join() === rest.join();
  proof.check(
    `${name}: the next run changes ${rest.join() || 'nothing'}`,
    isRest,
    again.stdout + again.stderr,
  );
  const verify = await stage.cli(['verify', '-s', name, '--json']);
  proof.check(`${name}: verify proves it`, verify.code === 0, verify.stdout + verify.stderr);
}
