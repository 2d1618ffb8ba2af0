// crash: a first provision whose worker and Temporal are killed at random moments ends as one that nobody disturbed.
import { loadConfig } from '../../src/config/load.js';
import type { LabSpec } from '../lab/lab.js';
import { newSeed, seeded } from './chance.js';
import { differences, factsOf, OWN_FILES } from './facts.js';
import { type Blow, firstChange, strike } from './kills.js';
import { writtenBy } from './once.js';
import { type Proof, seconds } from './proof.js';
import { onStage, type Stage } from './stage.js';

const KINDS = [
  { distro: 'debian13', sshMode: 'socket' },
  { distro: 'debian12', sshMode: 'service' },
] as const;
const WANTED = { worker: 20, server: 5 };
/** A run that is over sooner than its blows leaves some over for the next. */
const MOST_RUNS = 10;

type Facts = Map<string, string>;

export async function crash(proof: Proof): Promise<void> {
  const seed = newSeed();
  proof.figure('seed', seed);
  const chance = seeded(seed);
  const hits = { worker: 0, server: 0 };
  const times: number[] = [];
  await onStage(proof, async (stage) => {
    await stage.up();
    const undisturbed: Facts[] = [];
    for (const [i, kind] of KINDS.entries())
      undisturbed.push(await reference(stage, `still-${i}`, kind, proof));
    for (let n = 0; n < MOST_RUNS && (hits.worker < WANTED.worker || hits.server < WANTED.server); n += 1) {
      const spec = { name: `crash-${n}`, ...KINDS[n % KINDS.length]! };
      times.push(await disturbed(stage, spec, undisturbed[n % KINDS.length]!, blows(chance), hits, proof));
    }
  });
  proof.figure('runs', times.length);
  proof.figure('kill -9 of the worker', hits.worker);
  proof.figure('kill -9 of Temporal', hits.server);
  proof.figure('longest run', seconds(Math.max(...times)));
  proof.check('killed often enough', hits.worker >= WANTED.worker && hits.server >= WANTED.server);
  proof.say(`left out of the comparison, since each host has its own: ${OWN_FILES.join(', ')}`);
}

/** Four times the worker, once Temporal, in an order and at moments of chance. */
function blows(chance: () => number): Blow[] {
  const server = Math.floor(chance() * 5);
  return [0, 1, 2, 3, 4].map((i) => ({
    part: i === server ? ('server' as const) : ('worker' as const),
    afterMs: 500 + chance() * 9_000,
  }));
}

async function reference(
  stage: Stage,
  name: string,
  kind: Omit<LabSpec, 'name'>,
  proof: Proof,
): Promise<Facts> {
  const [host] = await stage.hosts([{ name, ...kind }]);
  const run = await stage.provision(name);
  proof.check(
    `${name} (${kind.distro}, ssh.${kind.sshMode}) is provisioned undisturbed`,
    run.code === 0,
    run.stderr,
  );
  await stage.provision(name);
  const facts = await factsOf(host!, loadConfig(stage.config).servers[name]!);
  await stage.drop(name);
  return facts;
}

async function disturbed(
  stage: Stage,
  spec: LabSpec,
  wanted: Facts,
  blows: readonly Blow[],
  hits: { worker: number; server: number },
  proof: Proof,
): Promise<number> {
  const { name } = spec;
  const [host] = await stage.hosts([spec]);
  const began = Date.now();
  const running = stage.startProvision(name);
  await firstChange(host!);
  const kills = strike(stage.plane, blows, (line) => proof.say(line));
  const run = await stage.toTheEnd(running, name);
  kills.stop();
  for (const { part } of await kills.done) hits[part as 'worker' | 'server'] += 1;
  const ms = Date.now() - began;
  const isConverged = run.code === 0 && run.doc.outcome.failed === 0;
  proof.check(`${name} converged in ${seconds(ms)}, nobody asked`, isConverged, run.stdout + run.stderr);
  const again = await stage.provision(name);
  const isQuiet = again.code === 0 && again.doc.outcome.changed === 0;
  proof.check(`${name}: the next run changes nothing`, isQuiet, again.stdout + again.stderr);
  const { audit, dpkg, twice } = await writtenBy(host!);
  proof.check(
    `${name}: ${audit.length} changes and ${dpkg.length} words of dpkg, none twice`,
    audit.length > 10 && twice.length === 0,
    twice.join('\n'),
  );
  const facts = await factsOf(host!, loadConfig(stage.config).servers[name]!);
  const found = differences(wanted, facts);
  const told = found.map((one) => `${one.name}\n${one.lines.slice(0, 6).join('\n')}`).join('\n');
  proof.check(`${name}: all ${facts.size} readings as on the undisturbed host`, found.length === 0, told);
  await stage.drop(name);
  return ms;
}
