// What workflows may ask of the world, as types: workflows import this file for types only.
import type { ChangeView, RunError, RunInput, SecretRef, Server, Survey } from '../model.js';

export interface SurveyInput {
  server: Server;
  checklist: string;
  only?: string | undefined;
  from?: string | undefined;
  /** The mutating run that asks; absent for read-only runbooks, which may look at a locked host. */
  run?: string | undefined;
}

export interface ConvergeInput {
  server: Server;
  step: string;
  /** Idempotency key of the effects: `<temporal run id>.<step>.<generation>`; a gate's retry raises the generation. */
  key: string;
  run: string;
  who: string;
}

export interface ConvergeResult {
  outcome: 'ok' | 'changed';
  changes: ChangeView[];
  notes: string[];
  remoteMs: number;
  /** Lines of what the commands said, for `clincher logs`; the whole log is in the state folder. */
  tail: string[];
}

export interface PreflightInput {
  server: Server;
  run: string;
  who: string;
  takeOver?: string | undefined;
}

export interface StoreSecretInput {
  ref: SecretRef;
  sealed: string;
  shape?: string | undefined;
}

/** A receipt, never the value. */
export type StoreSecretResult =
  | { stored: true; fingerprint: string; note?: string }
  | { stored: false; reason: string };

export interface WatchInput {
  server: Server;
  /** Name of a probe in activities/probes.ts, e.g. `tailscale-up`. */
  probe: string;
}

export interface Activities {
  /** Reads every fact of a checklist in one round trip and plans its steps. Changes nothing. */
  survey(input: SurveyInput): Promise<Survey>;
  /** Re-reads one step, plans, applies, re-reads: must then be converged. */
  converge(input: ConvergeInput): Promise<ConvergeResult>;
  /** Everything that can be known to be wrong before the first change, all at once; then marks the host as ours. */
  preflight(input: PreflightInput): Promise<{ remoteMs: number }>;
  /** Takes our mark off the host. */
  release(input: { server: Server; run: string }): Promise<void>;
  /** Opens a sealed answer, checks it, stores it in the vault. */
  storeSecret(input: StoreSecretInput): Promise<StoreSecretResult>;
  /** Returns when the world shows that a manual step is done; heartbeats what it sees meanwhile. */
  watch(input: WatchInput): Promise<{ seen: string }>;
  /** Tells people that a gate waits (or has waited long). */
  remind(input: { server: Server; run: string; gate: string; title: string; times: number }): Promise<void>;
}

export type { ChangeView, RunError, RunInput };
