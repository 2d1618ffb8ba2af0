// One server of a fleet: waits its turn, begins the server's ordinary run, and tells the fleet in a few words how it ended.
import { CancellationScope, isCancellation, TerminatedFailure } from '@temporalio/workflow';
import type { MemberEnd, RunState, Turn } from '../model.js';
import { endedWell } from './ended-well.js';
import { speakable } from './messages.js';
import { runError } from './state.js';
import { begun } from './turn.js';

const NOTHING = { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0 };

/** A cancelled one begins nothing more; a run that has begun goes on by itself. */
export async function member(turn: Turn): Promise<MemberEnd> {
  const handle = await begun(turn, 'ABANDON', 'ABANDON');
  const { workflowId, firstExecutionRunId: runId } = handle;
  const known = { workflowId, runId, run: speakable(turn.server, runId) };
  try {
    const state = (await handle.result()) as RunState;
    const { status, outcome, error } = state;
    return { ...known, status, outcome, isWell: endedWell(state), ...(error ? { error } : {}) };
  } catch (cause) {
    if (CancellationScope.current().consideredCancelled) return { ...known, ...OPEN };
    return { ...known, outcome: NOTHING, isWell: false, ...ending(cause) };
  }
}

const OPEN = { status: 'running', outcome: NOTHING, isWell: false } as const;

/** Somebody may have cancelled or ended the run itself. */
function ending(cause: unknown): Pick<MemberEnd, 'status' | 'error'> {
  const isEnded = cause instanceof Error && cause.cause instanceof TerminatedFailure;
  if (!isEnded && !isCancellation(cause)) return { status: 'failed', error: runError(cause) };
  return { status: 'aborted', error: { code: 'ABORTED', message: 'the run was aborted' } };
}
