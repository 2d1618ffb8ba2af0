// What nothing needs goes from a real host, item by item as it was shown; what could be needed stays, and the stack runs on.
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { NAME, run, type Scene, saidBy } from './upkeep-scene.js';
import { documentOf, tail } from './verdicts.js';

const BACKUPS = `${FOLDER}/monitoring/backups`;
const HEAVY = 'head -c 30000000 /dev/urandom';
const OLD_TAR = `${BACKUPS}/state-before-2026.9.6-20260101T000000Z.tar`;
const NEW_TAR = `${BACKUPS}/state-before-2026.9.6-20990101T000000Z.tar`;

/** Three images: one that nobody uses, one without a name, and the last good one; two containers, of long ago and of today. */
const MESS = `set -e
image() { d=$(mktemp -d); ${HEAVY} >"$d/$1"; tar -C "$d" -c . | docker import - "$2" >/dev/null; rm -rf "$d"; }
image a web:old; image b clincher.local/last-good:openclaw; image c web:new; image d web:new
docker volume create keep-me >/dev/null
docker create --name of-today -v keep-me:/data web:old /a >/dev/null
mkdir -p ${BACKUPS}/.upgrade/failed/data; ${HEAVY} >${BACKUPS}/.upgrade/failed/data/x; touch -d '9 days ago' ${BACKUPS}/.upgrade/failed
${HEAVY} >${OLD_TAR}; touch -d '2026-01-01' ${OLD_TAR}; ${HEAVY} >${NEW_TAR}`;

const STANDS = `docker ps --format '{{.Names}} {{.Image}}' | sort; docker volume ls -q | sort; ls ${FOLDER}/data | sort`;

export async function prunes(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  for (const book of ['backup', 'verify-backup']) {
    const done = await run(scene, book);
    proof.check(`${book} first: what it overtakes may go`, done.code === 0, tail(done));
  }
  await must(host, MESS);
  const stands = await must(host, STANDS);
  const plan = await stage.cli(['plan', 'prune', '-s', NAME, '--json'], { timeoutMs: 120_000 });
  const listed = (documentOf(plan).steps ?? []).flatMap(({ changes }) => changes.map(({ what }) => what));
  proof.figure('listed', listed.join('; '));
  const all = listed.join('\n');
  proof.check(
    'each item is listed with its size',
    listed.length >= 3 && listed.every((what) => /\([^()]*\d [kMG]?B\)$/.test(what)),
    all,
  );
  proof.check('the last good image is not among them', !all.includes('last-good'), all);
  proof.check('what a stopped container of today uses is not among them', !all.includes('web:old'), all);
  proof.check('the one without a name is', all.includes('without a name'), all);
  proof.check(
    'the overtaken copy is, the newer one is not',
    all.includes(OLD_TAR) && !all.includes(NEW_TAR),
    all,
  );
  const text = await stage.cli(['plan', 'prune', '-s', NAME], { timeoutMs: 120_000 });
  proof.check(
    'so does the text',
    listed.every((what) => text.stdout.includes(what.slice(0, 60))),
    text.stdout,
  );
  proof.check('a plan removes nothing', (await must(host, STANDS)) === stands);
  await removed(scene, stands);
}

async function removed(scene: Scene, stands: string): Promise<void> {
  const { proof, stage, host } = scene;
  const done = await run(scene, 'prune');
  proof.check('it is removed', done.code === 0, tail(done));
  proof.figure('freed', /(freed|less is free)[^"]+ are now/.exec(done.stdout)?.[0] ?? '?');
  proof.check(
    'containers, volumes and state are as they were',
    (await must(host, STANDS)) === stands,
    saidBy(done),
  );
  const images = await must(host, `docker images --format '{{.Repository}}:{{.Tag}}'; ls -R ${BACKUPS}`);
  proof.check(
    'what could be needed is there',
    images.includes('clincher.local/last-good:openclaw') && images.includes(NEW_TAR.split('/').at(-1)!),
    images,
  );
  proof.check(
    'what was not needed is gone',
    !images.includes(OLD_TAR.split('/').at(-1)!) && !images.includes('failed'),
    images,
  );
  const again = await stage.cli(['plan', 'prune', '-s', NAME, '--exit-code'], { timeoutMs: 120_000 });
  proof.check('a second time there is nothing to do', again.code === 0, again.stdout);
  await must(host, 'docker rm of-today >/dev/null; docker volume rm keep-me >/dev/null');
}
