// The vocabulary of looks: what a survey says of each step. Types only.
import type { ChangeView, HostContext, SecretRef } from './model.js';

/** From and to, milliseconds since 1970 by the worker's clock. */
export type Span = [number, number];

/** What a survey says of one step. `drift` and `unknown` need work or a look. */
export interface StepPlan {
  id: string;
  title: string;
  why: string;
  status: 'ok' | 'drift' | 'unknown' | 'skipped';
  changes: ChangeView[];
  notes: string[];
  /** Tools that are not installed yet, so that facts about them were assumed. */
  assumed: string[];
  guarded: boolean;
  after: string[];
  /** Why it is unknown or skipped. */
  reason?: string | undefined;
}

/** One checklist, read in one round trip. */
export interface Survey {
  checklist: string;
  /** Of this partition; absent: of the server itself. */
  partition?: string | undefined;
  steps: StepPlan[];
  host: HostContext;
  /** Time spent waiting for the host, milliseconds. */
  remoteMs: number;
  /** When that was. */
  remote: Span[];
  /** Round trips that it took on a warm connection. */
  roundTrips: number;
  /** The worker's public key, to which secret answers are sealed. */
  sealTo: string;
  /** Secrets that the configuration refers to and that have no value yet. */
  missingSecrets: SecretRef[];
}
