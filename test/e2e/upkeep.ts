// upkeep: a reboot that is drained and happens once, what is no longer needed goes and nothing else, drift is repaired or accepted.
import type { Proof } from './proof.js';
import { provisionedStack } from './stack-stage.js';
import { onStage } from './stage.js';
import { drifts } from './upkeep-drift.js';
import { prunes } from './upkeep-prune.js';
import { reboots } from './upkeep-reboot.js';
import { NAME, type Scene } from './upkeep-scene.js';
import { told } from './verdicts.js';

const PARTS: Record<string, (scene: Scene) => Promise<void>> = {
  drift: drifts,
  prune: prunes,
  reboot: reboots,
};

/** All, or some of them: `CLINCHER_UPKEEP=drift,prune npm run e2e -- upkeep`. */
const chosen = (): string[] => process.env['CLINCHER_UPKEEP']?.split(',') ?? Object.keys(PARTS);

export async function upkeep(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host, run } = await provisionedStack(proof, stage, NAME);
    if (run.code !== 0) throw new Error('not provisioned');
    const scene: Scene = { proof, stage, host };
    for (const part of chosen()) await PARTS[part]!(scene);
    const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
    proof.check('at the end verify is green', end.code === 0, told(end));
  });
}
