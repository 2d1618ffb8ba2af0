// redteam: one attack after the other through the gateway's own API, each judged and kept. Changes nothing, and costs tokens.
import type { Proof, RunInput, RunState, Span, StepState, Trial } from '../model.js';
import { reads, spends } from './activities.js';
import { elapsedMs } from './elapsed.js';
import { record } from './look.js';
import { addProof, iso } from './state.js';

export const redteam = (input: RunInput): Promise<RunState> =>
  record(input, 'redteam', async (state) => {
    const { server, only } = input;
    const { trials, spentUsd } = await reads.attacks.executeWithOptions({ summary: 'attacks' }, [
      { server, only },
    ]);
    state.groups.push({ name: 'checks', steps: trials.map(pending) });
    state.proof = { checks: [], outside: '', remoteMs: 0, remote: [], roundTrips: 0 };
    for (const trial of trials) await attempt(state, state.proof, input, trial);
    state.proof.spent = await reads.spent({ server, since: spentUsd });
  });

/** What was found so far is in the state at any time: a run that is cancelled has not been for nothing. */
async function attempt(state: RunState, proof: Proof, { server }: RunInput, trial: Trial): Promise<void> {
  const began = Date.now();
  Object.assign(stepOf(state, trial), { status: 'running', startedAt: iso(began) });
  const summary = `${trial.id}: ${trial.title}`;
  const { check, remote } = await spends.attack.executeWithOptions({ summary }, [{ server, trial }]);
  proof.checks.push(check);
  count(state, proof, remote);
  addProof(state, { ...proof, checks: [check] });
  Object.assign(stepOf(state, trial), { startedAt: iso(began), durationMs: Date.now() - began });
}

function count(state: RunState, proof: Proof, remote: readonly Span[]): void {
  proof.remote.push(...remote);
  proof.roundTrips += remote.length;
  proof.remoteMs = elapsedMs(proof.remote);
  state.remoteMs = proof.remoteMs;
}

const stepOf = (state: RunState, { id }: Trial): StepState =>
  state.groups[0]!.steps.find((step) => step.id === id)!;

const pending = ({ id, title }: Trial): StepState => ({
  ...{ id, title, status: 'pending', changes: [], notes: [] },
});
