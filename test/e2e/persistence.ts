// persistence: what people have put in outlives its containers, the engine, the machine, and an upgrade of the gateway.
import { render } from '../../src/activities/script.js';
import { version } from '../../src/commands/openclaw.js';
import { ensureModelServer, type ModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { answers, gapDuring } from './gap.js';
import { type Keepsake, keepsakes } from './keepsakes.js';
import { until } from './moments.js';
import { keepDevice, returnDevice } from './paired-device.js';
import { pricedHost } from './priced-stack.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { commit, compose, FOLDER } from './sabotage.js';
import { type StackVersion, stackSettings, versions } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

const NAME = 'keeper';
const [OLDER, NEWER] = [versions[0]!, versions[1]!];

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  kept: Keepsake[];
}

export async function persistence(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const models = await ensureModelServer((line) => proof.say(line));
    const host = await provisioned(proof, stage, models);
    const scene = { proof, stage, host, kept: keepsakes(host, models) };
    for (const each of scene.kept) await put(proof, each);
    await allThere(scene, 'at first');
    await recreated(scene);
    await restarted(scene);
    await elsewhere(scene);
    await upgraded(scene, models);
    await wayBack(scene, models);
  });
}

async function provisioned(proof: Proof, stage: Stage, models: ModelServer): Promise<LabHost> {
  const host = await pricedHost(proof, stage, NAME, models, OLDER);
  await provision({ proof, stage }, `${OLDER.version}: provisioned`);
  return host;
}

const imagesOf = (wanted: StackVersion, models: ModelServer, proof: Proof) =>
  stackSettings(wanted, new URL(models.url).host, (line) => proof.say(line));

async function provision(
  { proof, stage }: Pick<Scene, 'proof' | 'stage'>,
  what: string,
  ...more: string[]
): Promise<CliResult> {
  const done = await again(proof, stage, await stage.provision(NAME, ...more));
  proof.check(what, done.code === 0, (done.stdout + done.stderr).slice(-3_000));
  // What is not as it should be is not asked for what it kept.
  if (done.code !== 0) throw new Error(`${what}: exit ${done.code}`);
  return done;
}

/** OpenClaw's own deadlines of five seconds pass on a machine with too much to do; a person would try once more, and so do we. */
async function again(proof: Proof, stage: Stage, first: CliResult): Promise<CliResult> {
  if (first.code !== 8) return first;
  proof.figure('a step was tried again', first.doc.gates.map(({ id }) => id).join(', '));
  await stage.cli(['retry', '@last', '-s', NAME]);
  const viewer = stage.start(['follow', '@last', '-s', NAME, '--json'], { timeoutMs: 900_000 });
  return stage.toTheEnd(viewer, NAME);
}

async function put(proof: Proof, { what, put }: Keepsake): Promise<void> {
  await put();
  proof.say(`  put in: ${what}`);
}

const looked = (each: Keepsake) =>
  each.look().catch((error: unknown) => ({ isThere: false, said: String(error) }));

async function allThere({ proof, kept }: Scene, when: string): Promise<void> {
  for (const each of kept) {
    const { isThere, said } = await looked(each);
    proof.check(`${when}: ${each.what} is there`, isThere, said);
  }
}

const green = async ({ proof, stage }: Scene, when: string): Promise<void> => {
  const seen = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 600_000 });
  proof.check(`${when}: verify is green`, seen.code === 0, told(seen));
};

/** As it stands on the host, without what OpenClaw notes of itself. */
const HASH = `python3 - <<'X'
import hashlib, json
config = json.load(open("${FOLDER}/data/openclaw.json")); config.pop("meta", None)
print(hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest())
X`;

const up = (more: string): string =>
  `cd ${FOLDER} && timeout 900 docker compose up -d --force-recreate --wait ${more} 2>&1`;

const UP_MS = 960_000;

async function recreate({ proof, host }: Scene, what: string, more: string): Promise<void> {
  const began = Date.now();
  const { result, gapMs } = await gapDuring(host, () => host.exec(up(more), { timeoutMs: UP_MS }));
  proof.check(`${what} is made anew`, result.code === 0, result.stdout.slice(-1_500));
  proof.figure(`${what} made anew`, `${seconds(Date.now() - began)}, not answering for ${seconds(gapMs)}`);
}

async function recreated(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const hash = await must(host, HASH);
  const services = (await must(host, `cd ${FOLDER} && docker compose config --services`)).split('\n');
  for (const service of services.filter(Boolean).sort())
    await recreate(scene, service, `--no-deps ${service}`);
  await allThere(scene, 'each container made anew');
  await recreate(scene, 'everything', '');
  await allThere(scene, 'all containers made anew at once');
  proof.check('openclaw.json is the same', (await must(host, HASH)) === hash, await must(host, HASH));
  await green(scene, 'after that');
}

const WELL = `docker ps --format '{{.Names}} {{.Status}}' | grep -c '(healthy)'`;

async function wellAgain({ host }: Scene): Promise<void> {
  const isWell = async (): Promise<boolean> =>
    (await host.exec(WELL)).stdout.trim() === '6' && (await answers(host));
  await until('six services are healthy', isWell, 600_000);
}

async function restarted(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const began = Date.now();
  await must(host, 'systemctl restart docker');
  await wellAgain(scene);
  proof.figure('engine restarted, all well', seconds(Date.now() - began));
  await allThere(scene, 'the engine restarted');
  const booted = Date.now();
  await host.reboot();
  await wellAgain(scene);
  proof.figure('host rebooted, all well', seconds(Date.now() - booted));
  await allThere(scene, 'the host rebooted');
  await green(scene, 'after that');
}

/** Each with a volume of its own elsewhere: the gateway gets its configuration and SOUL.md, so that it starts at all. */
const { file: ELSEWHERE } = compose((services) => {
  const move = (service: string, source: string): void => {
    const [first] = services[service].volumes.filter(({ read_only }: { read_only?: boolean }) => !read_only);
    first.source = source;
  };
  move('openclaw', './elsewhere/data');
  move('redis', './elsewhere/cache');
});

const PREPARE = `install -d -m 700 -o 1000 -g 1000 elsewhere elsewhere/data elsewhere/data/workspace
install -d -m 700 -o 6379 -g 6379 elsewhere/cache
chmod 711 elsewhere
cp -p data/openclaw.json elsewhere/data/ && cp -p data/workspace/SOUL.md elsewhere/data/workspace/`;

/** So that this proof can fail: with the volumes in another place, nothing of it is found. */
async function elsewhere(scene: Scene): Promise<void> {
  const { proof, host, kept } = scene;
  await must(host, `cd ${FOLDER} && ${PREPARE}`);
  await commit(host, { name: 'volumes elsewhere', file: ELSEWHERE });
  const begun = await host.exec(up('--no-deps redis litellm openclaw'), { timeoutMs: UP_MS });
  proof.check(
    'volumes elsewhere: everything is healthy all the same',
    begun.code === 0,
    begun.stdout.slice(-1_500),
  );
  for (const each of kept.filter(({ of, what }) => of !== 'openclaw-caddy' && !what.includes('setting'))) {
    const { isThere, said } = await looked(each);
    proof.check(`volumes elsewhere: ${each.what} is not found`, !isThere, said);
  }
  await provision(scene, 'a run puts the volumes back', '--replace-edited');
  await must(host, `rm -rf ${FOLDER}/elsewhere`);
  await allThere(scene, 'volumes back');
}

const ofVersion = async (wanted: StackVersion, models: ModelServer, proof: Proof) => {
  const { stack } = await imagesOf(wanted, models, proof);
  const { images } = stack as { images: { openclaw: object } };
  return { stack: { images: { openclaw: images.openclaw } } };
};

async function locked({ proof, stage }: Scene, what: string): Promise<void> {
  const { code, stdout, stderr } = await stage.cli(['images', 'lock']);
  proof.check(`${what}: images are locked`, code === 0, stdout + stderr);
}

/** By the configuration alone, as an operator does it. */
async function upgraded(scene: Scene, models: ModelServer): Promise<void> {
  const { proof, stage, host } = scene;
  await keepDevice(host);
  stage.set(NAME, await ofVersion(NEWER, models, proof));
  await locked(scene, NEWER.version);
  const before = await must(host, HASH);
  const { result, gapMs } = await gapDuring(host, () => provision(scene, `${NEWER.version}: upgraded`));
  proof.figure(
    `${OLDER.version} to ${NEWER.version}`,
    `${seconds(result.ms)}, not answering for ${seconds(gapMs)}`,
  );
  const now = await must(host, render(version.read));
  proof.check(`the gateway is ${NEWER.version}`, now.includes(NEWER.version), now);
  await allThere(scene, 'upgraded');
  const old = await must(host, HASH.replace('openclaw.json"', 'openclaw.json.before"'));
  proof.check("yesterday's configuration is kept beside", old === before, `${old} ${before}`);
  await green(scene, 'upgraded');
  const second = await provision(scene, 'upgraded: a second run');
  const changed = second.doc.steps.filter(({ status }) => status === 'changed').map(({ id }) => id);
  proof.check('upgraded: a second run changes nothing', changed.length === 0, changed.join(', '));
}

/** The state as it was before the migration, in its place; the files for the older version are a run's. */
const BACK = `cd ${FOLDER} && docker stop -t 60 openclaw >/dev/null && mv data /root/data-of-the-newer &&
tar -xf monitoring/backups/state-before-${NEWER.version}-*.tar`;

async function wayBack(scene: Scene, models: ModelServer): Promise<void> {
  const { proof, stage, host } = scene;
  await must(host, BACK);
  await returnDevice(host);
  stage.set(NAME, await ofVersion(OLDER, models, proof));
  await locked(scene, OLDER.version);
  const back = await provision(scene, `${OLDER.version}: back from the copy`);
  proof.figure(`back to ${OLDER.version}`, seconds(back.ms));
  await allThere(scene, 'back');
  await green(scene, 'back');
}
