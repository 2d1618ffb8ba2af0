// harden: the protection of host and gateway again, on a server that is provisioned.
import { patched } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { hasStack } from './catalog.js';
import { Run } from './run.js';

export async function harden(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'harden');
  return run.tell(async () => {
    await run.converge('harden.host');
    if (hasStack(run.server) && patched('stack')) await run.converge('harden.openclaw');
  });
}
