// harden: the protection of host and gateway again, on a server that is provisioned.
import { patched } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { hasPins, hasStack } from './catalog.js';
import { Run } from './run.js';
import { vet } from './vetting.js';

export async function harden(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'harden');
  return run.tell(async () => {
    await run.converge('harden.host');
    if (!hasStack(run.server) || !patched('stack')) return;
    if (hasPins(run.server) && patched('vetting')) await vet(run);
    await run.converge('harden.openclaw');
  });
}
