// One vitest project as a task, and its counts from the JSON report that it leaves.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inCache } from '../src/temporal/paths.js';
import type { Task } from './tasks.js';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const report = (project: string): string => inCache('reports', `${project}.json`);

export function vitestTask(project: string): Task {
  mkdirSync(inCache('reports'), { recursive: true });
  rmSync(report(project), { force: true });
  const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report(project)}`];
  return { name: `${project} tests`, words: ['vitest', 'run', '--project', project, ...reporters] };
}

/** A run that ended badly has at least one failure, whatever its report says. */
export function countsOf(project: string, ok: boolean): Counts {
  try {
    const seen = JSON.parse(readFileSync(report(project), 'utf8'));
    const failed = ok ? seen.numFailedTests : Math.max(seen.numFailedTests, 1);
    return { passed: seen.numPassedTests, failed, skipped: seen.numPendingTests + seen.numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
