// egress-change: one way out more or less is proved, or everything is as it was; whoever dies, whatever breaks, whenever it ends.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { type Answer, connect } from './egress.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

const NAME = 'doors';
const REMARK = '# Ours: keep this remark.\n';

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  /** Of the model server, the way out that a provider needs: host:port. */
  models: string;
}

export async function egressChange(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host, models } = await provisionedStack(proof, stage, NAME);
    const scene = { proof, stage, host, models: new URL(models.url).host };
    writeFileSync(stage.config, REMARK + configOf(scene));
    proof.figure(
      'egress proxy',
      (
        await must(host, `docker inspect -f '{{.Config.Image}}' openclaw-egress | sed 's#.*/##; s#:.*##'`)
      ).trim(),
    );
    await allowed(scene);
    await refusedWords(scene);
    await aListThatBreaksSmokescreen(scene);
    await anotherDoorStops(scene);
    await twoAtOnce(scene);
    for (const ms of [1_000, 4_000, 7_000, 10_000]) await workerKilled(scene, ms);
    await expired(scene);
    await denied(scene);
    const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
    proof.check('at the end verify is green', end.code === 0, told(end));
  });
}

const configOf = ({ stage }: Pick<Scene, 'stage'>): string => readFileSync(stage.config, 'utf8');
const trailOf = ({ stage }: Scene): string => readFileSync(join(stage.folder, 'egress-changes.md'), 'utf8');
const said = ({ stdout, stderr }: CliResult): string => stdout.slice(-2500) + stderr.slice(-1500);

const allowWords = (domain: string, ...more: string[]): string[] => [
  ...['egress', 'allow', domain, '-s', NAME, '--reason', 'a proof | of the lab', '--yes', '--json'],
  ...more,
];
const allow = ({ stage }: Scene, domain: string, ...more: string[]): Promise<CliResult> =>
  stage.cli(allowWords(domain, ...more), { timeoutMs: 400_000 });
const deny = ({ stage }: Scene, domain: string): Promise<CliResult> =>
  stage.cli(['egress', 'deny', domain, '-s', NAME, '--yes', '--json'], { timeoutMs: 400_000 });

const isRefused = ({ status }: Answer): boolean => status === 407;
const isLetOut = ({ status }: Answer): boolean => status === 200 || status === 502 || status === 504;

/** By a program of its own, and the list on the server beside it. */
async function door(scene: Scene, domain: string): Promise<'let out' | 'refused' | 'neither'> {
  const answer = await connect(scene.host, `${domain}:443`);
  const list = await must(scene.host, `cat ${FOLDER}/config/smokescreen-acl.yaml`);
  if (isLetOut(answer) && list.includes(`- ${domain}\n`)) return 'let out';
  return isRefused(answer) && !list.includes(domain) ? 'refused' : 'neither';
}

async function others({ proof, host, models }: Scene, when: string): Promise<void> {
  const model = await connect(host, models);
  proof.check(`${when}: the model answers through the proxy`, model.status === 200, JSON.stringify(model));
  const stranger = await connect(host, 'refused.example.com:443');
  proof.check(`${when}: a stranger is refused`, isRefused(stranger), JSON.stringify(stranger));
}

/** Ids of the containers: one that was made anew has another. */
const containers = async ({ host }: Scene): Promise<Record<string, string>> => {
  const out = await must(host, `docker ps -a --no-trunc --format '{{.Names}} {{.ID}}'`);
  return Object.fromEntries(
    out
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
};

/** Asks for the model's door without a pause for so many milliseconds: the longest time between two times that it was let out. */
const GAP = `const http = require('http'), [, , target, ms] = process.argv, until = Date.now() + Number(ms);
let last = Date.now(), gap = 0;
const ask = () => new Promise((done) => {
  const request = http.request({ host: 'openclaw-egress', port: 4750, method: 'CONNECT', path: target, agent: new http.Agent(), timeout: 500 });
  request.on('connect', (answer, socket) => { socket.destroy(); if (answer.statusCode === 200) { gap = Math.max(gap, Date.now() - last); last = Date.now(); } done(); });
  request.on('timeout', () => request.destroy()); request.on('error', done); request.end();
});
(async () => { while (Date.now() < until) { await ask(); await new Promise((next) => setTimeout(next, 20)); } console.log(gap); process.exit(0); })();`;

async function allowed(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const before = await containers(scene);
  proof.check('before, the domain is refused', (await door(scene, 'rpc.lab.test')) === 'refused');
  const gap = must(scene.host, `docker exec -i openclaw node - ${scene.models} 25000`, GAP);
  const done = await allow(scene, 'rpc.lab.test', '--owner', 'ada', '--expires', '30d');
  proof.check('a domain is allowed', done.code === 0, said(done));
  proof.figure('allow, all of it', seconds(done.ms));
  proof.figure('longest time without a way out meanwhile', `${(await gap).trim()} ms`);
  proof.check('it is let out', (await door(scene, 'rpc.lab.test')) === 'let out');
  await others(scene, 'allowed');
  const after = await containers(scene);
  const anew = Object.keys(after).filter((name) => before[name] !== after[name]);
  proof.check('the egress proxy alone was made anew', anew.join() === 'openclaw-egress', anew.join());
  const text = configOf(scene);
  proof.check(
    'clincher.yaml says it, and keeps its remark',
    text.startsWith(REMARK) && /domain: rpc.lab.test\n +reason: .*\n +owner: ada\n +expires: /.test(text),
    text,
  );
  const trail = trailOf(scene);
  const row = trail.split('\n').find((line) => line.includes('rpc.lab.test')) ?? '';
  proof.check('the trail says who, why and how it went', /allow .*ada .* done \|$/.test(row), trail);
  const plan = await stage.cli(['plan', '-s', NAME, '--exit-code', '--json'], { timeoutMs: 200_000 });
  proof.check('nothing is left to do', plan.code === 0, said(plan));
  const { stdout } = await stage.cli(['schedule', 'ls', '-s', NAME, '--json']);
  proof.check('and a schedule will shut it', stdout.includes(`clincher/${NAME}/schedule/egress`), stdout);
}

async function refusedWords(scene: Scene): Promise<void> {
  const { proof, models } = scene;
  const before = configOf(scene);
  const again = await allow(scene, 'rpc.lab.test');
  proof.check('a second time is told', again.code === 2 && /open already/.test(again.stderr + again.stdout));
  const needed = await deny(scene, models.split(':')[0]!);
  proof.check(
    'what a provider needs stays',
    needed.code === 2 && said(needed).includes('EGRESS_NEEDED'),
    said(needed),
  );
  proof.check('and clincher.yaml is as it was', configOf(scene) === before);
}

/** A name as DNS has them, in an encoding that decodes to nothing: only Smokescreen's own reader refuses it, by not starting. */
async function aListThatBreaksSmokescreen(scene: Scene): Promise<void> {
  const { proof } = scene;
  const [text, ids] = [configOf(scene), await containers(scene)];
  const broken = await allow(scene, 'xn--zzzzzzzzzz999.lab.test');
  proof.check(
    'a domain that breaks Smokescreen is refused by Smokescreen',
    broken.code === 1 && said(broken).includes('EGRESS_REFUSED'),
    said(broken),
  );
  proof.check('clincher.yaml is put back', configOf(scene) === text);
  proof.check('no container was touched', JSON.stringify(await containers(scene)) === JSON.stringify(ids));
  proof.check('the trail tells of it', /xn--zz.* undone: EGRESS\\?_REFUSED \|$/m.test(trailOf(scene)));
  await others(scene, 'a list that breaks Smokescreen');
}

/** The model server is cut off from the moment the proxy is made anew, until it is made anew again. */
const CUT = `cat >/root/cut.sh <<'EOS'
n=0
docker events --filter container=openclaw-egress --filter event=start --format start | while read -r _; do
n=$((n+1)); if [ "$n" = 1 ]; then iptables -I DOCKER-USER -d "$1" -j REJECT; else iptables -D DOCKER-USER -d "$1" -j REJECT; exit; fi
done
EOS
systemd-run --quiet --collect --unit=cut sh /root/cut.sh`;

async function anotherDoorStops(scene: Scene): Promise<void> {
  const { proof, host, models } = scene;
  const text = configOf(scene);
  await must(host, `${CUT} ${models.split(':')[0]}`);
  const done = await allow(scene, 'second.lab.test');
  await must(host, `systemctl stop cut 2>/dev/null; iptables -S DOCKER-USER`);
  proof.check(
    'an existing domain stops working: the run is red, and names it',
    done.code === 1 && said(done).includes('EGRESS_BROKEN') && said(done).includes(models),
    said(done),
  );
  proof.figure('a change that was undone, all of it', seconds(done.ms));
  proof.check('the old list is in force', (await door(scene, 'second.lab.test')) === 'refused');
  proof.check('the other extra domain is let out', (await door(scene, 'rpc.lab.test')) === 'let out');
  proof.check(
    'that it was put back was proved',
    /egress\.undone/.test(done.stdout),
    done.stdout.slice(-3000),
  );
  proof.check('clincher.yaml is put back', configOf(scene) === text);
  await others(scene, 'undone');
}

async function twoAtOnce(scene: Scene): Promise<void> {
  const { proof } = scene;
  const results = await Promise.all(['first.lab.test', 'other.lab.test'].map((name) => allow(scene, name)));
  const codes = results
    .map(({ code }) => code)
    .sort()
    .join();
  proof.check('two at once: one goes, one is LOCKED', codes === '0,7', results.map(said).join('\n'));
  const winner = results[0]!.code === 0 ? 'first.lab.test' : 'other.lab.test';
  const loser = winner === 'first.lab.test' ? 'other.lab.test' : 'first.lab.test';
  const doors = [await door(scene, winner), await door(scene, loser)].join();
  proof.check('its domain is let out, the other refused', doors === 'let out,refused', doors);
  proof.check(
    'clincher.yaml has the one',
    configOf(scene).includes(winner) && !configOf(scene).includes(loser),
  );
}

async function workerKilled(scene: Scene, ms: number): Promise<void> {
  const { proof, stage } = scene;
  const domain = `killed-${ms}.lab.test`;
  const going = stage.start(allowWords(domain));
  await new Promise((next) => setTimeout(next, ms));
  await stage.plane.signal('worker', 'SIGKILL');
  const { code, stdout } = await stage.toTheEnd(going, NAME);
  const what = `worker killed after ${ms} ms`;
  proof.check(`${what}: the change goes on to its end`, code === 0, stdout.slice(-2000));
  const text = configOf(scene);
  proof.check(
    `${what}: server and clincher.yaml agree`,
    (await door(scene, domain)) === 'let out' && text.includes(domain),
    text,
  );
  await others(scene, what);
}

async function expired(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  // Moved, not the clock: the schedule is made while the entry is still open, and holds that very configuration.
  const end = new Date(Date.now() + 45_000).toISOString().replace(/\.\d+Z/, 'Z');
  const text = configOf(scene).replace(/(domain: rpc\.lab\.test\n.*\n.*\n +expires: ).*/, `$1${end}`);
  writeFileSync(stage.config, text);
  const sync = await stage.cli(['schedule', 'sync', '-s', NAME]);
  proof.check('the schedule is brought up to date', sync.code === 0 && text.includes(end), said(sync));
  const early = await scheduledRun(scene);
  proof.check(
    'before its end it stays',
    early === 'done' && (await door(scene, 'rpc.lab.test')) === 'let out',
  );
  await new Promise((next) => setTimeout(next, Math.max(0, Date.parse(end) - Date.now()) + 1_000));
  const drift = await stage.cli(['plan', '-s', NAME, '--exit-code', '--json'], { timeoutMs: 200_000 });
  proof.check('after it, a plan says that the door is to be shut', drift.code === 3, said(drift));
  const began = Date.now();
  proof.check('the schedule’s run is green', (await scheduledRun(scene)) === 'done');
  proof.figure('shut by its schedule', seconds(Date.now() - began));
  proof.check('the door is shut, clincher.yaml untouched', (await door(scene, 'rpc.lab.test')) === 'refused');
  await others(scene, 'expired');
  const ids = await containers(scene);
  const idle = await scheduledRun(scene);
  proof.check(
    'the next one finds nothing to do',
    idle === 'done' && JSON.stringify(await containers(scene)) === JSON.stringify(ids),
  );
  const { stdout } = await stage.cli(['egress', 'list', '-s', NAME]);
  proof.check('the list says so', /rpc\.lab\.test .*expired/.test(stdout), stdout);
}

/** Triggers the schedule, and waits for what it started. */
async function scheduledRun({ stage }: Scene): Promise<string> {
  const runs = async () => {
    const { stdout } = await stage.cli(['runs', '-s', NAME, '--json']);
    const list = (JSON.parse(stdout) as { runs: { runbook: string; status: string; who: string }[] }).runs;
    return list.filter(({ runbook, who }) => runbook === 'egress' && who === 'schedule');
  };
  const before = (await runs()).length;
  await stage.cli(['schedule', 'trigger', 'egress', '-s', NAME]);
  for (let i = 0; i < 120; i += 1) {
    const [newest, ...older] = await runs();
    if (newest && older.length === before && !['running', 'waiting'].includes(newest.status))
      return newest.status;
    await new Promise((next) => setTimeout(next, 1_000));
  }
  return 'never ended';
}

async function denied(scene: Scene): Promise<void> {
  const { proof } = scene;
  const before = trailOf(scene);
  const domain = 'killed-4000.lab.test';
  const done = await deny(scene, domain);
  proof.check('a domain is denied', done.code === 0, said(done));
  proof.check(
    'it is refused, and gone from clincher.yaml',
    (await door(scene, domain)) === 'refused' && !configOf(scene).includes(domain),
  );
  await others(scene, 'denied');
  proof.check('the trail only grows', trailOf(scene).startsWith(before) && trailOf(scene) !== before);
}
