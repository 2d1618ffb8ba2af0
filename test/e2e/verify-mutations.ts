// verify-mutations: a verified host is broken in one way after the other; verify names exactly that, and a run puts it right.
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { type Proof, seconds } from './proof.js';
import { commit, type Sabotage, undo } from './sabotage.js';
import { SABOTAGES } from './sabotages.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { documentOf, tail, told, wrongIn } from './verdicts.js';

const NAME = 'mutant';

/** A part of them, by words of their names: `CLINCHER_SABOTAGE=budget npm run e2e -- verify-mutations`. */
const chosen = (): Sabotage[] => {
  const word = process.env['CLINCHER_SABOTAGE'];
  return SABOTAGES.filter(({ name }) => word === undefined || new RegExp(word, 'i').test(name));
};

export async function verifyMutations(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const host = await verified(proof, stage);
    const list = chosen();
    for (const sabotage of list) await mutation(proof, stage, host, sabotage);
    proof.figure('sabotages', list.length);
  });
}

async function verified(proof: Proof, stage: Stage): Promise<LabHost> {
  const { host } = await provisionedStack(proof, stage, NAME);
  const seen = await look(stage);
  proof.check('verify is green', seen.code === 0, told(seen));
  proof.figure('verify of a green host', seconds(seen.ms));
  return host;
}

const look = (stage: Stage): Promise<CliResult> => stage.cli(['verify', '-s', NAME, '--json']);

async function mutation(proof: Proof, stage: Stage, host: LabHost, sabotage: Sabotage): Promise<void> {
  try {
    await commit(host, sabotage);
  } catch (error) {
    proof.check(`${sabotage.name}: done`, false, (error as Error).message);
  }
  const broken = await look(stage);
  const { isExact, words } = judged(broken, sabotage);
  proof.check(`${sabotage.name}: verify names it, and nothing else`, isExact && broken.code === 3, words);
  await undo(host, sabotage);
  const repaired = await repair(stage);
  proof.check(`${sabotage.name}: repaired by a run`, repaired.code === 0, tail(repaired));
  const again = await look(stage);
  proof.check(`${sabotage.name}: verify is green again`, again.code === 0, told(again));
  if (again.code !== 0) await clear(stage, host, sabotage);
}

/** What was edited by hand is meant to be replaced. */
const repair = (stage: Stage): Promise<CliResult> => stage.provision(NAME, '--replace-edited');

/** A run that waits would lock the next one out, and what is still broken would be found again with the next sabotage. */
async function clear(stage: Stage, host: LabHost, sabotage: Sabotage): Promise<void> {
  await stage.cli(['abort', '@last', '-s', NAME]);
  await undo(host, sabotage);
  await repair(stage);
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join() === [...b].sort().join();

/** Exactly what must fail fails, with a remedy; exactly what must differ differs; unknown is only what is blinded. */
function judged(
  result: CliResult,
  { fails = [], differs = [], blinds = [] }: Sabotage,
): { isExact: boolean; words: string } {
  const found = documentOf(result);
  const wrong = wrongIn(found);
  const failed = (found.checks ?? []).filter(({ verdict }) => verdict === 'fail');
  const isExact =
    same(wrong.fails, fails) &&
    same(wrong.differs, differs) &&
    wrong.unknown.every((id) => blinds.includes(id)) &&
    failed.every(({ evidence, remedy }) => evidence.length > 0 && remedy.length > 0);
  const want = `wanted: fails ${fails.join(', ')}; differs ${differs.join(', ')}`;
  return { isExact, words: `${want}\n${told(result)}` };
}
