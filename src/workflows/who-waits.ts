// Who waits to be let in, looked at when a run has done its work: a hint, never a reason to fail.
import { isCancellation } from '@temporalio/workflow';
import { reads } from './activities.js';
import type { Run } from './run.js';

export async function lookWhoWaits(run: Run): Promise<void> {
  try {
    const { now, remote } = await reads.pairing({ server: run.server });
    run.state.pairing = now;
    run.waited(remote);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
