// backup: one that is whole, nothing of it in clear, nothing half when it is cut short, and refused when it was tampered with.
import type { Backup } from '../../src/model.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

const NAME = 'backups';
const KEPT = `${FOLDER}/monitoring/backups`;
/** In the data, and nowhere else: whoever finds it elsewhere has found what lies in clear. */
const SECRET = 'zebra-4711-in-clear';

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
}

export async function backup(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host } = await provisionedStack(proof, stage, NAME);
    const scene = { proof, stage, host };
    await must(host, `docker exec -i openclaw sh -c 'cat >/home/node/.openclaw/workspace/NOTE.md'`, SECRET);
    await whole(scene);
    await watched(scene);
    await byTimer(scene);
    await refused(scene);
    await retention(scene);
    // Random, so that it does not shrink: a backup then takes long enough to be cut short.
    await must(host, `dd if=/dev/urandom of=${FOLDER}/data/workspace/large bs=1M count=600 status=none`);
    await cutShort(scene);
    await full(scene);
  });
}

const run = ({ stage }: Scene, runbook: string, ...more: string[]): Promise<CliResult> =>
  stage.cli(['run', runbook, '-s', NAME, '--yes', '--json', '--on-failure', 'abort', ...more], {
    timeoutMs: 600_000,
  });

async function list({ stage }: Scene): Promise<Backup[]> {
  const { stdout } = await stage.cli(['backups', 'ls', '-s', NAME, '--json']);
  return (JSON.parse(stdout) as { servers: { backups: Backup[] }[] }).servers[0]!.backups;
}

/** Neither a container that stands still, nor half an archive. */
async function nothingHalf({ proof, host }: Scene, when: string): Promise<void> {
  const left = `ls -d ${KEPT}/.half-* 2>/dev/null; docker ps -q --filter status=paused; ls -d /var/lib/clincher/drill 2>/dev/null; true`;
  const seen = await must(host, left);
  proof.check(`${when}: nothing is paused, and no half is left`, seen.trim() === '', seen);
}

async function whole(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const before = (await list(scene)).length;
  const done = await run(scene, 'backup');
  proof.check('a backup is made', done.code === 0, done.stdout + done.stderr);
  const [made] = (await list(scene)).slice(before);
  const { manifest, id = '' } = made ?? {};
  const hash = (await must(host, `sha256sum <${KEPT}/${id}/archive.tar.zst.age`)).split(' ')[0];
  proof.check(
    'its manifest knows its hash, its size and the images',
    manifest?.sha256 === hash &&
      manifest?.bytes === made?.bytes &&
      manifest?.images.every(({ image }) => image.includes('@sha256:')) === true,
    JSON.stringify(made),
  );
  proof.check(
    'what clincher set in OpenClaw’s configuration is in it',
    JSON.stringify(manifest).includes('"/var/lib/clincher/openclaw-settings.json"'),
    JSON.stringify(manifest),
  );
  proof.figure('writers paused for', `${manifest?.pauseMs} ms, ${manifest?.contentBytes} bytes`);
  const clear = await must(
    host,
    `grep -rlF ${SECRET} ${KEPT} /tmp /run/clincher /var/lib/clincher /var/tmp /root 2>/dev/null; true`,
  );
  proof.check('nothing of it lies in clear', clear.trim() === '', clear);
  const read = await run(scene, 'verify-backup');
  const [verified] = (await list(scene)).slice(-1);
  proof.check(
    'it is read to its end',
    read.code === 0 && (verified?.verified?.entries ?? 0) > 30,
    read.stdout,
  );
  await nothingHalf(scene, 'after a backup');
  const health = await must(host, `docker ps --format '{{.Names}} {{.Status}}' | grep -v '(healthy)'; true`);
  proof.check('everything is healthy again', health.trim() === '', health);
}

/** What verify says of what is kept, when months have passed and when a byte is gone. */
async function watched(scene: Scene): Promise<void> {
  const { proof, host, stage } = scene;
  const ask = () => stage.cli(['verify', '-s', NAME, '--only', 'kept.*', '--json'], { timeoutMs: 200_000 });
  const fresh = await ask();
  proof.check('verify: what is kept is young and was read', fresh.code === 0, fresh.stdout.slice(-1500));
  const id = (await list(scene)).at(-1)!.id;
  await must(
    host,
    `cp -a ${KEPT}/${id} /root/young; sed -i 's/"made":"20../"made":"2020/' ${KEPT}/${id}/manifest.json`,
  );
  const old = await ask();
  proof.check(
    'verify: that it is old is told',
    old.code !== 0 && old.stdout.includes('the newest backup is '),
    old.stdout.slice(-1500),
  );
  await must(
    host,
    `rm -rf ${KEPT}/${id}; cp -a /root/young ${KEPT}/${id}; truncate -s -1 ${KEPT}/${id}/archive.tar.zst.age`,
  );
  const short = await ask();
  proof.check(
    'verify: that one is not whole is told',
    short.code !== 0 && short.stdout.includes(`${id} is not whole`),
    short.stdout.slice(-1500),
  );
  await must(host, `rm -rf ${KEPT}/${id}; mv /root/young ${KEPT}/${id}`);
}

async function byTimer(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const before = await list(scene);
  await must(host, 'systemctl start clincher-backup.service');
  proof.check('the timer makes none where one is young', (await list(scene)).length === before.length);
  await must(
    host,
    `sed -i 's/^EVERY_HOURS=.*/EVERY_HOURS=0/' /etc/clincher/backup.conf && sleep 1 && systemctl start clincher-backup.service`,
  );
  const made = (await list(scene)).slice(before.length);
  proof.check(
    'without a control plane it makes one when it is due',
    made.length === 1 && made[0]?.manifest?.key.startsWith('timer-') === true,
    JSON.stringify(made),
  );
  const back = await run(scene, 'backup');
  const conf = await must(host, 'grep EVERY_HOURS /etc/clincher/backup.conf');
  proof.check(
    'an edited setting is put back by the next run',
    back.code === 0 && conf.trim() === 'EVERY_HOURS=24',
    conf,
  );
}

const newHash = (id: string): string =>
  `h=$(sha256sum <${KEPT}/${id}/archive.tar.zst.age | cut -c1-64); sed -i 's/"sha256":"[0-9a-f]*"/"sha256":"'$h'"/' ${KEPT}/${id}/manifest.json`;

/** What is done to the newest archive, and what the refusal says. */
const TAMPERED = (id: string, older: string): [string, string, string][] => {
  const archive = `${KEPT}/${id}/archive.tar.zst.age`;
  const flip = `printf '\\377' | dd of=${archive} bs=1 seek=9000 conv=notrunc status=none`;
  return [
    ['cut short', `truncate -s -1000 ${archive}`, 'its hash is not the one in its manifest'],
    ['a flipped byte', flip, 'its hash is not the one in its manifest'],
    [
      'cut short, with a hash to match',
      `truncate -s -1000 ${archive}; ${newHash(id)}`,
      'cannot be read to its end',
    ],
    ['a flipped byte, with a hash to match', `${flip}; ${newHash(id)}`, 'cannot be read to its end'],
    [
      'another one’s archive',
      `cp ${KEPT}/${older}/archive.tar.zst.age ${archive}`,
      'its hash is not the one',
    ],
    [
      'another one’s archive, with a hash to match',
      `cp ${KEPT}/${older}/archive.tar.zst.age ${archive}; ${newHash(id)}`,
      `inside it is ${NAME}/${older}: swapped`,
    ],
    [
      'another one’s manifest',
      `cp ${KEPT}/${older}/manifest.json ${KEPT}/${id}/manifest.json`,
      `its manifest is of ${older}: swapped`,
    ],
    ['no manifest', `rm ${KEPT}/${id}/manifest.json`, 'there is no whole backup'],
  ];
};

async function refused(scene: Scene): Promise<void> {
  const { proof, host, stage } = scene;
  const all = await list(scene);
  const [older, id] = [all[0]!.id, all.at(-1)!.id];
  await must(host, `cp -a ${KEPT}/${id} /root/good`);
  const back = `rm -rf ${KEPT}/${id}; cp -a /root/good ${KEPT}/${id}`;
  for (const [what, command, reason] of TAMPERED(id, older)) {
    await must(host, command);
    const { code, stdout } = await run(scene, 'verify-backup');
    proof.check(
      `${what}: refused as invalid, and told`,
      code === 1 && stdout.includes('BACKUP_INVALID') && stdout.includes(reason),
      stdout.slice(-1500),
    );
    await must(host, back);
  }
  await anotherKey(scene);
  const again = await run(scene, 'backup');
  const mine = await run(scene, 'verify-backup');
  proof.check(
    'the next backup is for the new key',
    again.code === 0 && mine.code === 0,
    mine.stdout.slice(-1500),
  );
  await stage.cli(['secrets', 'rm', `${NAME}/backup_key`, '--confirm', `${NAME}/backup_key`]);
  const none = await run(scene, 'verify-backup');
  proof.check(
    'no key: said so, with the way out',
    none.code !== 0 && none.stdout.includes('SECRET_MISSING'),
    none.stdout.slice(-1500),
  );
  const restored = await run(scene, 'backup');
  proof.check('a key is made anew for what comes', restored.code === 0, restored.stdout.slice(-1500));
}

/** The key of before is put aside, not thrown away: while it is there the archive can be read, and not without it. */
async function anotherKey(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const key = await stage.cli(['secrets', 'generate', 'backup_key', '-s', NAME, '--rotate', '--yes']);
  const kept = await run(scene, 'verify-backup');
  proof.check(
    'another key, the old one put aside: it is still read',
    key.code === 0 && kept.code === 0,
    key.stderr + kept.stdout.slice(-1500),
  );
  const aside =
    /backup_key_until_\w+/.exec((await stage.cli(['secrets', 'ls', '-s', NAME])).stdout)?.[0] ?? '';
  const gone = await stage.cli(['secrets', 'rm', `${NAME}/${aside}`, '--confirm', `${NAME}/${aside}`]);
  const other = await run(scene, 'verify-backup');
  proof.check(
    'another key, and the old one gone: refused as invalid',
    gone.code === 0 && other.code === 1 && other.stdout.includes('BACKUP_INVALID'),
    gone.stderr + other.stdout.slice(-1500),
  );
}

/** Years pass by the names that backups have. */
async function retention(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const newest = (await list(scene)).at(-1)!.id;
  const old = ['20250101T030000Z', '20250102T030000Z', '20250103T030000Z'];
  for (const id of old)
    await must(host, `cp -a ${KEPT}/${newest} ${KEPT}/${id}; rm -f ${KEPT}/${id}/verified`);
  await must(
    host,
    `rm -f ${KEPT}/2026*/verified; echo '{"at":"2025-01-02T04:00:00Z","entries":1,"tookMs":1}' >${KEPT}/${old[1]}/verified`,
  );
  await run(scene, 'backup');
  const left = (await list(scene)).map(({ id }) => id).filter((id) => old.includes(id));
  proof.check('the old ones go, the last that was verified stays', left.join() === old[1], left.join());
  await must(host, `rm -rf ${KEPT}/${old[1]}`);
}

async function cutShort(scene: Scene): Promise<void> {
  const { proof, host, stage } = scene;
  const before = (await list(scene)).length;
  const working = `n=0; until [ -s "$(ls ${KEPT}/.half-*/archive.tar.zst.age 2>/dev/null)" ]; do n=$((n+1)); [ $n -lt 600 ] || exit 1; sleep 0.05; done`;
  const killed = run(scene, 'backup');
  await must(host, `${working}; pkill -9 -f 'clincher-backup make'`);
  const { code, stdout } = await killed;
  proof.check(
    'the program is killed: the run fails and says so',
    code === 1 && stdout.includes('BACKUP_FAILED'),
    stdout.slice(-1500),
  );
  await must(host, 'sleep 2');
  await nothingHalf(scene, 'killed');
  proof.check('killed: there is no backup more', (await list(scene)).length === before);

  const slow = stage.start(['run', 'backup', '-s', NAME, '--yes', '--json', '--on-failure', 'abort']);
  await must(host, working);
  await stage.plane.signal('worker', 'SIGKILL');
  const seen = await stage.toTheEnd(slow, NAME);
  const made = (await list(scene)).length - before;
  proof.check(
    'the worker is killed: the run goes on, and there is one backup more',
    seen.code === 0 && made === 1,
    `${seen.stdout.slice(-1500)} ${made}`,
  );
  const last = (await list(scene)).at(-1)?.manifest;
  proof.figure(
    '600 MB that do not shrink',
    `${seconds(last?.tookMs ?? 0)}, writers paused for ${seconds(last?.pauseMs ?? 0)}`,
  );
  await nothingHalf(scene, 'worker killed');
  const good = await run(scene, 'verify-backup');
  proof.check('and it is whole', good.code === 0, good.stdout.slice(-1500));
}

async function full(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const before = (await list(scene)).length;
  await must(host, `mv ${KEPT} ${KEPT}.aside && mkdir ${KEPT} && mount -t tmpfs -o size=300m tmpfs ${KEPT}`);
  const none = await run(scene, 'backup');
  proof.check(
    'no room: said before anything is paused',
    none.code === 1 && none.stdout.includes('DISK_FULL') && none.stdout.includes('no room below'),
    none.stdout.slice(-1500),
  );
  // A small one of before makes it believe that there is room.
  await must(host, `id=$(ls ${KEPT}.aside | head -n 1); cp -a ${KEPT}.aside/$id ${KEPT}/`);
  const half = await run(scene, 'backup');
  proof.check(
    'the disk fills up: said, and nothing of it stays',
    half.code === 1 && half.stdout.includes('DISK_FULL') && half.stdout.includes('the disk is full'),
    half.stdout.slice(-1500),
  );
  await nothingHalf(scene, 'disk full');
  await must(host, `umount ${KEPT} && rmdir ${KEPT} && mv ${KEPT}.aside ${KEPT}`);
  proof.check('those of before are all there', (await list(scene)).length === before);
}
