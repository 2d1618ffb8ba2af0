// Where a report goes: FILE.html or FILE.md for one server, a folder for both forms of any number.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

/** For its owner alone: it tells where a server is weak. Returns the files, as they are named from the folder. */
export function writeReports(cwd: string, path: string, reports: readonly Report[]): string[] {
  const written = (file: string, content: string): string => {
    write(resolve(cwd, file), content);
    return file;
  };
  const form = formOf(path);
  const [only] = reports;
  if (form !== undefined && only !== undefined) return [written(path, form(only))];
  mkdirSync(resolve(cwd, path), { recursive: true, mode: 0o700 });
  return reports.flatMap((report) =>
    Object.entries(FORMS).map(([ending, formed]) =>
      written(join(path, report.server + ending), formed(report)),
    ),
  );
}

function write(path: string, content: string): void {
  try {
    writeFileSync(path, content, { mode: 0o600 });
  } catch (error) {
    throw new ClincherError('USAGE', `The report cannot be written: ${(error as Error).message}`);
  }
}
