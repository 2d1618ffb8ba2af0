// dr-drill: a recovery is rehearsed on a standby while the primary serves and holds its bot; neither of them is another afterwards.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureModelServer, type ModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import { labBot } from './bot-token.js';
import type { CliResult } from './cli.js';
import { COPIES, farHost } from './far-host.js';
import { keepsakes } from './keepsakes.js';
import { until } from './moments.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { provisionedStack, versions } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { tail, told } from './verdicts.js';

const [PRIMARY, STANDBY, FAR] = ['elm', 'ash', 'dr-far'] as const;

interface Scene {
  proof: Proof;
  stage: Stage;
  primary: LabHost;
  standby: LabHost;
  far: LabHost;
  models: ModelServer;
  token: string;
}

export async function drDrill(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const scene = await sceneOf(proof, stage);
    const before = await portrait(scene.standby);
    const live = await serving(scene.primary);
    await green(scene);
    await asBefore(scene, 'a drill', before, live);
    await workerKilled(scene);
    await asBefore(scene, 'a worker that is killed', before, live);
    await damaged(scene);
    await asBefore(scene, 'a copy that is damaged', before, live);
    await planeAndPowerGone(scene, before);
    await asBefore(scene, 'a power cut without a control plane', before, live);
  });
}

async function sceneOf(proof: Proof, stage: Stage): Promise<Scene> {
  const models = await ensureModelServer((line) => proof.say(line));
  const { token, channel } = await labBot(stage, models);
  const more = () => ({
    channels: { telegram: channel },
    memory: { enabled: true, provider: 'vllm', model: 'embed' },
  });
  const { host: primary } = await provisionedStack(proof, stage, PRIMARY, { version: versions[1]!, more });
  const far = await farHost(stage, PRIMARY, FAR);
  const [standby] = (await stage.hosts([{ name: STANDBY, distro: 'debian13', memory: '6g' }])) as [LabHost];
  stage.standby(STANDBY, PRIMARY);
  await keepsakes(primary, models)
    .find(({ what }) => what === 'a memory')!
    .put();
  const scene = { proof, stage, primary, standby, far, models, token };
  await backedUp(scene);
  const words = ['run', 'stage-standby', '-s', STANDBY, '--yes', '--json', '--on-failure', 'abort'];
  const staged = await stage.cli(words, { timeoutMs: 900_000 });
  proof.check('the standby is staged', staged.code === 0, told(staged));
  return scene;
}

async function backedUp({ proof, stage }: Scene): Promise<void> {
  const made = await stage.cli(['run', 'backup', '-s', PRIMARY, '--yes', '--json'], { timeoutMs: 400_000 });
  proof.check('the primary makes a backup, and copies it', made.code === 0, told(made));
}

/** Read by the proof itself: what lies on the standby, what clincher knows of it, what Docker has. */
const PORTRAIT = `cd /opt/openclaw && find . -path ./monitoring/backups -prune -o -printf '%p %y %#m %U:%G %l\\n' | sort
find . -path ./monitoring/backups -prune -o -type f -print0 | sort -z | xargs -0r sha256sum
find /var/lib/clincher \\( -name drills.json -o -name drill -o -name dr-drill -o -name mark -o -path '*/guard*' \\) -prune -o -type f -print | sort | xargs -r sha256sum
ls /etc/systemd/system | grep -v clincher-vacate; docker ps -aq; docker volume ls -q; docker network ls --format '{{.Name}}'; docker images -q | sort`;

const portrait = (host: LabHost): Promise<string> => must(host, PORTRAIT);

/** Since when each container of the live server runs. */
const serving = (host: LabHost): Promise<string> =>
  must(
    host,
    "docker ps -q | xargs docker inspect -f '{{.Name}} {{.State.StartedAt}} {{.RestartCount}}' | sort",
  );

async function asBefore(
  { proof, primary, standby, models: { bot }, token }: Scene,
  what: string,
  before: string,
  live: string,
): Promise<void> {
  const now = await portrait(standby);
  proof.check(`after ${what} the standby is what it was`, now === before, difference(before, now));
  const left = await must(
    standby,
    'ls -d /var/lib/clincher/drill/* /var/lib/clincher/dr-drill* /etc/systemd/system/clincher-vacate* /etc/systemd/system/*/clincher-vacate* 2>/dev/null; find /opt/openclaw/data -type f',
  );
  proof.check(`after ${what} nothing of what was restored is there in clear`, left.trim() === '', left);
  proof.check(
    `after ${what} the live server’s containers run as before`,
    (await serving(primary)) === live,
    await serving(primary),
  );
  const pollers = await bot.pollers(token);
  proof.check(
    `until after ${what} only the live server polled the bot`,
    pollers.join() === primary.address,
    pollers.join(),
  );
  const overlaps = await bot.overlaps(token);
  proof.check(`until after ${what} nobody took the bot from it`, overlaps.length === 0, overlaps.join('\n'));
}

function difference(before: string, now: string): string {
  const [was, is] = [before.split('\n'), now.split('\n')];
  return [
    ...was.filter((line) => !is.includes(line)).map((line) => `- ${line}`),
    ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`),
  ]
    .slice(0, 30)
    .join('\n');
}

interface Listed {
  drills: {
    backup: string;
    failed: string[];
    recovery?: { rpoMs?: number; rtoMs?: number; phases: { name: string; ms: number }[] };
  }[];
  rtoMs?: number;
  medianRtoBeforeMs?: number;
}

async function listed({ stage }: Scene): Promise<Listed> {
  const { stdout } = await stage.cli(['backups', 'drills', '-s', STANDBY, '--json'], { timeoutMs: 120_000 });
  return (JSON.parse(stdout) as { servers: Listed[] }).servers[0]!;
}

const WORDS = ['run', 'dr-drill', '-s', STANDBY, '--yes', '--json', '--on-failure', 'abort'];

async function green(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const page = join(stage.folder, 'drill.html');
  const run = await stage.cli([...WORDS, '--report', page], { timeoutMs: 900_000 });
  proof.check('a drill is green', run.code === 0, told(run));
  const [record] = (await listed(scene)).drills;
  const { rpoMs = 0, rtoMs = 0, phases = [] } = record?.recovery ?? {};
  proof.check(
    'its times are noted on the standby',
    rpoMs > 0 && rtoMs > 0 && phases.length > 5,
    JSON.stringify(record),
  );
  proof.figure('RPO reached', seconds(rpoMs));
  proof.figure('RTO reached', seconds(rtoMs));
  proof.figure('by phase', phases.map(({ name, ms }) => `${name} ${seconds(ms)}`).join(', '));
  const html = readFileSync(page, 'utf8');
  proof.check(
    'the page has both, and every check of a recovery',
    ['Recovery point', 'Recovery time', 'dr.silent', 'drill.memory', 'verify.gateway', 'dr.rto'].every(
      (word) => html.includes(word),
    ) && !html.includes('api.telegram.org'),
    html.slice(0, 2_000),
  );
}

async function workerKilled(scene: Scene): Promise<void> {
  const { proof, stage, standby } = scene;
  const run = stage.start(WORDS, { timeoutMs: 900_000 });
  await occupied(standby);
  await stage.plane.signal('worker', 'SIGKILL');
  proof.say('  kill -9 worker');
  const done = await stage.toTheEnd(run, STANDBY);
  proof.check(
    'the worker is killed in the middle: the drill goes on, and is green',
    done.code === 0,
    told(done),
  );
  const { drills, rtoMs, medianRtoBeforeMs } = await listed(scene);
  proof.check(
    'the second shows a trend',
    drills.length === 2 && rtoMs !== undefined && medianRtoBeforeMs !== undefined,
    JSON.stringify(drills),
  );
  const shown = await stage.cli(['backups', 'drills', '-s', STANDBY]);
  proof.check('people see it too', /Recovered in .*; the median before is/.test(shown.stdout), tail(shown));
}

const occupied = (host: LabHost): Promise<void> =>
  until(
    'services of the drill run',
    async () => (await host.exec('docker ps --format "{{.Names}}" | grep -qx openclaw')).code === 0,
    600_000,
  );

async function damaged(scene: Scene): Promise<void> {
  const { proof, stage, far } = scene;
  await backedUp(scene);
  const newest = (await must(far, `ls ${COPIES}/${PRIMARY} | grep '^2.*Z$' | sort | tail -n 1`)).trim();
  const file = `${COPIES}/${PRIMARY}/${newest}/archive.tar.zst.age`;
  await must(far, `printf x | dd of=${file} bs=1 seek=4000 conv=notrunc status=none`);
  const run = await stage.cli(WORDS, { timeoutMs: 600_000 });
  const said = run.stdout + run.stderr;
  proof.check(
    'a damaged newest copy fails the drill',
    run.code !== 0 && said.includes('BACKUP_INVALID'),
    tail(run),
  );
  proof.check('and is named', said.includes(newest), tail(run));
  const last = (await listed(scene)).drills.at(-1);
  proof.check(
    'which is noted',
    last?.failed.includes('BACKUP_INVALID') === true && last.backup === newest,
    JSON.stringify(last),
  );
  await must(far, `rm -rf ${COPIES}/${PRIMARY}/${newest}`);
}

/** Nothing is left that could clear up but the standby itself. */
async function planeAndPowerGone(scene: Scene, before: string): Promise<void> {
  const { proof, stage, standby } = scene;
  const run = stage.start(WORDS, { timeoutMs: 900_000 });
  await occupied(standby);
  await stage.cli(['down'], { timeoutMs: 120_000 });
  run.child.kill('SIGKILL');
  await standby.reboot();
  await until(
    'the standby clears up by itself',
    async () => (await portrait(standby)) === before,
    180_000,
  ).catch(() => {});
  proof.check(
    'no control plane and a reboot: the standby is what it was',
    (await portrait(standby)) === before,
    difference(before, await portrait(standby)),
  );
  await stage.up();
  const ended: CliResult = await stage.cli(['follow', '@last', '-s', STANDBY, '--json', '--timeout', '10m'], {
    timeoutMs: 660_000,
  });
  proof.check(
    'the run that comes back says that it was cut short',
    ![0, 8].includes(ended.code),
    told(ended),
  );
}
