// provision: from a server that nobody touched to a hardened host that runs a proved OpenClaw.
import { patched } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { hasStack, runsServices } from './catalog.js';
import { secretQuestion } from './questions.js';
import { Run } from './run.js';

export async function provision(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'provision');
  return run.tell(async () => {
    await run.converge('base');
    await run.converge('harden.host');
    if (run.server.tailscale.enabled) {
      await run.manual('tailscale-up', TAILSCALE);
      await run.converge('harden.tailnet');
    }
    if (patched('stack')) return stack(run);
    const { telegram } = run.server.channels;
    if (telegram.enabled) await run.secret(telegram.token, secretQuestion(telegram.token));
  });
}

/** The gateway is hardened before its first start, and reached from outside only when everything was proved. */
async function stack(run: Run): Promise<void> {
  await run.missingSecrets(secretQuestion);
  if (!hasStack(run.server)) return;
  await run.internalSecrets();
  await run.converge('stack');
  await run.converge('harden.openclaw');
  if (!runsServices(run.server)) return;
  await run.converge('services');
  const proved = await run.prove();
  await run.expose(proved);
}

const TAILSCALE = {
  id: 'tailscale-up',
  title: 'Join the server to your tailnet',
  instructions: [
    'Open the login URL below in a browser and approve the device',
    'The gate closes by itself when the node is up',
  ],
};
