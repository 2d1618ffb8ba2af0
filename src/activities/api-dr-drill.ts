// What a drill of a whole recovery may ask of the world, as types: a standby that holds a backup for a while, and is then as before.
import type { CheckResult, DrillRecord, Server, Span } from '../model.js';
import type { BackupInput, TaskInput, TaskResult } from './api.js';

export interface RecoveredInput {
  /** As it was recovered: its channels off. */
  server: Server;
  /** As it is configured. */
  whole: Server;
  /** Of the backup. */
  id: string;
  /** How long its services took to be well, milliseconds. */
  bootMs: number;
}

export interface DrDrillActivities {
  /** Puts a backup into its place on a standby, whose own files are put aside; throws BACKUP_INVALID, BACKUP_FAILED, DISK_FULL. */
  occupyStandby(input: BackupInput): Promise<TaskResult>;
  /** What the gateway knows that was recovered, and whom it spoke to. Changes nothing. */
  askRecovered(input: RecoveredInput): Promise<{ checks: CheckResult[]; version?: string; remote: Span[] }>;
  /** Takes all of it away; throws BACKUP_FAILED where the standby is not as it was. Nothing where there is nothing. */
  vacateStandby(input: TaskInput): Promise<TaskResult>;
  /** Judges the times of a drill, notes it on the standby, and tells all that are noted there, oldest first. */
  noteRecovery(input: {
    server: Server;
    record: DrillRecord;
  }): Promise<{ checks: CheckResult[]; drills: DrillRecord[]; remote: Span[] }>;
}
