// memory: what was written down is found, whatever became of its index; a rebuild that is cut off leaves the old one; no file is lost.
import { randomBytes } from 'node:crypto';
import { ensureModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import type { CliProcess, CliResult } from './cli.js';
import { conversations } from './memory-conversations.js';
import { until } from './moments.js';
import { pricedHost } from './priced-stack.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { chosenVersions, labelled, type StackVersion } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { tail, told } from './verdicts.js';

export interface MemoryScene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  name: string;
  version: StackVersion;
}

export const isOlder = ({ version }: MemoryScene): boolean => version.label === 'v3';

export async function memory(plain: Proof): Promise<void> {
  for (const version of chosenVersions())
    await onStage(plain, async (stage) => {
      const proof = labelled(plain, version);
      const name = `memory-${version.label}`;
      const models = await ensureModelServer((line) => proof.say(line));
      const host = await pricedHost(proof, stage, name, models, version);
      const run = await stage.provision(name);
      proof.check('the host is provisioned', run.code === 0, (run.stdout + run.stderr).slice(-3_000));
      if (run.code !== 0) throw new Error('not provisioned');
      await proved({ proof, stage, host, name, version });
    });
}

async function proved(scene: MemoryScene): Promise<void> {
  const { proof, stage, name } = scene;
  await firstIndex(scene);
  await byHand(scene);
  await deleted(scene);
  await behind(scene);
  await withoutEmbeddings(scene);
  await cutOff(scene);
  await workerKilled(scene);
  await conversations(scene);
  const end = await stage.cli(['verify', '-s', name, '--json'], { timeoutMs: 600_000 });
  proof.check('at the end verify is green', end.code === 0, told(end));
}

const words = ({ name }: MemoryScene, ...more: string[]): string[] => [
  ...['run', 'memory', '-s', name, '--yes', '--json', '--on-failure', 'abort', ...more],
];

const run = (scene: MemoryScene, ...more: string[]): Promise<CliResult> =>
  scene.stage.cli(words(scene, ...more), { timeoutMs: 900_000 });

const IN = 'docker exec -i -u 1000:1000 openclaw';

const note = (what: string): string =>
  `The ${what} of this deployment is called ${randomBytes(4).toString('hex')}.`;

/** Days old, so that nothing about them is only just late; without an end of line, as the model server embeds equal texts alike alone. */
async function write({ host }: MemoryScene, file: string, text: string): Promise<void> {
  const path = `/home/node/.openclaw/workspace/${file}`;
  await must(
    host,
    `${IN} sh -c 'umask 077; mkdir -p $(dirname ${path}); cat >${path}; touch -d "3 days ago" ${path}'`,
    text,
  );
}

const SUMS = `cd ${FOLDER}/data/workspace && find MEMORY.md memory -type f -exec sha256sum {} + | sort -k 2`;

/** By the gateway that runs, as the agent would: what it found of this line. */
async function found({ host }: MemoryScene, line: string): Promise<string> {
  const ask = `const { gatewayToken } = JSON.parse(require('fs').readFileSync('/home/node/.config/clincher/secrets.json'));
fetch('http://127.0.0.1:18789/tools/invoke', { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer ' + gatewayToken },
  body: JSON.stringify({ tool: 'memory_search', args: { query: ${JSON.stringify(line)}, maxResults: 20, minScore: 0 } }) }).then((answer) => answer.text()).then((text) => console.log(text));`;
  return must(host, `${IN} node -`, ask);
}

async function isFound(scene: MemoryScene, what: string, line: string): Promise<void> {
  const said = await found(scene, line);
  scene.proof.check(what, said.includes(line), said.slice(-600));
}

/** The check, and nothing else. */
const seen = ({ stage, name }: MemoryScene): Promise<CliResult> =>
  stage.cli(['verify', '-s', name, '--only', 'kept.memory', '--json'], { timeoutMs: 300_000 });

async function isRed(scene: MemoryScene, what: string, said: string): Promise<void> {
  const result = await seen(scene);
  const isSaid = result.code !== 0 && result.stdout.includes(said);
  scene.proof.check(`${what}: verify says so`, isSaid, told(result));
}

async function isGreen(scene: MemoryScene, what: string): Promise<void> {
  const result = await seen(scene);
  scene.proof.check(`${what}: verify is green`, result.code === 0, told(result));
}

async function isMade(scene: MemoryScene, what: string, ...more: string[]): Promise<CliResult> {
  const sums = await must(scene.host, SUMS);
  const done = await run(scene, ...more);
  scene.proof.check(`${what}: the run is green, and all of it is proved`, isProved(done), tail(done));
  scene.proof.check(`${what}: the files are as they were`, (await must(scene.host, SUMS)) === sums);
  scene.proof.figure(`${what}: the run took`, seconds(done.ms));
  return done;
}

const isProved = ({ code, stdout }: CliResult): boolean =>
  code === 0 && ['memory.whole', 'memory.kept', 'memory.found'].every((id) => stdout.includes(`"${id}"`));

const HERON = note('heron');

async function firstIndex(scene: MemoryScene): Promise<void> {
  await write(scene, 'MEMORY.md', HERON);
  for (let day = 1; day <= 9; day += 1)
    await write(scene, `memory/2026-11-0${day}.md`, `Day ${day}: ${note(`badger number ${day}`)}`);
  await isRed(scene, 'files and no index', '10 files not in the index as they are');
  await isMade(scene, 'the first index');
  await isGreen(scene, 'the first index');
  await isFound(scene, 'the gateway finds what was written', HERON);
  const again = await run(scene);
  scene.proof.check(
    'a second time nothing is due',
    again.code === 0 && again.stdout.includes('nothing is due'),
    tail(again),
  );
}

/** The guide's own command, while the gateway runs. */
async function byHand(scene: MemoryScene): Promise<void> {
  const { proof, host } = scene;
  const before = await startedAt(host);
  await must(host, OPENCLAW('memory index --force'));
  if (!isOlder(scene)) {
    await isGreen(scene, 'the guide’s command by hand, 2026.8 and newer');
    return;
  }
  await isRed(scene, 'the guide’s command by hand', 'an index that was replaced');
  const lynx = note('lynx');
  await write(scene, 'memory/lynx.md', lynx);
  await found(scene, lynx);
  const blind = await found(scene, lynx);
  proof.figure('after it the running gateway finds what is new', blind.includes(lynx) ? 'yes' : 'no');
  await isMade(scene, 'the gateway takes up the new one');
  proof.check('for which it was restarted', (await startedAt(host)) !== before);
  await isFound(scene, 'it finds what it did not', lynx);
  await isGreen(scene, 'the gateway takes up the new one');
}

const startedAt = (host: LabHost): Promise<string> =>
  must(host, "docker inspect -f '{{.State.StartedAt}}' openclaw");

export const OPENCLAW = (line: string): string =>
  `${IN} sh -c 'umask 077; OPENCLAW_GATEWAY_TOKEN=$(node -p "JSON.parse(require(\\"fs\\").readFileSync(\\"/home/node/.config/clincher/secrets.json\\")).gatewayToken") openclaw ${line}' 2>&1`;

async function deleted(scene: MemoryScene): Promise<void> {
  await must(
    scene.host,
    isOlder(scene) ? `rm -f ${FOLDER}/data/memory/main.sqlite*` : OPENCLAW('memory reset --yes'),
  );
  await isRed(scene, 'the index is deleted', 'not in the index as they are');
  await isMade(scene, 'the index is deleted');
  await isFound(scene, 'after it was deleted: found again', HERON);
  await isGreen(scene, 'after it was deleted');
}

const DATABASE = (scene: MemoryScene): [path: string, table: string] =>
  isOlder(scene)
    ? ['memory/main.sqlite', 'files']
    : ['agents/main/agent/openclaw-agent.sqlite', 'memory_index_sources'];

/** As a change that nobody noticed leaves it: a gateway that runs takes up what it sees. */
async function forgotten(scene: MemoryScene): Promise<void> {
  const [path, table] = DATABASE(scene);
  const change = `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync('/home/node/.openclaw/${path}'); db.exec('PRAGMA busy_timeout = 20000');
console.log(db.prepare("UPDATE ${table} SET hash = 'of-before' WHERE path = 'MEMORY.md'").run().changes);`;
  const { stdout } = await scene.host.exec(`${IN} node -`, { input: change });
  if (stdout.trim() !== '1') throw new Error(`no row was changed: ${stdout}`);
}

async function behind(scene: MemoryScene): Promise<void> {
  await forgotten(scene);
  await isRed(scene, 'a file that changed unnoticed', '1 file not in the index as they are, for 3 days');
  await isMade(scene, 'a file that changed unnoticed');
  await isGreen(scene, 'a file that changed unnoticed');
}

async function withoutEmbeddings(scene: MemoryScene): Promise<void> {
  const { proof, host } = scene;
  await must(host, 'docker stop -t 5 openclaw-litellm >/dev/null');
  const otter = note('otter');
  await write(scene, 'memory/otter.md', otter);
  await forgotten(scene);
  const failed = await run(scene);
  proof.check(
    'nobody embeds: the run is red and says why',
    failed.code === 1 &&
      failed.stdout.includes('MEMORY_FAILED') &&
      /embedding|fetch|connect/i.test(failed.stdout),
    tail(failed),
  );
  await must(host, 'docker start openclaw-litellm >/dev/null');
  await until('LiteLLM is healthy', async () => (await host.exec(LITELLM)).code === 0, 240_000);
  await isFound(scene, 'nobody embeds: the index of before is there', HERON);
  // Since 2026.8 the gateway may have done it by then.
  const mended = await run(scene);
  const isWell = isProved(mended) || (mended.code === 0 && mended.stdout.includes('nothing is due'));
  proof.check('nobody embeds, mended: the run is green', isWell, tail(mended));
  await isGreen(scene, 'nobody embeds, mended');
  await isFound(scene, 'nobody embeds, mended: what was written meanwhile is found', otter);
}

const LITELLM = `[ "$(docker inspect -f '{{.State.Health.Status}}' openclaw-litellm)" = healthy ]`;

/** New each time, so that the cache has none of it. */
const many = (scene: MemoryScene): Promise<string> =>
  must(
    scene.host,
    `${IN} sh -c 'cd /home/node/.openclaw/workspace/memory && for i in $(seq 1 150); do echo "Thing $i of ${randomBytes(3).toString('hex')} lies in room $((i * 7))." >thing-$i.md; touch -d "2 days ago" thing-$i.md; done'`,
  );

/** Begun, and held there: nobody embeds meanwhile, so that no machine is too fast for it. */
async function held(scene: MemoryScene): Promise<CliProcess> {
  const { host, stage } = scene;
  await many(scene);
  await must(host, 'docker pause openclaw-litellm >/dev/null');
  const going = stage.start(words(scene, '--anyway'), { timeoutMs: 900_000 });
  await until('it indexes', async () => (await host.exec(INDEXING)).code === 0, 120_000);
  await must(host, 'sleep 8');
  return going;
}

const INDEXING = "pgrep -f '[o]penclaw memory index'";
const goOn = ({ host }: MemoryScene): Promise<string> => must(host, 'docker unpause openclaw-litellm');

/** Whoever indexes dies, and not the run: everything of the container that was not there before. */
async function cutOff(scene: MemoryScene): Promise<void> {
  const { proof, host } = scene;
  const before = await must(host, PIDS);
  const going = await held(scene);
  await must(
    host,
    `for p in $(${PIDS}); do echo '${before.trim()}' | grep -qx "$p" || kill -9 "$p" 2>/dev/null || :; done`,
  );
  const cut = await going.ended;
  proof.check(
    'killed half way: the run is red',
    cut.code === 1 && cut.stdout.includes('MEMORY_FAILED'),
    tail(cut),
  );
  await goOn(scene);
  await isFound(scene, 'killed half way: the index of before answers', HERON);
  await isMade(scene, 'killed half way, then again', '--anyway');
  await isGreen(scene, 'killed half way, then again');
}

const PIDS = "docker top openclaw -eo pid | tail -n +2 | tr -d ' ' | sort";

async function workerKilled(scene: MemoryScene): Promise<void> {
  const { proof, host, stage, name } = scene;
  const times = await indexedTimes(host);
  const going = await held(scene);
  await stage.plane.signal('worker', 'SIGKILL');
  await goOn(scene);
  const done = await stage.toTheEnd(going, name);
  proof.check('the worker is killed meanwhile: the run comes to its end', done.code === 0, tail(done));
  const now = await indexedTimes(host);
  proof.check('and the index was made once', now === times + 1, `${times}, then ${now}`);
  await isFound(scene, 'the worker was killed: found', HERON);
  await isGreen(scene, 'the worker was killed');
}

const indexedTimes = async (host: LabHost): Promise<number> =>
  Number(await must(host, "grep -c ' memory.index' /var/log/clincher/audit.log; true"));
