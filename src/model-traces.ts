// The vocabulary of a run's trace: names, times, codes. Types only.
import type { Counts, RunStatus, StepStatus } from './model.js';

export interface EndedStep {
  group: string;
  id: string;
  status: StepStatus;
  startedAt: string;
  /** Absent: it had not come to its end. */
  durationMs?: number | undefined;
  /** Of the error, never its text. */
  code?: string | undefined;
}

export interface EndedRun {
  run: string;
  runbook: string;
  server: string;
  startedAt: string;
  endedAt: string;
  outcome: RunStatus;
  counts: Counts;
  code?: string | undefined;
  steps: EndedStep[];
}
