// drill: a backup is restored beside the running stack, and what comes up knows what was said before; or the drill is red.
import { ensureModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { keepsakes } from './keepsakes.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { chosenVersions, labelled, provisionedStack, type StackVersion } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

export async function drill(proof: Proof): Promise<void> {
  for (const version of chosenVersions())
    await onStage(proof, (stage) => ofVersion(labelled(proof, version), stage, version));
}

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  name: string;
}

const remembers = () => ({ memory: { enabled: true, provider: 'vllm', model: 'embed' } });

async function ofVersion(proof: Proof, stage: Stage, version: StackVersion): Promise<void> {
  const name = `drill-${version.label}`;
  const { host } = await provisionedStack(proof, stage, name, { version, more: remembers });
  const scene = { proof, stage, host, name };
  const models = await ensureModelServer((line) => proof.say(line));
  const memory = keepsakes(host, models).find(({ what }) => what === 'a memory')!;
  await memory.put();
  await knows(scene);
  await killed(scene);
  await broken(scene);
}

const run = ({ stage, name }: Scene, runbook: string): Promise<CliResult> =>
  stage.cli(['run', runbook, '-s', name, '--yes', '--json', '--on-failure', 'abort'], { timeoutMs: 900_000 });

const LEFT = `ls -d /var/lib/clincher/drill 2>/dev/null; docker ps -aq --filter name=drill; docker network ls -q --filter name=drill; true`;

async function nothingLeft({ proof, host }: Scene, when: string): Promise<void> {
  const left = await must(host, LEFT);
  proof.check(`${when}: nothing of the drill is left`, left.trim() === '', left);
}

const running = ({ host }: Scene): Promise<string> =>
  must(host, `docker ps --no-trunc --format '{{.ID}} {{.Names}}' | sort`);

async function knows(scene: Scene): Promise<void> {
  const { proof } = scene;
  const made = await run(scene, 'backup');
  proof.check('a backup with a memory in it', made.code === 0, made.stdout.slice(-1500));
  const before = await running(scene);
  const done = await run(scene, 'restore-drill');
  const steps = done.code === 0 ? done.doc.steps.filter(({ id }) => id.startsWith('drill.')) : [];
  proof.check(
    'the drill is green',
    done.code === 0 && steps.length === 4 && steps.every(({ status }) => status === 'ok'),
    done.stdout.slice(-2500),
  );
  proof.check(
    'the restored gateway told the memory of before',
    done.stdout.includes('it told its own MEMORY.md when it was asked'),
    done.stdout.slice(-2500),
  );
  proof.figure('drill', /restored in [^"(]+/.exec(done.stdout)?.[0] ?? '?');
  proof.check('the running stack was not touched', (await running(scene)) === before);
  await nothingLeft(scene, 'after a drill');
  await remembered(scene, 1, (failed) => failed.length === 0);
}

/** By the server itself: the newest, and how many there are. */
async function remembered(
  { proof, stage, name }: Scene,
  count: number,
  isRight: (failed: string[]) => boolean,
): Promise<void> {
  const { stdout } = await stage.cli(['backups', 'drills', '-s', name, '--json'], { timeoutMs: 60_000 });
  const [{ drills = [] } = {}] = (JSON.parse(stdout) as { servers: { drills?: { failed: string[] }[] }[] })
    .servers;
  proof.check(
    `the server remembers ${count === 1 ? 'the drill' : `${count} drills`}`,
    drills.length === count && isRight(drills.at(-1)?.failed ?? ['none']),
    stdout,
  );
}

async function killed(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const going = run(scene, 'restore-drill');
  await must(
    host,
    `n=0; until docker ps -q --filter name=openclaw-drill | grep -q .; do n=$((n+1)); [ $n -lt 300 ] || exit 1; sleep 0.1; done; pkill -9 -f 'clincher-backup drill'`,
  );
  const { code, stdout } = await going;
  proof.check(
    'killed in the middle: the run is red',
    code === 1 && stdout.includes('BACKUP_FAILED'),
    stdout.slice(-1500),
  );
  await must(host, 'sleep 3');
  await nothingLeft(scene, 'killed in the middle');
}

/** What is sick is backed up as well as what is not: only a drill tells. */
async function broken(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const config = `${FOLDER}/data/openclaw.json`;
  await must(
    host,
    `cp -p ${config} /root/openclaw.json; printf '{ "gateway": { "mode": "nonsense" } }' >${config}`,
  );
  const made = await must(host, 'clincher-backup make by-hand');
  await must(host, `cp -p /root/openclaw.json ${config}`);
  const read = await run(scene, 'verify-backup');
  proof.check(
    'a backup of a gateway that cannot start is whole, as far as reading it tells',
    read.code === 0,
    made + read.stdout.slice(-1500),
  );
  const done = await run(scene, 'restore-drill');
  proof.check(
    'and the drill finds out',
    done.code === 1 && done.stdout.includes('does not start'),
    done.stdout.slice(-2500),
  );
  await nothingLeft(scene, 'after a drill that failed');
  await remembered(scene, 3, (failed) => failed.length > 0);
}
