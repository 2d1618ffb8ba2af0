// What `run --wait` starts where the server is busy: it waits its turn, and is over as soon as the run has begun.
import { isCancellation } from '@temporalio/workflow';
import type { Begun, Turn } from '../model.js';
import { failedNotice } from './notices.js';
import { tellPeople } from './tell.js';
import { begun } from './turn.js';

/** Open means waiting: once begun the run is one like any other, and the same runbook may wait again. */
export async function queued(turn: Turn): Promise<Begun> {
  try {
    const { workflowId, firstExecutionRunId } = await begun(turn, 'ABANDON');
    return { workflowId, runId: firstExecutionRunId };
  } catch (error) {
    // Whoever asked for it may have left long ago.
    if (!isCancellation(error)) await tellPeople(turn.input.server, failedNotice(turn, error));
    throw error;
  }
}
