// The backups' own key: every archive opens with the new one and none with the old, or both stay and each opens with one of them.
import { join } from 'node:path';
import type { Backup } from '../../src/model.js';
import { entryOf, readVault } from '../../src/secrets/vault.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import type { Stage } from './stage.js';
import { tail } from './verdicts.js';

const KEPT = `${FOLDER}/monitoring/backups`;

export interface KeyScene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  name: string;
}

export async function rotateBackupKey(scene: KeyScene): Promise<void> {
  await allAnew(scene);
  await cutBetweenMoves(scene);
  await must(scene.host, `dd if=/dev/urandom of=${FOLDER}/data/workspace/large bs=1M count=400 status=none`);
  await jobKilled(scene);
  await damaged(scene);
  // A file of root's that anybody may read: verify would be right to say so.
  await must(scene.host, `rm -f ${FOLDER}/data/workspace/large`);
}

const run = ({ stage, name }: KeyScene, runbook: string, ...more: string[]): Promise<CliResult> =>
  stage.cli(['run', runbook, '-s', name, '--yes', '--json', '--on-failure', 'abort', ...more], {
    timeoutMs: 900_000,
  });

async function list({ stage, name }: KeyScene): Promise<Backup[]> {
  const { stdout } = await stage.cli(['backups', 'ls', '-s', name, '--json']);
  return (JSON.parse(stdout) as { servers: { backups: Backup[] }[] }).servers[0]!.backups;
}

/** By their names in the vault: the key of today, and the one of before where there is one. */
async function keys({ stage, name }: KeyScene): Promise<{ now?: string; before?: string }> {
  const identity = join(stage.folder, 'identity.txt');
  const vault = await readVault({ vault: join(stage.folder, 'clincher.vault.age'), identity });
  const [now, before] = ['backup_key', 'backup_key_before'].map(
    (each) => entryOf(vault, `${name}/${each}`)?.value,
  );
  return { ...(now === undefined ? {} : { now }), ...(before === undefined ? {} : { before }) };
}

/** Ids of the archives that this key opens, to their ends. */
async function openedBy({ host }: KeyScene, key: string): Promise<string[]> {
  const each = `k=$(cat); cd ${KEPT} && for d in 2*Z; do age -d -i <(printf '%s\\n' "$k") $d/archive.tar.zst.age 2>/dev/null | zstd -dcq >/dev/null 2>&1 && echo $d; done; true`;
  return (await must(host, `bash -o pipefail -c '${each.replaceAll("'", `'\\''`)}'`, key))
    .split('\n')
    .filter(Boolean);
}

const idsOf = (backups: readonly Backup[]): string => backups.map(({ id }) => id).join();

async function nothingLeft({ proof, host }: KeyScene, when: string): Promise<void> {
  const left = await must(
    host,
    `ls -d ${KEPT}/.half-* ${KEPT}/.was-* 2>/dev/null; docker ps -q --filter status=paused; true`,
  );
  proof.check(`${when}: nothing half is left`, left.trim() === '', left);
}

/** Whatever happened: each archive opens with one of the keys that the vault has. */
async function allOpen(scene: KeyScene, when: string): Promise<void> {
  const { now = '', before } = await keys(scene);
  const opened = [...(await openedBy(scene, now)), ...(before ? await openedBy(scene, before) : [])];
  const all = await list(scene);
  scene.proof.check(
    `${when}: each backup opens with a key of the vault`,
    all.every(({ id }) => opened.includes(id)),
    `${idsOf(all)} / ${opened.join()}`,
  );
}

async function allAnew(scene: KeyScene): Promise<void> {
  const { proof, host } = scene;
  for (let i = 0; i < 2; i += 1) await run(scene, 'backup');
  const { now: old = '' } = await keys(scene);
  const sizes = await must(host, `cd ${KEPT} && cat 2*Z/manifest.json | grep -o '"contentBytes":[0-9]*'`);
  const began = Date.now();
  const done = await run(scene, 'rotate-backup-key');
  proof.check('the key of the backups is rotated', done.code === 0, tail(done));
  proof.figure(
    'three small backups for a new key',
    `${Date.now() - began} ms, ${sizes.trim().replaceAll('\n', ' ')}`,
  );
  const all = await list(scene);
  const { now = '', before } = await keys(scene);
  proof.check('the vault holds another key, and that one alone', now !== old && before === undefined);
  const [byNew, byOld] = [await openedBy(scene, now), await openedBy(scene, old)];
  proof.check(
    'every backup opens with the new key',
    all.length >= 3 && byNew.join() === idsOf(all),
    byNew.join(),
  );
  proof.check('none opens with the old one', byOld.length === 0, byOld.join());
  proof.check(
    'each was read to its end, and its manifest is of the new archive',
    all.every(({ bytes, manifest, verified }) => verified && manifest?.bytes === bytes),
    JSON.stringify(all),
  );
  const hashes = await must(
    host,
    `cd ${KEPT} && for d in 2*Z; do grep -c "$(sha256sum <$d/archive.tar.zst.age | cut -c 1-64)" $d/manifest.json; done`,
  );
  proof.check(
    'and its hash too',
    hashes
      .split('\n')
      .filter(Boolean)
      .every((each) => each === '1'),
    hashes,
  );
  const clear = await must(
    host,
    `grep -rlF -f - /run/clincher /var/log/clincher /tmp /root ${KEPT} 2>/dev/null; true`,
    `${old}\n${now}\n`,
  );
  proof.check('no key is left on the server', clear.trim() === '', clear);
  proof.check(
    'no key in what was said',
    ![old, now].some((key) => (done.stdout + done.stderr).includes(key)),
  );
  const drill = await run(scene, 'restore-drill', '--backup', all[0]!.id);
  proof.check('the oldest boots from its new archive', drill.code === 0, tail(drill));
  await nothingLeft(scene, 'a rotation');
}

/** The power goes between the two moves: what was there before is there again. */
async function cutBetweenMoves(scene: KeyScene): Promise<void> {
  const { proof, host } = scene;
  const before = await list(scene);
  const id = before[0]!.id;
  await must(
    host,
    `cd ${KEPT} && mkdir .half-${id} && cp ${id}/* .half-${id}/ && mv ${id} .was-${id} && clincher-backup tidy`,
  );
  proof.check(
    'cut off between the moves: the old archive is back',
    idsOf(await list(scene)) === idsOf(before),
  );
  await must(host, `cd ${KEPT} && cp -a ${id} .was-${id} && clincher-backup tidy`);
  proof.check('cut off after them: the new one stays', idsOf(await list(scene)) === idsOf(before));
  await nothingLeft(scene, 'cut off');
}

/** The job dies while it writes; the run says so, and the next one goes on with the same two keys. */
async function jobKilled(scene: KeyScene): Promise<void> {
  const { proof, stage, host, name } = scene;
  await run(scene, 'backup');
  const { now: old = '' } = await keys(scene);
  const words = ['run', 'rotate-backup-key', '-s', name, '--yes', '--json', '--on-failure', 'abort'];
  const going = stage.start(words, { timeoutMs: 900_000 });
  const killed = await must(
    host,
    `n=0; until [ -n "$(systemctl list-units --plain --no-legend 'clincher-*backup.rewrap*' | grep running)" ] && find ${KEPT}/.half-* -size +20M 2>/dev/null | grep -q .; do n=$((n+1)); [ $n -lt 1000 ] || exit 0; sleep 0.1; done; systemctl kill -s KILL 'clincher-*backup.rewrap*'; echo killed`,
  );
  const seen = await going.ended;
  proof.check(
    'the job killed: the run is red, and says what stays',
    killed.includes('killed') && seen.code === 1 && seen.stdout.includes('BACKUP_KEY_KEPT'),
    killed + tail(seen),
  );
  const { now, before } = await keys(scene);
  proof.check('both keys are in the vault', before === old && now !== old);
  await allOpen(scene, 'the job killed');
  await nothingLeft(scene, 'the job killed');
  for (const { id } of await list(scene)) {
    const read = await run(scene, 'verify-backup', '--backup', id);
    proof.check(`verify-backup reads ${id} with whichever opens it`, read.code === 0, tail(read));
  }
  await workerKilled(scene, now ?? '');
}

async function workerKilled(scene: KeyScene, key: string): Promise<void> {
  const { proof, stage, name } = scene;
  const began = Date.now();
  const going = stage.start(
    ['run', 'rotate-backup-key', '-s', name, '--yes', '--json', '--on-failure', 'abort'],
    {
      timeoutMs: 900_000,
    },
  );
  await new Promise((next) => setTimeout(next, 20_000));
  await stage.plane.signal('worker', 'SIGKILL');
  const seen = await stage.toTheEnd(going, name);
  proof.check('the next run goes on, though its worker dies', seen.code === 0, tail(seen));
  proof.figure('with 400 MiB that do not shrink, of two backups', `${Date.now() - began} ms`);
  const { now, before } = await keys(scene);
  proof.check(
    'with the new key of the first run, and the old one is gone',
    now === key && before === undefined,
  );
  const opened = await openedBy(scene, key);
  proof.check('which opens every backup', opened.join() === idsOf(await list(scene)), opened.join());
}

async function damaged(scene: KeyScene): Promise<void> {
  const { proof, host } = scene;
  const id = (await list(scene))[0]!.id;
  await must(
    host,
    `cd ${KEPT} && printf x | dd of=${id}/archive.tar.zst.age bs=1 seek=4000 conv=notrunc status=none`,
  );
  const seen = await run(scene, 'rotate-backup-key');
  proof.check(
    'one that is damaged is named, and both keys stay',
    seen.code === 1 && seen.stdout.includes('BACKUP_KEY_KEPT') && seen.stdout.includes(id),
    tail(seen),
  );
  const { now = '', before } = await keys(scene);
  const opened = await openedBy(scene, now);
  const others = (await list(scene)).filter((each) => each.id !== id);
  proof.check(
    'the others open with the new key',
    before !== undefined && opened.join() === idsOf(others),
    opened.join(),
  );
  await must(host, `rm -rf ${KEPT}/${id}`);
  const again = await run(scene, 'rotate-backup-key');
  proof.check(
    'without it the old key goes',
    again.code === 0 && (await keys(scene)).before === undefined,
    tail(again),
  );
}
