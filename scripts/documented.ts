// Every command that a page of the project shows, with its place: as it is to be typed, or named in a sentence.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/temporal/paths.js';

const ROOT = projectRoot();

/** Generated from what runs a command: it shows none itself. */
export const RUNS_PAGE = 'docs/command-runs.md';

export const PAGES = ['README.md', 'CONTRIBUTING.md', 'AGENTS.md'].concat(
  readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && name !== 'evidence.md')
    .map((name) => `docs/${name}`)
    .filter((page) => page !== RUNS_PAGE),
);

export const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

export interface Typed {
  place: string;
  line: string;
  /** In a block, as it is to be typed; otherwise in a sentence, where arguments may be left out. */
  isBlock: boolean;
}

/** Continued lines are one; a comment behind is none of it. */
function typed(page: string): Typed[] {
  const found: Typed[] = [];
  let block: string | undefined;
  for (const [at, line] of read(page).split('\n').entries()) {
    const place = `${page}:${at + 1}`;
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence) block = block === undefined ? (fence[1] ?? '') : undefined;
    else if (block === 'sh' || (block === undefined && /^ {4}(?:clincher|npm|npx) /.test(line)))
      found.push({ place, line: line.trim(), isBlock: true });
    else if (block === undefined)
      for (const [, code = ''] of line.matchAll(/`([^`]+)`/g))
        found.push({ place, line: code.trim(), isBlock: false });
  }
  return found;
}

export const ALL = PAGES.flatMap(typed);
export const OURS = ALL.filter(({ line }) => /(?:^|\| |&& )(?:[A-Z_]+=\S+ )?clincher [a-z-]/.test(line));

/** As it is to be typed, each once: the words behind `clincher`, up to what a shell does with them. */
export const SHOWN = [
  ...new Map(
    OURS.filter(({ isBlock }) => isBlock).map(({ line, place }) => [commandOf(line), { line, place }]),
  ),
].map(([typed, from]) => ({ typed, ...from }));

function commandOf(line: string): string {
  const own = line.split(/ (?:\||>|&&|#) /).find((part) => /(^|\s)clincher /.test(part)) ?? '';
  return own.replace(/^.*?\bclincher /, '').trim();
}
