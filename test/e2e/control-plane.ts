// control-plane: Temporal on PostgreSQL by the compose file; what dies under fifty runs; a second control plane adopts.
import { setTimeout as sleep } from 'node:timers/promises';
import { type LabHost, labDown, labUp } from '../lab/lab.js';
import { adoption } from './adoption.js';
import { Composed, engine } from './composed.js';
import { each, HOSTS, logical, once, openOf, over, RUNS, type Seen, start, waveOf } from './fifty.js';
import { mutualTls } from './mutual-tls.js';
import { planeBackup } from './plane-backup.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';

const WORKERS = 3;
const KILLS = 6;
const AWAY_MS = 20_000;

export interface Scene {
  proof: Proof;
  plane: Composed;
  nodes: readonly LabHost[];
}

export async function controlPlane(proof: Proof): Promise<void> {
  const nodeNames = Array.from({ length: HOSTS }, (_, i) => `node-${i}`);
  const names = ['plane-a', 'plane-b', 'plane-c', 'plane-d'];
  const say = (line: string): void => proof.say(line);
  try {
    const planes: LabHost[] = [];
    // One after the other: lab hosts that are made at once look for the same free address.
    for (const name of names)
      planes.push(...(await labUp([{ name, distro: 'debian13', memory: '4g' }], { say, fresh: true })));
    const nodes: LabHost[] = [];
    for (const name of nodeNames)
      nodes.push(...(await labUp([{ name, distro: 'debian13', memory: '1g' }], { say, fresh: true })));
    const [first, ...others] = await composed(planes, nodes, say);
    const scene = { proof, plane: first!, nodes };
    proof.figure('from nothing to the first answer', seconds(await first!.up()));
    await workersDie(scene);
    await databaseAway(scene);
    const winner = await adoption(scene, others);
    const empty = planes.at(-1)!;
    await planeBackup({ proof, plane: winner, empty, node: nodes[1]! });
    await mutualTls(proof, others.find((other) => other !== winner)!);
  } finally {
    if (!process.env['CLINCHER_KEEP_STAGE']) await labDown([...names, ...nodeNames]);
  }
}

async function composed(
  planes: readonly LabHost[],
  nodes: readonly LabHost[],
  say: (line: string) => void,
): Promise<Composed[]> {
  const servers = await logical(nodes);
  const made: Composed[] = [];
  for (const host of planes) {
    await engine(host, say);
    // The last one is to have nothing.
    if (host === planes.at(-1)) continue;
    const plane = new Composed(host);
    await plane.install({ workers: WORKERS, servers, say });
    made.push(plane);
  }
  return made;
}

/** Every second or two another one, while runs are open. */
export async function workersDie({ proof, plane, nodes }: Scene): Promise<void> {
  const began = Date.now();
  const since = await start(proof, plane, 'base.user');
  let killed = 0;
  for (let left = RUNS; killed < KILLS && left > 0; left = await openOf(plane)) {
    const workers = await plane.workers();
    const worker = workers[killed % workers.length];
    if (worker === undefined) throw new Error('no worker runs');
    await must(plane.host, `docker kill ${worker} && docker start ${worker}`);
    killed += 1;
    proof.say(`  a worker was killed with ${left} runs open`);
    await sleep(1_000);
  }
  const all = await over(plane, since);
  proof.figure(`${RUNS} runs with ${WORKERS} workers, ${killed} kills`, seconds(Date.now() - began));
  proof.check('workers were killed under open runs', killed >= 3, String(killed));
  allDone(proof, all, 'workers killed');
  await once(proof, nodes, 'base.user');
  const users = await each(nodes, "getent passwd | grep -c '^op-s'");
  const sum = users.reduce((total, one) => total + Number(one), 0);
  proof.check('each server has its user', sum === RUNS, JSON.stringify(users));
  const again = await plane.cli('run', 'provision', '-s', 'all', '--only', 'base.user', '--yes', '--json');
  const isQuiet = again.code === 0 && !/"changed": ?[1-9]/.test(again.stdout);
  proof.check('another time, nothing is to be changed', isQuiet, again.stdout.slice(-2_000) + again.stderr);
}

function allDone(proof: Proof, all: readonly Seen[], when: string): void {
  const bad = all.filter(({ status }) => status !== 'done');
  const isWell = bad.length === 0 && all.length === RUNS;
  proof.check(`${when}: ${all.length - bad.length} of ${RUNS} runs ended well`, isWell, JSON.stringify(bad));
}

/** Killed, not stopped: what it had promised must be there when it comes back. */
export async function databaseAway({ proof, plane, nodes }: Scene): Promise<void> {
  const since = await start(proof, plane, 'base.directories');
  const open = await waveOf(plane);
  await plane.compose('kill postgresql');
  const asked = await plane.cli('runs', '--json', '--limit', '1');
  proof.check('without its database a command says so', asked.code !== 0, asked.stdout.slice(0, 500));
  proof.say(`  PostgreSQL was killed with ${open} runs open, and is away for ${seconds(AWAY_MS)}`);
  await sleep(AWAY_MS);
  const back = Date.now();
  await plane.compose('up -d --no-recreate postgresql 2>&1');
  const all = await over(plane, since);
  proof.check('PostgreSQL was killed under open runs', open > 0, String(open));
  proof.figure('runs left when PostgreSQL was killed', open);
  proof.figure('from PostgreSQL’s return to the last run’s end', seconds(Date.now() - back));
  allDone(proof, all, 'PostgreSQL killed');
  await once(proof, nodes, 'base.directories');
}
