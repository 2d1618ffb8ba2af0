// pairing: one decision of a person about one request, under the host's lock.
import type { PairingDecision, RunInput, RunState } from '../model.js';
import { acts } from './activities.js';
import { Run } from './run.js';

export interface PairingInput extends RunInput {
  decision: PairingDecision;
}

export async function pairing({ decision, ...input }: PairingInput): Promise<RunState> {
  const run = new Run(input, 'pairing');
  const id = `pairing.${decision.act}`;
  return run.tell(() =>
    run.task('pairing', id, `One ${decision.request.kind} is decided on`, (key) => {
      const { server, who, takeOver } = input;
      const asked = { server, run: run.state.run, who, takeOver, key, decision };
      return acts.decidePairing.executeWithOptions({ summary: id }, [asked]);
    }),
  );
}
