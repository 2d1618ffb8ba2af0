// A failover with a gigabyte of data, and a recovery onto a bare server, beside restore and boot as a person would type them.
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Say } from '../scripts/patiently.js';
import { must as local } from '../scripts/run.js';
import { loadConfig, resolveServer } from '../src/config/load.js';
import {
  answer,
  backedUp,
  begin,
  FAR,
  gate,
  nameLeads,
  PRIMARY,
  type Scene,
  STANDBY,
  sceneOf,
  stagedStandby,
  toItsEnd,
} from '../test/e2e/failover-scene.js';
import { COPIES } from '../test/e2e/far-host.js';
import { must } from '../test/e2e/published.js';
import { FOLDER } from '../test/e2e/sabotage.js';
import { onStage, type Stage } from '../test/e2e/stage.js';
import type { LabHost } from '../test/lab/lab.js';
import { built } from './build.js';
import { WarmConnection } from './floor.js';
import { type Spread, spread } from './numbers.js';
import { lookFrom } from './stack-floor.js';
import { strictly } from './strictly.js';

export interface Moves {
  bytes: number;
  /** Of the failover, without what people took for their answers. */
  phases: { name: string; ms: number }[];
  failoverMs: number;
  /** Until the gateway is healthy, and holds its bot; what comes after it is proof, and the door. */
  servingMs: number;
  /** Onto a bare server, the whole run; its one question is answered at once. */
  recoveryMs: number;
  /** Of that, on the host: its commands would take that long if a person had typed them without a pause. */
  recoveryOnHostMs: number;
  /** The same backup on the machine that took over: unpacked, `docker compose up`, ready. */
  byHandMs: Spread;
  /** What the failover proves with, read by the same script there with nothing of clincher around it. */
  looksMs: number;
}

const GIB = 2 ** 30;

export const moves = async (say: Say, rounds: number): Promise<Moves> =>
  onStage({ say, binary: await built(say) }, async (stage) => {
    const proof = strictly(say);
    const key = await generateX25519Identity();
    const scene = await sceneOf(proof, stage);
    stage.set(PRIMARY, { backup: { recipients: [await identityToRecipient(key)] } });
    await ended(stage, 'the recipient', ['run', 'provision', '-s', PRIMARY, '--yes', '--json']);
    await must(scene.now(), FILL);
    await backedUp(proof, scene);
    await stagedStandby(proof, scene, 'the standby is staged');
    const phases = await failedOver(scene);
    say(`moves: ${phases.map(({ name, ms }) => `${name} ${Math.round(ms)} ms`).join(', ')}`);
    const byHandMs = await byHand(scene.now(), key, rounds, say);
    const looksMs = await looks(stage);
    say(`moves: its proofs read by hand: ${Math.round(looksMs)} ms`);
    const recovery = await recovered(stage);
    const serving = phases.findIndex(({ name }) => name === 'start') + 1;
    return {
      ...{ bytes: GIB, phases, byHandMs, looksMs, ...recovery },
      ...{ failoverMs: sumOf(phases), servingMs: sumOf(phases.slice(0, serving)) },
    };
  });

const sumOf = (phases: Moves['phases']): number => phases.reduce((sum, { ms }) => sum + ms, 0);

/** Half of it random: what people keep is partly compressed already. */
const FILL = `d=${FOLDER}/data/workspace/blob; mkdir -p $d; for n in 1 2 3 4 5 6 7 8; do head -c 64M /dev/urandom >$d/random-$n; head -c 64M /dev/zero | tr '\\0' 'a' >$d/text-$n; done; chown -R 1000:1000 $d; sync`;

async function ended(stage: Stage, what: string, words: string[]): Promise<string> {
  const { code, stdout, stderr } = await stage.cli(words, { timeoutMs: 960_000 });
  if (code !== 0) throw new Error(`${what}: ended with ${code}: ${(stdout + stderr).slice(-2_000)}`);
  return stdout;
}

/**
 * A standby has not run its images for days, so nothing of them is in memory; a container of the lab, whose images came a
 * minute ago, would have most of them there or not, as it happens (proc_sys_vm(5), drop_caches).
 */
const cold = (): Promise<string> => local('sh', ['-c', 'sync; echo 1 >/proc/sys/vm/drop_caches']);

/** Its power is gone. */
async function failedOver(scene: Scene): Promise<Moves['phases']> {
  const { stage } = scene;
  await scene.now().kill();
  await cold();
  await begin(
    strictly((line) => stage.say(line)),
    scene,
    'failover',
  );
  for (const [id, value] of [
    ['failover', 'yes'],
    ['fence', 'powered-off'],
  ] as const) {
    await gate(stage, id);
    await answer(stage, id, value);
  }
  // Before anybody asks for it: who looks for a gate takes one of two processors meanwhile.
  await nameLeads(scene, scene.other());
  const { code, stdout } = await toItsEnd(stage);
  if (code !== 0) throw new Error(`the failover ended with ${code}: ${stdout.slice(-2_000)}`);
  scene.moved();
  const { phases } = JSON.parse(stdout) as { phases: { name: string; ms: number; waitedMs: number }[] };
  return phases.map(({ name, ms, waitedMs }) => ({ name, ms: ms - waitedMs }));
}

/** What is there is put aside first; the key comes by stdin. */
const BY_HAND = `set -e; umask 077; cat >/root/by-hand.key
cd ${FOLDER}; docker compose rm -sf >/dev/null 2>&1; rm -rf /var/lib/aside; mkdir /var/lib/aside; mv data /var/lib/aside/
a=$(ls -d ${FOLDER}/monitoring/backups/2*Z | tail -n 1); began=$(date +%s%N)
age -d -i /root/by-hand.key $a/archive.tar.zst.age | zstd -dc | tar -x -p -C /
docker compose up -d --wait >/dev/null 2>&1
until docker exec openclaw curl -fsS -o /dev/null http://127.0.0.1:18789/readyz 2>/dev/null; do sleep 0.1; done
echo $(( ($(date +%s%N) - began) / 1000000 )); rm -rf /root/by-hand.key /var/lib/aside`;

async function byHand(host: LabHost, key: string, rounds: number, say: Say): Promise<Spread> {
  const taken: number[] = [];
  for (let n = 1; n <= rounds; n += 1) {
    await cold();
    taken.push(Number(await must(host, BY_HAND, `${key}\n`)));
    say(`moves: by hand, round ${n} of ${rounds}: ${taken.at(-1)} ms`);
  }
  return spread(taken);
}

async function looks(stage: Stage): Promise<number> {
  const server = resolveServer(loadConfig(stage.config), PRIMARY);
  const connection = await WarmConnection.open(server);
  try {
    return (
      (await lookFrom(server, connection, 'verify.*')) + (await lookFrom(server, connection, 'exposed.*'))
    );
  } finally {
    connection.close();
  }
}

/** Both servers are gone; a bare one has the copies elsewhere, the vault and clincher.yaml. */
async function recovered(stage: Stage): Promise<Pick<Moves, 'recoveryMs' | 'recoveryOnHostMs'>> {
  const { address: _, ssh: __, ...settings } = stage.server(PRIMARY);
  await stage.drop(PRIMARY, STANDBY);
  await stage.hosts([{ name: PRIMARY, distro: 'debian13', memory: '6g' }], settings);
  const newest = (
    await must(stage.host(FAR), `ls ${COPIES}/${PRIMARY} | grep '^2' | sort | tail -n 1`)
  ).trim();
  const began = Date.now();
  await stage.cli(['run', 'recover', '-s', PRIMARY, '--yes', '--detach', '--on-failure', 'ask']);
  const { id } = await gate(stage, `recover-${newest.toLowerCase()}`);
  await answer(stage, id, 'yes');
  const words = ['follow', '@last', '-s', PRIMARY, '--json', '--timeout', '15m'];
  const { remoteMs } = JSON.parse(await ended(stage, 'the recovery', words)) as { remoteMs: number };
  return { recoveryMs: Date.now() - began, recoveryOnHostMs: remoteMs };
}
