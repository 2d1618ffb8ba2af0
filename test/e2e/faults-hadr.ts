// faults hadr: what else can go wrong in a failover; each row is done to real machines, and ends in the state that its table says.
import type { LabHost } from '../lab/lab.js';
import {
  answer,
  backedUp,
  begin,
  FAR,
  gate,
  nameFollows,
  oneHolds,
  onScene,
  PRIMARY,
  running,
  type Scene,
  STANDBY,
  stagedStandby,
  toItsEnd,
} from './failover-scene.js';
import { COPIES } from './far-host.js';
import { stepBegins, until } from './moments.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { told } from './verdicts.js';

export async function faultsHadr(proof: Proof): Promise<void> {
  await onScene(proof, async (scene) => {
    await notStaged(proof, scene);
    await stagedStandby(proof, scene, 'the standby is staged');
    await wrongKey(proof, scene);
    await aborted(proof, scene);
    await stagedStandby(proof, scene, 'after an abort the standby is staged again');
    await throughItAll(proof, scene);
  });
}

const newestOf = async (host: LabHost, folder: string): Promise<string> =>
  (await must(host, `ls ${folder} | grep '^2' | sort | tail -n 1`)).trim();

/** Nobody has staged it: said at the gate, before anything is stopped. */
async function notStaged(proof: Proof, scene: Scene): Promise<void> {
  const { stage } = scene;
  await begin(proof, scene, 'failover');
  const { instructions } = await gate(stage, 'failover');
  proof.check(
    'a standby that was never staged: it is said that nothing is there to go on from',
    instructions.some((line) => line.startsWith('There is no backup to go on from')),
    instructions.join('\n'),
  );
  await answer(stage, 'failover', 'no');
  const done = await toItsEnd(stage);
  proof.check('a no leaves everything as it was', done.code === 6, told(done));
  stage.reread();
  const { address } = stage.server(PRIMARY) as { address: string };
  proof.check('and clincher.yaml as well', address === scene.now().address, address);
  proof.check('the primary runs', (await running(scene.now())).includes('openclaw'));
}

/** Made for somebody else's key, and newer than all others: found when it is staged, not on the day it is needed. */
async function wrongKey(proof: Proof, { stage, now }: Scene): Promise<void> {
  const far = stage.host(FAR);
  const folder = `${FOLDER}/monitoring/backups`;
  const newest = await newestOf(now(), folder);
  const strange = '20271231T235959Z';
  await must(
    now(),
    `set -e; d=/root/strange/${strange}; mkdir -p $d; age-keygen -o /root/strange/key 2>/dev/null
head -c 100000 /dev/urandom | zstd -q | age -r $(grep -o 'age1.*' /root/strange/key | head -n 1) >$d/archive.tar.zst.age
sed "s/${newest}/${strange}/; s/\\"sha256\\":\\"[0-9a-f]*/\\"sha256\\":\\"$(sha256sum <$d/archive.tar.zst.age | cut -c 1-64)/; s/\\"bytes\\":[0-9]*/\\"bytes\\":$(stat -c %s $d/archive.tar.zst.age)/" ${folder}/${newest}/manifest.json >$d/manifest.json`,
  );
  const packed = await must(
    now(),
    'tar -C /root/strange -c 20271231T235959Z | base64 -w 0; rm -r /root/strange',
  );
  await must(far, `base64 -d | tar -C ${COPIES}/${PRIMARY} -x && chown -R copies:copies ${COPIES}`, packed);
  const words = ['run', 'stage-standby', '-s', STANDBY, '--yes', '--json', '--on-failure', 'abort'];
  const run = await stage.cli(words, { timeoutMs: 400_000 });
  proof.check(
    'a copy that another key opens: staging fails, and names it',
    run.code === 1 && run.stdout.includes('BACKUP_INVALID') && run.stdout.includes(strange),
    told(run),
  );
  await must(far, `rm -r ${COPIES}/${PRIMARY}/${strange}`);
  await must(stage.host(STANDBY), `rm -r ${folder}/${strange}`);
}

/** Ended by a person in its middle: the new one is stopped, and the old one goes on. */
async function aborted(proof: Proof, scene: Scene): Promise<void> {
  const { stage } = scene;
  await begin(proof, scene, 'failover');
  await gate(stage, 'failover');
  await answer(stage, 'failover', 'yes');
  await stepBegins(scene.other(), 'stack.services', 600_000).catch((error: unknown) => {
    throw new Error(`the services never began: ${String(error)}`);
  });
  const ended = await stage.cli(['abort', '@last', '-s', PRIMARY], { timeoutMs: 120_000 });
  const done = await toItsEnd(stage);
  stage.reread();
  proof.check('aborted in its middle: it ends as that', done.code === 6, told(done) + ended.stderr);
  proof.check('the standby was stopped', (await running(scene.other())).length === 0);
  await until(
    'the old one runs again',
    async () => (await running(scene.now())).includes('openclaw'),
    60_000,
  ).catch(() => {});
  proof.check('the old one goes on', (await running(scene.now())).includes('openclaw'));
  const { address } = stage.server(PRIMARY) as { address: string };
  proof.check('clincher.yaml is as it was', address === scene.now().address, address);
  await oneHolds(proof, scene, 'aborted');
}

/** The far end is silent, the newest backup is damaged, the worker dies, the whole control plane dies, the standby is cut off: and it comes to its end. */
async function throughItAll(proof: Proof, scene: Scene): Promise<void> {
  const { stage } = scene;
  await backedUp(proof, scene);
  const folder = `${FOLDER}/monitoring/backups`;
  await must(scene.other(), 'systemctl start clincher-offsite.service');
  const newest = await newestOf(scene.other(), folder);
  await must(
    scene.other(),
    `printf x | dd of=${folder}/${newest}/archive.tar.zst.age bs=1 seek=4000 conv=notrunc status=none`,
  );
  await stage.host(FAR).disconnect();
  await scene.now().kill();
  await begin(proof, scene, 'failover');
  await gate(stage, 'failover');
  await answer(stage, 'failover', 'yes');
  await gate(stage, 'fence');
  await answer(stage, 'fence', 'powered-off');
  const before = (
    await must(scene.other(), `ls ${folder} | grep '^2' | sort | tail -n 2 | head -n 1`)
  ).trim();
  const { instructions } = await gate(stage, `restore-${before.toLowerCase()}`, 600_000);
  proof.check(
    'last night’s backup is damaged: said, and the one before is asked for',
    instructions.some((line) => line.includes(`${newest} cannot be used`)),
    instructions.join('\n'),
  );
  await stage.plane.signal('worker', 'SIGKILL');
  proof.say('the worker is killed');
  await answer(stage, `restore-${before.toLowerCase()}`, 'yes');
  await stepBegins(scene.other(), 'recover.state-[0-9TZ]*', 300_000).catch(() => {});
  for (const part of ['worker', 'server'] as const) await stage.plane.signal(part, 'SIGKILL').catch(() => {});
  proof.say('worker and server of the control plane are killed');
  await stage.plane.running('worker');
  await scene.other().disconnect();
  proof.say('the standby is cut off for 20 s');
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  await scene.other().connect();
  await nameFollows(scene);
  const done = await toItsEnd(stage);
  scene.moved();
  await stage.host(FAR).connect();
  proof.check('it comes to its end all the same', done.code === 0, told(done));
  proof.check(
    'the far end did not answer: it is said that only what was there is known',
    done.stdout.includes('only what is here is known'),
    told(done),
  );
  await oneHolds(proof, scene, 'through it all');
  for (const { what, look } of scene.kept) {
    const { isThere, said } = await look();
    proof.check(`${what} of before is there`, isThere, said);
  }
}
