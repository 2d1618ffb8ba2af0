// partition: a second gateway on one server, with a bot, a state and networks of its own; refused, proved, restarted, taken away.
import type { CliResult } from './cli.js';
import { until } from './moments.js';
import {
  answer,
  GATE,
  ids,
  NAME,
  ofProject,
  run,
  type Scene,
  sceneOf,
  TEAM,
  toTheEnd,
  wallsOf,
} from './partition-scene.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { onStage } from './stage.js';
import { told } from './verdicts.js';

export async function partition(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const scene = await sceneOf(proof, stage);
    await wrongWords(scene);
    await added(scene);
    await bothLive(scene);
    await paired(scene);
    await apart(scene);
    await sameWalls(scene);
    await again(scene);
    await restarted(scene);
    await inUse(scene);
    await removed(scene);
    const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
    proof.check('at the end verify of the server is green', end.code === 0, told(end));
  });
}

const said = (result: CliResult): string =>
  `exit ${result.code}: ${result.stdout.slice(-2500)}${result.stderr.slice(-1500)}`;

const fileOf = ({ stage }: Scene): Promise<string> =>
  import('node:fs/promises').then(({ readFile }) => readFile(stage.config, 'utf8'));

async function wrongWords(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const before = await fileOf(scene);
  const cases: [string, string[], string][] = [
    ['a name with a hyphen', ['--add', 'my-team'], 'lower-case letters and digits'],
    ['a name that is taken', ['--add', 'redis'], 'has a meaning of its own'],
    ['neither --add nor --remove', [], '--add <name> or --remove <name>'],
    ['both', ['--add', 'a', '--remove', 'b'], 'told one thing'],
    ['one that is not there', ['--remove', 'nobody'], 'UNKNOWN_PARTITION'],
  ];
  for (const [what, more, text] of cases) {
    const result = await stage.cli(['run', 'partition', '-s', NAME, '--yes', '--json', ...more]);
    const all = result.stdout + result.stderr;
    proof.check(`${what} is refused with exit 2`, result.code === 2 && all.includes(text), said(result));
  }
  proof.check('and clincher.yaml is as it was', (await fileOf(scene)) === before);
}

/** The gate takes no bot that the server has itself, and shows nothing of it. */
async function added(scene: Scene): Promise<void> {
  const { proof, host, own, team, stage } = scene;
  const main = await ids(host, ofProject('openclaw'));
  const begun = Date.now();
  const first = await run(scene, 'add');
  proof.check(
    'the run waits for the new bot’s token',
    first.code === 8 && first.stdout.includes(GATE),
    said(first),
  );
  const wrong = await answer(scene, GATE, own);
  proof.check(
    'the server’s own bot is refused, by the name of who has it',
    wrong.code === 2 && (wrong.stdout + wrong.stderr).includes(`the bot of ${NAME}`),
    said(wrong),
  );
  const stale = await answer(scene, GATE, `${own.split(':')[0]}:${'AnotherToken'.repeat(3).slice(0, 35)}`);
  proof.check('so is another token of that bot', stale.code === 2, said(stale));
  const right = await answer(scene, GATE, team);
  proof.check('the token of another bot is taken', right.code === 0, said(right));
  const end = await toTheEnd(scene);
  proof.check('the partition is added and proved', end.code === 0, said(end));
  proof.figure('from the order to the proof, the gate included', seconds(Date.now() - begun));
  proof.check(
    'the containers of the server are the same as before',
    (await ids(host, ofProject('openclaw'))) === main,
  );
  stage.reread();
  const text = await fileOf(scene);
  proof.check(
    'clincher.yaml names it and its network',
    /team:\s+proxy_subnet: 172\.16\.253\.16\/28/.test(text),
    text,
  );
  const shown = [first, wrong, stale, right, end].map(({ stdout, stderr }) => stdout + stderr).join('');
  proof.check('no token in what was said', ![own, team].some((token) => shown.includes(token)));
}

async function bothLive({ proof, stage, host, bot, own, team }: Scene): Promise<void> {
  await until('the partition polls', async () => (await bot.holder(team)) !== undefined, 120_000);
  const holders = [await bot.holder(own), await bot.holder(team)];
  proof.check(
    'two gateways poll, each its own bot',
    holders.join() === `${host.address},${host.address}`,
    holders.join(),
  );
  const overlaps = [...(await bot.overlaps(own)), ...(await bot.overlaps(team))];
  proof.check('and no bot is polled twice', overlaps.length === 0, overlaps.join('\n'));
  const verify = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 600_000 });
  proof.check('verify of both is green', verify.code === 0, told(verify));
  const checks = (JSON.parse(verify.stdout) as { checks: { id: string; verdict: string }[] }).checks;
  const ofTeam = checks.filter(({ id, verdict }) => id.endsWith('@team') && verdict === 'pass');
  proof.figure('checks that the partition passes', ofTeam.length);
  proof.check(
    'the partition’s own checks are among them',
    ofTeam.length > 20,
    JSON.stringify(checks.map(({ id }) => id)),
  );
  const memory = await must(
    host,
    "docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' | sed 's# /.*##'",
  );
  proof.figure('memory at rest', memory.trim().split('\n').sort().join(', '));
}

/** Who writes to its bot is let in to it, and to nobody else. */
async function paired({ proof, stage, bot, team }: Scene): Promise<void> {
  await bot.say(team, { from: 4242, name: 'Ada', text: 'hello' });
  const ls = ['pairing', 'ls', '-s', NAME, '--json'];
  const codes = async (...more: string[]): Promise<string[]> => {
    const { stdout } = await stage.cli([...ls, ...more], { timeoutMs: 200_000 });
    const { servers = [] } = JSON.parse(stdout) as { servers?: { requests: { id: string }[] }[] };
    return servers.flatMap(({ requests }) => requests.map(({ id }) => id));
  };
  const ofTeam = () => codes('--partition', 'team');
  await until('she waits', async () => (await ofTeam()).length > 0, 120_000).catch(() => {});
  const found = await ofTeam();
  const own = await codes();
  proof.check(
    'who writes to its bot waits there, and not at the server’s own',
    found.length === 1 && own.length === 0,
    `${found.join()} ${own.join()}`,
  );
  const words = [
    'pairing',
    'approve',
    found[0] ?? 'nobody',
    '-s',
    NAME,
    '--partition',
    'team',
    '--yes',
    '--json',
  ];
  const done = await stage.cli(words, { timeoutMs: 300_000 });
  proof.check('and is let in there', done.code === 0, said(done));
}

/** By a program of our own in each gateway, besides what verify asks. */
const CONNECT = (target: string): string =>
  `node -e "const s=require('net').connect({host:'${target}',port:18789,timeout:3000});s.on('connect',()=>{console.log('connected');process.exit()}).on('timeout',()=>{console.log('timeout');process.exit()}).on('error',e=>{console.log(e.code);process.exit()})"`;

async function apart({ proof, host }: Scene): Promise<void> {
  const address = async (container: string): Promise<string[]> =>
    (
      await must(
        host,
        `docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' ${container}`,
      )
    )
      .trim()
      .split(/\s+/);
  for (const [from, to] of [
    ['openclaw', 'openclaw-team'],
    ['openclaw-team', 'openclaw'],
  ] as const) {
    const targets = await address(to);
    const found: string[] = [];
    for (const target of targets)
      found.push((await must(host, `docker exec ${from} ${CONNECT(target)}`)).trim());
    proof.check(
      `${from} does not get to ${to} at ${targets.join(', ')}`,
      found.length > 0 && found.every((how) => how !== 'connected'),
      found.join(),
    );
    const itself = (await must(host, `docker exec ${from} ${CONNECT('127.0.0.1')}`)).trim();
    proof.check(`and the same program gets to ${from} itself`, itself === 'connected', itself);
  }
  const hashes = await must(
    host,
    `python3 -c 'import json,sys; a,b=[json.load(open(p)) for p in sys.argv[1:]]; print(sorted(a)==sorted(b), [k for k in a if a[k]==b[k]])' /opt/openclaw/secrets/openclaw/secrets.json ${TEAM}/secrets/openclaw/secrets.json`,
  );
  proof.check('the same names of secrets, and no value alike', hashes.trim() === 'True []', hashes);
  const ports = (
    await must(host, "docker ps --filter name=openclaw-team --format '{{.Ports}}' | grep -c -- '->' || true")
  ).trim();
  proof.check('no port of it is published', ports === '0', ports);
}

async function sameWalls({ proof, host }: Scene): Promise<void> {
  const [main, team] = [await wallsOf(host, 'openclaw'), await wallsOf(host, 'openclaw-team')];
  // Caddy is the server's own way in.
  main.delete('caddy');
  proof.check('five containers each', [...main.keys()].join() === [...team.keys()].join() && team.size === 5);
  const differing = [...main].flatMap(([service, walls]) =>
    walls === team.get(service)
      ? []
      : [`${service}: ${walls}\n${' '.repeat(service.length)}  ${team.get(service)}`],
  );
  proof.check(
    'hardened to the same, word for word, as docker inspect has it',
    differing.length === 0,
    differing.join('\n'),
  );
}

async function again(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const before = await ids(host, 'name=openclaw');
  const second = await run(scene, 'add');
  const changed =
    second.code === 0
      ? second.doc.steps.filter(({ status }) => status === 'changed').map(({ id }) => id)
      : ['failed'];
  proof.check('a second run changes nothing', changed.length === 0, `${changed.join()} ${said(second)}`);
  proof.check('and no container is another', (await ids(host, 'name=openclaw')) === before);
  const writers = await must(host, 'grep ^WRITERS /etc/clincher/backup.conf');
  proof.check(
    'a backup pauses the writers of both',
    writers.includes('openclaw-team openclaw-team-redis'),
    writers,
  );
  proof.figure('second run', seconds(second.ms));
}

/** All at once, as after a power cut of Docker alone. */
async function restarted({ proof, host, bot, own, team }: Scene): Promise<void> {
  await must(host, 'systemctl restart docker');
  const polls = async (): Promise<boolean> =>
    (await bot.holder(own)) !== undefined && (await bot.holder(team)) !== undefined;
  await until('nobody polls', async () => !(await polls()), 30_000).catch(() => {});
  await until('both poll again', polls, 300_000);
  proof.check('after a restart of Docker both poll again by themselves', true);
}

/** A file that a hand has given the other bot's token: the run ends before anything is done. */
async function inUse(scene: Scene): Promise<void> {
  const { proof, stage, host, own } = scene;
  const before = await ids(host, 'name=openclaw');
  const stored = await stage.cli(['secrets', 'set', 'team_telegram_bot_token', '-s', NAME], { input: own });
  proof.check('a hand stores the server’s own token for it', stored.code === 0, said(stored));
  const refused = await run(scene, 'add');
  proof.check(
    'the run ends with BOT_IN_USE',
    refused.code === 1 && refused.stdout.includes('BOT_IN_USE'),
    said(refused),
  );
  proof.check('and nothing was touched', (await ids(host, 'name=openclaw')) === before);
  const back = await stage.cli(['secrets', 'set', 'team_telegram_bot_token', '-s', NAME], {
    input: scene.team,
  });
  proof.check('the right one is stored again', back.code === 0, said(back));
}

async function removed(scene: Scene): Promise<void> {
  const { proof, host, stage, bot, own, team } = scene;
  const main = await ids(host, ofProject('openclaw'));
  await must(host, `echo kept >${TEAM}/data/workspace/keepsake.md`);
  const first = await run(scene, 'remove');
  proof.check(
    'it asks once more, after a backup',
    first.code === 8 && first.stdout.includes('remove-partition'),
    said(first),
  );
  await answer(scene, 'remove-partition', 'yes');
  const end = await toTheEnd(scene);
  proof.check('the partition is taken away', end.code === 0, said(end));
  stage.reread();
  const left = await must(
    host,
    `docker ps -aq --filter ${ofProject('openclaw-team')}; docker network ls -q --filter ${ofProject('openclaw-team')}`,
  );
  proof.check('no container and no network of it is left', left.trim() === '', left);
  proof.check('the containers of the server are the same', (await ids(host, ofProject('openclaw'))) === main);
  proof.check(
    'nobody polls its bot, and the server its own',
    (await bot.holder(team)) === undefined && (await bot.holder(own)) !== undefined,
  );
  const aside = await must(host, 'cat /var/lib/clincher/retired/*/team/data/workspace/keepsake.md');
  proof.check('what it knew is put aside', aside.trim() === 'kept', aside);
  const listed = await stage.cli(['backups', 'ls', '-s', NAME, '--json']);
  proof.check(
    'the backup of before is there',
    listed.code === 0 && /"id":"\d{8}T\d{6}Z"/.test(listed.stdout),
    said(listed),
  );
  const writers = await must(host, 'grep ^WRITERS /etc/clincher/backup.conf');
  proof.check('the next backup looks for it no more', !writers.includes('team'), writers);
  proof.check('clincher.yaml names it no more', !(await fileOf(scene)).includes('team:'));
  const twice = await run(scene, 'remove');
  proof.check(
    'a second time there is none',
    twice.code === 2 && (twice.stdout + twice.stderr).includes('UNKNOWN_PARTITION'),
    said(twice),
  );
}
