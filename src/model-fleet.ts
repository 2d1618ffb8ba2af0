// The vocabulary of runs over several servers: a canary, then waves, and what became of each server. Types only.
import type { Begun, Counts, RunError, RunInput, RunStatus } from './model.js';

export interface FleetInput {
  runbook: string;
  who: string;
  /** It takes no lock, so nothing waits. */
  readOnly: boolean;
  /** Servers in each wave after the first; absent: all the rest. */
  wave?: number | undefined;
  /** So many may fail before the next wave is not begun. */
  maxFailures: number;
  /** How long each server that is busy is waited for; 0: not at all. */
  patienceSeconds: number;
  /** What each server's run is started with, in this order. */
  inputs: RunInput[];
}

/** One server of it, and what it is to wait and to tell. */
export interface FleetMember {
  server: string;
  /** 0 is the canary. */
  wave: number;
  /** `pending`: its wave has not come; `spared`: it will not come any more. */
  status: 'pending' | 'running' | 'spared' | Exclude<RunStatus, 'running' | 'waiting'>;
  /** Speakable; of its turn until that has ended, then of the run. Both are found by it. */
  run?: string | undefined;
  workflowId?: string | undefined;
  runId?: string | undefined;
  error?: RunError | undefined;
}

export interface FleetState {
  runbook: string;
  members: FleetMember[];
}

/** All that a fleet is told of a server's run: the rest is in that run, so that 200 of them make no history of megabytes. */
export interface MemberEnd extends Begun {
  run: string;
  status: RunStatus;
  outcome: Counts;
  /** As a person would say: done, nothing failed, nothing unknown. */
  isWell: boolean;
  error?: RunError | undefined;
}
