// What a monitor is told of runs: how many ended how, how long they took, how late a schedule began. Replays count nothing.
import { metricMeter, workflowInfo } from '@temporalio/workflow';
import type { RunState } from '../model.js';
import { countedAs } from './ended-well.js';

/** Names and labels are src/monitoring/rules.ts'; `about` is the server that the run was for. */
export function countRun(state: RunState): void {
  const { runbook, server, startedAt, endedAt } = state;
  const labels = { runbook, about: server };
  metricMeter.createCounter('clincher_runs').add(1, { ...labels, outcome: countedAs(state) });
  const ms = Date.parse(endedAt ?? startedAt) - Date.parse(startedAt);
  metricMeter.createGauge('clincher_run_seconds', 'float').set(ms / 1000, labels);
}

/**
 * Schedules tell when they should have begun (Temporal's own search attribute). Now is when a worker first took the run up:
 * its start time is the server's, which is punctual even where no worker is there for hours.
 */
export function countLag(runbook: string, server: string): void {
  const [meant] = workflowInfo().searchAttributes['TemporalScheduledStartTime'] ?? [];
  if (!(meant instanceof Date)) return;
  const ms = Date.now() - meant.getTime();
  metricMeter
    .createGauge('clincher_schedule_lag_seconds', 'float')
    .set(Math.max(0, ms / 1000), { runbook, about: server });
}
