// The vocabulary of turns: a run that waits for a server that is busy, and what it becomes. Types only.
import type { RunInput } from './model.js';

export interface Turn {
  server: string;
  runbook: string;
  /** How long it waits for a server that is busy; then it does not happen. */
  patienceSeconds: number;
  /** It takes no lock, so it never waits. */
  readOnly: boolean;
  input: RunInput;
}

/** The run that began when its turn had come, as Temporal names it. */
export interface Begun {
  workflowId: string;
  runId: string;
}
