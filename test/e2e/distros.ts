// distros: a bare server of every kind is provisioned, and the second run changes nothing.
import { type Distro, labAvailable, type SshMode } from '../lab/lab.js';
import { type Proof, seconds } from './proof.js';
import { onStage, type Stage } from './stage.js';

const KINDS: readonly (readonly [Distro, SshMode])[] = [
  ['debian12', 'service'],
  ['debian12', 'socket'],
  ['debian13', 'service'],
  ['debian13', 'socket'],
];

export async function distros(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    await stage.up();
    for (const [distro, sshMode] of KINDS) await twice(stage, proof, distro, sshMode);
    const ubuntu = await labAvailable('ubuntu24');
    if (ubuntu.ok) await twice(stage, proof, 'ubuntu24', 'socket');
    else {
      proof.say(`  ${ubuntu.reason}`);
      proof.figure('Ubuntu 24.04', 'not run: its base image could not be pulled here');
    }
  });
}

async function twice(stage: Stage, proof: Proof, distro: Distro, sshMode: SshMode): Promise<void> {
  const name = `kind-${distro}-${sshMode}`;
  const what = `${distro}, ssh.${sshMode}`;
  await stage.hosts([{ name, distro, sshMode }]);
  const first = await stage.provision(name);
  const isDone = first.code === 0 && first.doc.outcome.failed === 0;
  proof.check(`${what}: provisioned in ${seconds(first.ms)}`, isDone, first.stdout + first.stderr);
  const second = await stage.provision(name);
  const isQuiet = second.code === 0 && second.doc.outcome.changed === 0;
  proof.check(
    `${what}: the second run, ${seconds(second.ms)}, changes nothing`,
    isQuiet,
    second.stdout + second.stderr,
  );
  const verify = await stage.cli(['verify', '-s', name, '--json']);
  proof.check(`${what}: verify proves it`, verify.code === 0, verify.stdout + verify.stderr);
  proof.figure(what, `first ${seconds(first.ms)}, second ${seconds(second.ms)}`);
  await stage.drop(name);
}
