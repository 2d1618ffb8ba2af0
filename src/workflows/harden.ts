// harden: the host's own protection again, on a server that is provisioned.
import type { RunInput, RunState } from '../model.js';
import { Run } from './run.js';

export async function harden(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'harden');
  return run.tell(() => run.converge('harden.host'));
}
