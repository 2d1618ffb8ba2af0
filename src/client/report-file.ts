// Where a report goes: FILE.html or FILE.md for one server, a folder for both forms of any number.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClincherError } from '../errors.js';
import type { Report } from './view/report.js';
import { htmlReport } from './view/report-html.js';
import { markdownReport } from './view/report-markdown.js';

const FORMS = { '.html': htmlReport, '.md': markdownReport } as const;

const formOf = (path: string): ((report: Report) => string) | undefined =>
  Object.entries(FORMS).find(([ending]) => path.endsWith(ending))?.[1];

/** Before anything is contacted: one file cannot hold several servers. */
export function checkReportPath(path: string, servers: number): void {
  if (formOf(path) !== undefined && servers > 1)
    throw new ClincherError('USAGE', `${path} can hold one server, and ${servers} are verified.`, {
      remedy: ['name a folder: --report audit/'],
    });
}

/** For its owner alone: it tells where a server is weak. Returns the files. */
export function writeReports(path: string, reports: readonly Report[]): string[] {
  const form = formOf(path);
  const [only] = reports;
  if (form !== undefined && only !== undefined) return [written(path, form(only))];
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return reports.flatMap((report) =>
    Object.entries(FORMS).map(([ending, write]) =>
      written(join(path, report.server + ending), write(report)),
    ),
  );
}

function written(path: string, content: string): string {
  try {
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  } catch (error) {
    throw new ClincherError('USAGE', `The report cannot be written: ${(error as Error).message}`);
  }
}
