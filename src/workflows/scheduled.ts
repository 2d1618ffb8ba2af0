// What a schedule starts: it waits its turn on the server, and ends as the run does, so that the schedule's own page tells how it went.
import { isCancellation } from '@temporalio/workflow';
import type { PlannedSchedule, RunState } from '../model.js';
import { countLag } from './figures.js';
import { failedNotice, foundNotice } from './notices.js';
import { tellPeople } from './tell.js';
import { begun } from './turn.js';

/** People are told where they have to know. */
export async function scheduled(plan: PlannedSchedule): Promise<RunState> {
  const { server } = plan.input;
  countLag(plan.runbook, server.name);
  try {
    // What was begun on the server is not cut short because somebody ended the schedule's own workflow.
    const run = await begun(plan, 'REQUEST_CANCEL');
    const state = (await run.result()) as RunState;
    await tellPeople(server, foundNotice(state));
    return state;
  } catch (error) {
    if (!isCancellation(error)) await tellPeople(server, failedNotice(plan, error));
    throw error;
  }
}
