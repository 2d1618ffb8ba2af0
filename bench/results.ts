// bench/results.json: raw numbers by section, each with its date; a section that was not run keeps its former ones.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/temporal/paths.js';
import type { ActivityCosts } from './activity-cost.js';
import type { Counters } from './counters.js';
import type { DayTwo } from './day-two.js';
import type { FirstRun } from './first-run.js';
import type { Machine } from './machine.js';
import type { ManyRuns } from './many-runs.js';
import type { Memory } from './memory.js';
import type { Moves } from './moves.js';
import type { OpenclawSettings } from './openclaw-settings.js';
import type { SecondRun } from './second-run.js';
import type { ServicesUp } from './services-up.js';
import type { StackSecondRun } from './stack-second-run.js';
import type { Startup } from './startup.js';
import type { WatchMany } from './watch-many.js';

export interface Sections {
  'first-run': FirstRun;
  'second-run': SecondRun;
  counters: Counters;
  startup: Startup;
  'activity-cost': ActivityCosts;
  memory: Memory;
  'stack-second-run': StackSecondRun;
  'services-up': ServicesUp;
  'openclaw-settings': OpenclawSettings;
  'day-two': DayTwo;
  moves: Moves;
  'many-runs': ManyRuns;
  'watch-many': WatchMany;
}

export type SectionName = keyof Sections;

export interface Measured<T> {
  at: string;
  machine: Machine;
  data: T;
}

export type Results = { [Name in SectionName]?: Measured<Sections[Name]> };

const file = (): string => join(projectRoot(), 'bench', 'results.json');

export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(file(), 'utf8')) as Results;
  } catch {
    return {};
  }
}

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;

export const writeResults = (results: Results): void =>
  writeFileSync(file(), `${JSON.stringify(results, rounded, 2)}\n`);
