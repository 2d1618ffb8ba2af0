// What a run says of itself when it ends, for whoever exports it: names, times and how it went. Nothing that it was told.
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { EndedRun, EndedStep, RunState, StepState } from '../model.js';
import { countedAs } from './ended-well.js';

/** The worker's side is src/worker-traces.ts; a sink adds nothing to the history. */
export interface RunSinks extends Sinks {
  runs: { ended(run: EndedRun): void };
}

export const traceRun = (state: RunState): void => proxySinks<RunSinks>().runs.ended(endedRun(state));

export const endedRun = (state: RunState): EndedRun => ({
  ...{ run: state.run, runbook: state.runbook, server: state.server },
  ...{ startedAt: state.startedAt, endedAt: state.endedAt ?? state.startedAt },
  ...{ outcome: countedAs(state), counts: state.outcome, code: state.error?.code },
  steps: state.groups.flatMap(({ name, steps }) => steps.flatMap((step) => endedStep(name, step))),
});

/** What was as wanted, or was not come to, took no time of its own. */
const endedStep = (group: string, { id, status, startedAt, durationMs, error }: StepState): EndedStep[] =>
  startedAt === undefined ? [] : [{ group, id, status, startedAt, durationMs, code: error?.code }];
