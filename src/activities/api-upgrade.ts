// What an upgrade may ask of the world, as types: a trial on a copy, the way back, how the new version stands.
import type { Downtime, Server, Span, Standing, Swap } from '../model.js';
import type { BackupInput, DrillResult, TaskInput, TaskResult } from './api.js';

export interface SwapInput extends TaskInput {
  swap: Swap;
}

export interface HoldInput extends SwapInput {
  /** The new one takes over at once: nothing has to be written for it first. */
  starts: boolean;
}

export interface TrialInput extends TaskInput {
  /** Of the backup that was restored. */
  id: string;
  /** As compose calls it. */
  service: string;
  /** What is tried, for people. */
  version: string;
}

export interface UpgradeActivities {
  /** What runs, and what an upgrade of one image would put in its place; throws NOT_RUNNING. Changes nothing. */
  planSwap(input: { server: Server; image: string }): Promise<{ swap: Swap; remote: Span[] }>;
  /** A backup restored beside the running stack; it stays there, in clear, until `tryImage` or `endTrial`. */
  restoreTrial(input: BackupInput): Promise<TaskResult>;
  /** Starts a service of what was restored, without a network, and asks it; throws TRIAL_FAILED. */
  tryImage(input: TrialInput): Promise<DrillResult & { bootMs: number }>;
  endTrial(input: { server: Server }): Promise<void>;
  /** Stops the service, keeps what it wrote, and starts the new one where it may. */
  holdState(input: HoldInput): Promise<TaskResult>;
  /** Puts back what was kept; nothing where nothing was. */
  restoreState(input: SwapInput): Promise<TaskResult>;
  /** The way back is no longer needed. */
  settleSwap(input: SwapInput): Promise<TaskResult>;
  /** How the service stands, and how long the gateway did not answer since it was stopped. Changes nothing. */
  standingOf(input: SwapInput): Promise<{ standing: Standing; downtime: Downtime; remote: Span[] }>;
  endProbe(input: SwapInput): Promise<void>;
}
