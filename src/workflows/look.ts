// The read-only runbooks: they take no lock and change nothing.
import { setHandler, workflowInfo } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { reads } from './activities.js';
import { Elapsed } from './elapsed.js';
import { progressQuery, speakable } from './messages.js';
import { addSurvey, iso, newState, recount, runError } from './state.js';

export interface LookInput extends RunInput {
  checklists: string[];
}

/** What a run would change. */
export const plan = (input: LookInput): Promise<RunState> => surveyAll(input, 'plan');

/** That nothing would change. */
export const verify = (input: LookInput): Promise<RunState> => surveyAll(input, 'verify');

async function surveyAll(input: LookInput, runbook: string): Promise<RunState> {
  const { server, only, from } = input;
  return record(input, runbook, async (state) => {
    const surveys = input.checklists.map((checklist) =>
      reads.survey.executeWithOptions({ summary: `survey ${checklist}` }, [
        { server, checklist, only, from },
      ]),
    );
    state.surveys = await Promise.all(surveys);
    for (const survey of state.surveys) addSurvey(state, survey);
    const elapsed = new Elapsed();
    elapsed.add(state.surveys.flatMap(({ remote }) => remote));
    state.remoteMs = elapsed.ms;
  });
}

/** Can we reach the host, become root there, and is it fit. */
export const doctor = (input: RunInput): Promise<RunState> =>
  record(input, 'doctor', async (state) => {
    state.groups.push({ name: 'doctor', steps: await reads.examine({ server: input.server }) });
  });

async function record(
  input: RunInput,
  runbook: string,
  work: (state: RunState) => Promise<void>,
): Promise<RunState> {
  const state = newState(
    input,
    speakable(input.server.name, workflowInfo().firstExecutionRunId),
    runbook,
    Date.now(),
  );
  setHandler(progressQuery, () => state);
  try {
    await work(state);
    state.status = 'done';
  } catch (error) {
    state.status = 'failed';
    state.error = runError(error);
    throw error;
  } finally {
    state.endedAt = iso(Date.now());
    recount(state);
  }
  return state;
}
