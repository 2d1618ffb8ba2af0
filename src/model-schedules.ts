// The vocabulary of schedules: which runbook starts by itself, when, and what is known of it. Types only.
import type { Turn } from './model.js';

export type ScheduledRunbook =
  | 'verify'
  | 'drift-report'
  | 'scan-images'
  | 'verify-backup'
  | 'restore-drill'
  | 'dr-drill'
  | 'memory'
  | 'rotate-token'
  | 'egress'
  | 'stage-standby'
  | 'watchdog';

/** Each a cron expression of five fields, or `off`. */
export type ScheduleSettings = Record<ScheduledRunbook, string> & { timezone: string };

/** As the configuration wants it. */
export interface PlannedSchedule extends Turn {
  id: string;
  runbook: ScheduledRunbook;
  /** The workflow that the schedule starts: one that begins a run in its turn, or a look of the watchdog. */
  starts: 'scheduled' | 'watch';
  cron: string;
  timezone: string;
  jitterSeconds: number;
  /** How long after an outage one that was missed is still made up for. */
  catchupSeconds: number;
  /** Of all of it: tells whether what Temporal has is what the configuration says. */
  hash: string;
}

/** As Temporal has it. */
export interface ScheduleSeen {
  id: string;
  server: string;
  runbook: string;
  cron: string;
  timezone: string;
  paused: boolean;
  /** Why it was paused. */
  note: string;
  next?: string | undefined;
  last?: string | undefined;
  /** Not made up for, since the control plane was away too long. */
  missed: number;
  hash: string;
}

export interface ScheduleChanges {
  created: string[];
  updated: string[];
  removed: string[];
  kept: string[];
}

export interface SyncScope {
  /** Absolute path of the clincher.yaml. */
  owner: string;
  /** Servers whose schedules are brought up to date. */
  synced: readonly string[];
  /** All that there are: what is of none of them goes. */
  configured: readonly string[];
}

export type ScheduleAct = 'pause' | 'resume' | 'trigger';
