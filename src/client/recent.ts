// Runs that were started from here, newest first: what `@last` means, and what TAB offers without asking Temporal.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateDir } from '../temporal/paths.js';
import type { StartedRun } from './control.js';

export interface RecentRun extends StartedRun {
  server: string;
  runbook: string;
  startedAt: string;
  /** What was written into clincher.yaml for it is kept or taken out again by whoever sees its end. */
  isUnsettled?: boolean | undefined;
}

const KEPT = 50;

const fileIn = (env: NodeJS.ProcessEnv): string => join(stateDir(env), 'recent-runs.json');

export function recentRuns(env: NodeJS.ProcessEnv): RecentRun[] {
  try {
    const runs: unknown = JSON.parse(readFileSync(fileIn(env), 'utf8'));
    return Array.isArray(runs) ? (runs as RecentRun[]).filter((run) => typeof run.run === 'string') : [];
  } catch {
    return [];
  }
}

export function markSettled(env: NodeJS.ProcessEnv, runId: string): void {
  const entry = recentRuns(env).find((each) => each.runId === runId);
  if (entry?.isUnsettled) recordRun(env, { ...entry, isUnsettled: false });
}

/** A convenience: a folder that cannot be written must not stop a run. */
export function recordRun(env: NodeJS.ProcessEnv, run: RecentRun): void {
  const runs = [run, ...recentRuns(env).filter((one) => one.runId !== run.runId)].slice(0, KEPT);
  const file = fileIn(env);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(runs)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } catch {}
}
