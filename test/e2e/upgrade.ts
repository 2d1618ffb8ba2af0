// upgrade: another version takes the place of the one that runs, or everything is as it was; with data in it, on the real thing.
import { readFileSync } from 'node:fs';
import { BROKEN, type BrokenName, ensureBroken } from '../lab/images/broken.js';
import { ensureModelServer } from '../lab/images/model-server.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { gapDuring } from './gap.js';
import { type Keepsake, keepsakes } from './keepsakes.js';
import { pricedStack } from './priced-stack.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

const NAME = 'rising';
const OLD = '2026.3.13';
const NEW = '2026.9.6';

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  kept: Keepsake[];
}

export async function upgrade(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const models = await ensureModelServer((line) => proof.say(line));
    await ensureStackImages((line) => proof.say(line), [`openclaw-${OLD}`, `openclaw-${NEW}`]);
    for (const name of Object.keys(BROKEN) as BrokenName[])
      await ensureBroken(name, (line) => proof.say(line));
    const host = await pricedStack(proof, stage, NAME, models);
    stage.set(NAME, { upgrade: { watch_minutes: 1 } });
    const scene = { proof, stage, host, kept: keepsakes(host, models) };
    for (const each of scene.kept) {
      await each.put();
      proof.say(`  put in: ${each.what}`);
    }
    if (isChosen('refused')) await refused(scene);
    for (const name of ['never starts', 'dies after 40 s', 'migrates, then dies'] as const)
      if (isChosen(name)) await broken(scene, name);
    await sound(scene);
  });
}

/** `CLINCHER_UPGRADE=migrates` tries that one alone before the sound one. */
const isChosen = (name: string): boolean => name.includes(process.env['CLINCHER_UPGRADE'] ?? '');

const run = ({ stage }: Scene, to: string, ...more: string[]): Promise<CliResult> =>
  stage.cli(['run', 'upgrade', '-s', NAME, '--to', to, '--yes', '--json', '--on-failure', 'abort', ...more], {
    timeoutMs: 1_500_000,
  });

/** What a way back must bring back to the byte. Conversations grow, so they are asked for; device-auth.json says when it was last used. */
const STATE = `cd ${FOLDER}/data && { find workspace identity credentials -type f ! -name device-auth.json 2>/dev/null; ls openclaw.json; } | sort | xargs sha256sum
python3 - <<'X'
import json
for name in ("paired", "pending"):
    devices = json.load(open("devices/%s.json" % name))
    print(name, sorted((k, v.get("publicKey"), sorted(v.get("tokens", {}))) for k, v in devices.items()))
X
cd .. && sha256sum .env docker-compose.yml compose.*.yml secrets/openclaw/secrets.json`;

const running = (host: LabHost): Promise<string> =>
  must(host, `docker inspect -f '{{.Config.Image}}' openclaw`);
const left = (host: LabHost): Promise<string> =>
  must(
    host,
    `ls -A ${FOLDER}/monitoring/backups/.upgrade 2>/dev/null | sort | tr '\\n' ' '; ls -d /var/lib/clincher/drill 2>/dev/null; docker ps -aq --filter name=openclaw-drill; true`,
  );

interface Ended {
  upgrade?: { outcome: string; downtimeMs?: number };
  error?: { code: string; message: string };
}
const ended = ({ doc }: CliResult): Ended => doc as unknown as Ended;

const seconds = (ms: number | undefined): string =>
  ms === undefined ? 'not measured' : `${(ms / 1000).toFixed(1)} s`;

async function allThere({ proof, kept }: Scene, when: string): Promise<void> {
  for (const each of kept) {
    const { isThere, said } = await each
      .look()
      .catch((error: unknown) => ({ isThere: false, said: String(error) }));
    proof.check(`${when}: ${each.what} is there`, isThere, said);
  }
}

/** Found out on the copy: nothing that runs was touched. */
async function refused(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  const { tag } = BROKEN['never starts, not even on a copy'];
  const [state, config] = [await must(host, STATE), readFileSync(stage.config, 'utf8')];
  const began = await must(host, `docker inspect -f '{{.State.StartedAt}}' openclaw`);
  const { result, gapMs } = await gapDuring(host, () => run(scene, tag));
  const { error } = ended(result);
  proof.check(
    'one that does not start on a copy: refused',
    result.code === 1 && error?.code === 'TRIAL_FAILED',
    told(result),
  );
  proof.check(
    'and says what it said',
    JSON.stringify(error).includes('broken on purpose'),
    JSON.stringify(error),
  );
  const same = (await must(host, `docker inspect -f '{{.State.StartedAt}}' openclaw`)) === began;
  proof.check('the gateway was never stopped', same);
  proof.figure('one that does not start on a copy: the gateway did not answer for', seconds(gapMs));
  await asItWas(scene, 'refused', { state, config });
}

async function asItWas(
  { proof, stage, host }: Scene,
  when: string,
  before: { state: string; config: string },
): Promise<void> {
  const image = await running(host);
  proof.check(`${when}: ${OLD} runs`, image.includes(`:${OLD}@`), image);
  const state = await must(host, STATE);
  proof.check(
    `${when}: configuration, pairing, memory and files are equal to the byte`,
    state === before.state,
    `${before.state}\n${state}`,
  );
  const config = readFileSync(stage.config, 'utf8');
  proof.check(`${when}: clincher.yaml is as it was`, config === before.config, config);
  const rest = await left(host);
  proof.check(
    `${when}: nothing is left of it but what it wrote itself`,
    !/before|part|drill|\n[0-9a-f]{12}/.test(rest),
    rest,
  );
}

async function broken(scene: Scene, name: BrokenName): Promise<void> {
  const { proof, stage, host } = scene;
  const { tag } = BROKEN[name];
  const before = { state: await must(host, STATE), config: readFileSync(stage.config, 'utf8') };
  const { result, gapMs } = await gapDuring(host, () => run(scene, tag));
  const { error, upgrade: seen } = ended(result);
  proof.check(
    `${name}: rolled back`,
    result.code === 1 && error?.code === 'ROLLED_BACK' && seen?.outcome === 'rolled-back',
    told(result),
  );
  proof.figure(
    `${name}: the gateway did not answer for`,
    `${seconds(seen?.downtimeMs)} in all (from outside, the longest time: ${seconds(gapMs)}); the run took ${seconds(result.ms)}`,
  );
  proof.check(`${name}: the time without an answer is told`, (seen?.downtimeMs ?? 0) > 0);
  await asItWas(scene, name, before);
  if (BROKEN[name].of === NEW) await wasMigrated(scene, name);
  await allThere(scene, name);
}

/** So that the way back was one: the version that runs again does not read what the other has made of it. */
async function wasMigrated({ proof, host }: Scene, name: string): Promise<void> {
  const failed = `${FOLDER}/monitoring/backups/.upgrade/failed/data`;
  const { code, stdout } = await host.exec(
    `docker run --rm --network none --user 1000:1000 -v ${failed}/openclaw.json:/c/openclaw.json:ro -e OPENCLAW_CONFIG_PATH=/c/openclaw.json -e HOME=/tmp $(docker inspect -f '{{.Image}}' openclaw) openclaw config validate --json`,
    { timeoutMs: 120_000 },
  );
  proof.check(
    `${name}: ${OLD} refuses the configuration that it left`,
    code !== 0 && /valid/.test(stdout),
    `${code} ${stdout}`,
  );
}

async function sound(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  const { result, gapMs } = await gapDuring(host, () => run(scene, NEW));
  const { upgrade: seen } = ended(result);
  proof.check(`${OLD} to ${NEW}`, result.code === 0 && seen?.outcome === 'done', told(result));
  proof.figure(
    `${OLD} to ${NEW}: the gateway did not answer for`,
    `${seconds(seen?.downtimeMs)} (from outside: ${seconds(gapMs)}); the run took ${seconds(result.ms)}`,
  );
  const image = await running(host);
  proof.check(`${NEW} runs`, image.includes(`:${NEW}@`), image);
  proof.check('clincher.yaml names it', readFileSync(stage.config, 'utf8').includes(NEW));
  await allThere(scene, 'upgraded');
  const tags = await must(host, 'docker image ls --format "{{.Repository}}:{{.Tag}}"');
  proof.check(
    'the image of before stays, under a name',
    tags.includes('clincher.local/last-good:openclaw'),
    tags,
  );
  const again = await run(scene, NEW);
  proof.check('the same again: nothing to do', again.code === 0 && again.ms < 60_000, told(again));
  const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 600_000 });
  proof.check('verify is green', end.code === 0, told(end));
}
