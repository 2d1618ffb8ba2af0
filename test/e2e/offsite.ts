// offsite: copies on another server, compared, missed when they are gone, and made up for; a far end that fails spoils nothing.
import type { Backup, OffsiteCopy } from '../../src/model.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { COPIES, farHost } from './far-host.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

const NAME = 'copied';
const KEPT = `${FOLDER}/monitoring/backups`;
const THERE = `${COPIES}/${NAME}`;

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  far: LabHost;
}

export async function offsite(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host } = await provisionedStack(proof, stage, NAME);
    const far = await farHost(stage, NAME);
    const scene = { proof, stage, host, far };
    await copied(scene);
    await keptApart(scene);
    await tampered(scene);
    await away(scene);
    await refused(scene);
    await full(scene);
    await killed(scene);
    await fetched(scene);
    await givenUp(scene);
  });
}

const run = ({ stage }: Scene, runbook = 'backup'): Promise<CliResult> =>
  stage.cli(['run', runbook, '-s', NAME, '--yes', '--json', '--on-failure', 'abort'], { timeoutMs: 600_000 });

const verify = ({ stage }: Scene): Promise<CliResult> =>
  stage.cli(['verify', '-s', NAME, '--only', 'kept.*', '--json'], { timeoutMs: 300_000 });

async function list({ stage }: Scene): Promise<Backup[]> {
  const { stdout } = await stage.cli(['backups', 'ls', '-s', NAME, '--json']);
  return (JSON.parse(stdout) as { servers: { backups: Backup[] }[] }).servers[0]!.backups;
}

async function copiesThere({ stage }: Scene): Promise<{ code: number; copies: OffsiteCopy[]; said: string }> {
  const done = await stage.cli(['backups', 'ls', '-s', NAME, '--offsite', '--json'], { timeoutMs: 300_000 });
  const listed = done.code === 0 ? JSON.parse(done.stdout) : { servers: [] };
  return { code: done.code, copies: listed.servers[0]?.offsite?.copies ?? [], said: tail(done) };
}

const newest = async (scene: Scene): Promise<Backup> => (await list(scene)).at(-1)!;
const tail = ({ stdout, stderr }: CliResult): string => (stdout + stderr).slice(-2500);
const timer = ({ host }: Scene): Promise<string> =>
  must(
    host,
    'systemctl start clincher-offsite.service; systemctl show -P ExecMainStatus clincher-offsite.service',
  );

/** The copy of a backup, and its hash as the other server itself sees it. */
async function sumThere({ far }: Scene, id: string): Promise<string> {
  return (await must(far, `sha256sum <${THERE}/${id}/archive.tar.zst.age`)).split(' ')[0] ?? '';
}

async function copied(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const done = await run(scene);
  proof.check('a backup is made, and copied to another server', done.code === 0, tail(done));
  const made = await newest(scene);
  proof.check(
    'what lies there has the hash of the manifest, which was noted',
    (await sumThere(scene, made.id)) === made.manifest?.sha256 &&
      made.offsite?.sha256 === made.manifest?.sha256,
    JSON.stringify(made),
  );
  proof.check('the run says so', done.stdout.includes('sent to sftp://'), tail(done));
  const shown = await stage.cli(['backups', 'ls', '-s', NAME]);
  proof.check('the list has a column for it', /VERIFIED +OFFSITE/.test(shown.stdout), shown.stdout);
  const there = await copiesThere(scene);
  proof.check(
    'asked for, the far end lists it: whole, compared, and of that size',
    there.code === 0 &&
      there.copies.some(
        ({ id, bytes, isWhole, isHere, comparedAt }) =>
          id === made.id && bytes === made.bytes && isWhole && isHere && comparedAt === made.offsite?.at,
      ),
    there.said,
  );
  const seen = await verify(scene);
  proof.check('verify: there are copies, young and whole', seen.code === 0, tail(seen));
  const again = await run(scene, 'verify-backup');
  proof.check(
    'verify-backup reads the copies back',
    again.code === 0 && again.stdout.includes('the others read back'),
    tail(again),
  );
}

/** The key of the far end is in one file of root's; the key that opens backups is nowhere. */
async function keptApart({ proof, host, stage }: Scene): Promise<void> {
  const where = await must(
    host,
    'stat -c %a /etc/clincher/offsite.conf; grep -rlE "OPENSSH PRIVATE KEY|AGE-SECRET-KEY-1[0-9A-Z]{50}" /etc/clincher /tmp /run/clincher /var/lib/clincher /var/log/clincher /root 2>/dev/null; true',
  );
  proof.check('the key is in one file of root’s alone', where === '600\n/etc/clincher/offsite.conf\n', where);
  const logs = await stage.cli(['logs', '@last', '-s', NAME]);
  proof.check('and in no log', !logs.stdout.includes('PRIVATE KEY'), tail(logs));
}

async function tampered(scene: Scene): Promise<void> {
  const { proof, far } = scene;
  const { id, manifest } = await newest(scene);
  const file = `${THERE}/${id}/archive.tar.zst.age`;
  await must(far, `printf '\\377' | dd of=${file} bs=1 seek=9000 conv=notrunc status=none`);
  const read = await run(scene, 'verify-backup');
  proof.check(
    'a flipped byte there: found when it is read back, and red',
    read.code === 1 && read.stdout.includes('not there as sent'),
    tail(read),
  );
  proof.check('it was sent anew', (await sumThere(scene, id)) === manifest?.sha256);
  const told = await verify(scene);
  proof.check(
    'verify goes on telling it',
    told.code !== 0 && told.stdout.includes('was not there as it had been sent'),
    tail(told),
  );
  await must(far, `rm ${file}`);
  const gone = await verify(scene);
  proof.check(
    'verify: a copy that was removed is missed',
    gone.stdout.includes(`the copy of ${id} is gone`),
    tail(gone),
  );
  proof.check('the timer says so too, by its exit code', (await timer(scene)).trim() === '65');
  proof.check('and makes up for it', (await sumThere(scene, id)) === manifest?.sha256);
  await must(scene.host, `rm ${KEPT}/${id}/.differed ${KEPT}/${id}/offsite; clincher-backup offsite`);
  const fine = await verify(scene);
  proof.check('once it was looked into, all is well', fine.code === 0, tail(fine));
}

/** A run with a far end that fails: red, and the backup is there. */
async function failsThere(scene: Scene, what: string, said: RegExp): Promise<void> {
  const { proof } = scene;
  const before = (await list(scene)).length;
  const began = Date.now();
  const done = await run(scene);
  proof.figure(`${what}: the run took`, seconds(Date.now() - began));
  const made = await newest(scene);
  proof.check(
    `${what}: the run is red and says why`,
    done.code === 1 && done.stdout.includes('offsite.copied') && said.test(done.stdout),
    tail(done),
  );
  proof.check(
    `${what}: the backup is here, whole, and known not to be copied`,
    (await list(scene)).length === before + 1 &&
      made.manifest?.bytes === made.bytes &&
      made.offsite === undefined,
    JSON.stringify(made),
  );
}

async function madeUpFor(scene: Scene, what: string): Promise<void> {
  const code = (await timer(scene)).trim();
  const all = await list(scene);
  scene.proof.check(
    `${what}, mended: the timer makes up for it`,
    code === '0' && all.every(({ offsite }) => offsite !== undefined),
    code + JSON.stringify(all.map(({ id, offsite: copy }) => [id, copy?.at])),
  );
  const seen = await verify(scene);
  scene.proof.check(`${what}, mended: verify is green`, seen.code === 0, tail(seen));
}

async function away(scene: Scene): Promise<void> {
  const { proof, far } = scene;
  await far.disconnect();
  await failsThere(scene, 'the other server is away', /cannot be asked/);
  const seen = await verify(scene);
  proof.check(
    'verify: whether there are copies is unknown, which is not fine',
    seen.code !== 0 && /"kept.offsite"[^}]*"unknown"/s.test(seen.stdout),
    tail(seen),
  );
  const there = await copiesThere(scene);
  proof.check(
    'the list of copies is an error then, with the name of the far end, and exit 5',
    there.code === 5 && there.said.includes('OFFSITE_UNREACHABLE') && there.said.includes('sftp://copies@'),
    there.said,
  );
  await far.connect();
  await madeUpFor(scene, 'away');
}

async function refused(scene: Scene): Promise<void> {
  const { far, proof, host } = scene;
  await must(far, 'mv /home/copies/.ssh/authorized_keys /root/authorized_keys');
  await failsThere(scene, 'the key is refused', /unable to authenticate/);
  await must(far, 'mv /root/authorized_keys /home/copies/.ssh/authorized_keys');
  await must(
    far,
    'mkdir /root/keys; cp -p /etc/ssh/ssh_host_* /root/keys/; rm /etc/ssh/ssh_host_*; ssh-keygen -A; systemctl restart ssh',
  );
  const stranger = await host.exec('clincher-backup offsite');
  proof.check(
    'a server with another host key gets nothing',
    stranger.code === 69 && /key mismatch|key is unknown/.test(stranger.stderr),
    stranger.stdout + stranger.stderr,
  );
  await must(far, 'cp -p /root/keys/* /etc/ssh/; systemctl restart ssh');
  await madeUpFor(scene, 'refused');
}

async function full(scene: Scene): Promise<void> {
  const { far, host } = scene;
  // Random, so that it does not shrink.
  await must(host, `dd if=/dev/urandom of=${FOLDER}/data/workspace/large bs=1M count=300 status=none`);
  await must(
    far,
    `mkdir /root/aside && cp -a ${THERE}/. /root/aside/ && mount -t tmpfs -o size=100m tmpfs ${THERE} && cp -a /root/aside/. ${THERE}/ && chown copies: ${THERE}`,
  );
  await failsThere(scene, 'the disk is full there', /was not made/);
  await must(far, `umount ${THERE}`);
  await madeUpFor(scene, 'full');
}

async function killed(scene: Scene): Promise<void> {
  const { proof, host, far } = scene;
  await must(host, 'sleep 1; clincher-backup make by-hand');
  const { id, manifest } = await newest(scene);
  const going = host.exec(
    'systemctl start clincher-offsite.service; systemctl show -P Result clincher-offsite.service',
  );
  await must(
    far,
    `n=0; until [ -s ${THERE}/${id}/archive.tar.zst.age.half ]; do n=$((n+1)); [ $n -lt 3000 ] || exit 1; sleep 0.01; done`,
  );
  await must(host, 'systemctl kill -s KILL clincher-offsite.service');
  const { stdout } = await going;
  const left = await must(far, `ls ${THERE}/${id}`);
  proof.check(
    'killed half way: a half has no name of a whole one',
    left.trim() === 'archive.tar.zst.age.half',
    left + stdout,
  );
  proof.check('killed half way: it does not count as a copy', (await newest(scene)).offsite === undefined);
  await madeUpFor(scene, 'killed half way');
  const now = await must(far, `ls ${THERE}/${id}`);
  proof.check(
    'killed half way: then it is whole, and the half is gone',
    now === 'archive.tar.zst.age\nmanifest.json\n' && (await sumThere(scene, id)) === manifest?.sha256,
    now,
  );
  const took = await must(host, 'journalctl -u clincher-offsite.service -o cat | grep Consumed | tail -n 1');
  proof.figure('300 MB sent and read back', took.trim());
}

/** The disk is gone: what comes back from there opens with the key from the vault. */
async function fetched(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const { id } = await newest(scene);
  await must(host, `rm -rf ${KEPT}/2*`);
  const alone = await copiesThere(scene);
  proof.check(
    'the list says that they are only there',
    alone.copies.length > 0 && alone.copies.every(({ isHere, isWhole }) => !isHere && isWhole),
    alone.said,
  );
  const said = await must(
    host,
    `clincher-backup there | cut -f 1 | grep manifest | tail -n 1; clincher-backup fetch ${id}`,
  );
  proof.check(
    'the far end says what there is, and gives it back',
    said === `${id}/manifest.json\nfetched ${id}\n`,
    said,
  );
  const read = await run(scene, 'verify-backup');
  proof.check('what came back is read to its end', read.code === 0, tail(read));
}

async function givenUp(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  stage.forget(NAME, ['backup', 'offsite']);
  const done = await run(scene);
  const none = await copiesThere(scene);
  proof.check(
    'and there is nothing to list: exit 2, with the key to set',
    none.code === 2 && none.said.includes(`servers.${NAME}.backup.offsite`),
    none.said,
  );
  const left = await must(
    host,
    'ls /etc/clincher/offsite* /etc/systemd/system/clincher-offsite* 2>/dev/null; true',
  );
  proof.check(
    'without a far end in the configuration, no key for one stays',
    done.code === 0 && left === '',
    left + tail(done),
  );
}
