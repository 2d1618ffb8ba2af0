// What runs each command that a page shows: every line as it stands, proofs on lab hosts, and tests of their own. Read in their sources.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../src/client/grammar/index.js';
import { projectRoot } from '../src/temporal/paths.js';
import { CATALOG } from '../src/workflows/catalog.js';

/** They start programs that stay, or ask the network from this machine: test/client/documented.test.ts leaves them to others. */
const ELSEWHERE =
  /^(?:(?:worker|up|down|init|page|open|images (?:lock|check|sbom)|run (?:control-plane|upgrade|rotate-ssh))\b|adopt [^-])/;

export const isRunElsewhere = (typed: string): boolean => ELSEWHERE.test(typed);

export interface Runs {
  /** With the runbook, where it starts one: `run backup`. */
  command: string;
  /** Its lines in the pages are run as they stand. */
  asShown: boolean;
  /** On lab hosts: `npm run e2e -- <name>`. */
  proofs: readonly string[];
  tests: readonly string[];
}

const E2E = 'test/e2e';
const FOLDERS = ['test/real', 'test/client', 'test/workflows', 'test/page', 'test/activities'];
const source = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const filesIn = (folder: string): string[] =>
  readdirSync(join(projectRoot(), folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

/** The first words of a list, which is no index, or of a call that takes a command line. */
const LINE =
  /(?:(?<![\w)\]])\[|\b(?:cli|run|start)\((?:\w+, )?)\s*'([a-z-]+)'(?!,\s*\[)(?:,\s*'([a-z][a-z-]*)')?/g;
/** As words, or handed on to what says `run`: `run(scene, 'backup')`. A call of a workflow is one of its runbook. */
function runs(runbook: string, text: string, file: string): boolean {
  const handed = String.raw`\b(?:run|started|begin|asked|inSkippedTime|words)\([\w, ]*|async \(\) => \[`;
  const isOfWorkflows = /^test\/(?:workflows|activities|page)\//.test(file);
  const before = isOfWorkflows ? String.raw`[([,]\s*` : `(?:'run', |${handed})`;
  return new RegExp(`${before}'${runbook}'[,)\\]]`).test(text);
}

const NAMES = new Set(COMMANDS.map(({ name }) => name));

function commandsIn(file: string): Set<string> {
  // Names of parts, which are no commands.
  const text = source(file).replace(/of \['worker', 'server'\]/g, '');
  const found = new Set<string>();
  for (const [, first = '', second = ''] of text.matchAll(LINE)) {
    const both = `${first} ${second}`;
    if (NAMES.has(both)) found.add(both);
    else if (NAMES.has(first)) found.add(first);
  }
  for (const { name } of CATALOG) if (runs(name, text, file)) found.add(`run ${name}`);
  return found;
}

/** What a proof is made of: its file, and those that it imports from beside it. */
function filesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, beside] of source(file).matchAll(/from '\.\/([\w-]+)\.js'/g))
    filesOf(`${E2E}/${beside}.ts`, seen);
  return seen;
}

/** `'move-plane': movePlane,` of main.ts, and where `movePlane` comes from. */
function proofFiles(): Map<string, string> {
  const main = source(`${E2E}/main.ts`);
  const files = new Map(
    [...main.matchAll(/^import \{ (\w+) \} from '\.\/([\w-]+)\.js';$/gm)].map(([, work, name]) => [
      work,
      name,
    ]),
  );
  const entries = [...main.matchAll(/^ {2}(?:'([\w -]+)'|(\w+))(?:: (\w+))?,$/gm)];
  return new Map(
    entries.flatMap(([, quoted, plain, work]) => {
      const name = quoted ?? plain ?? '';
      const file = files.get(work ?? name);
      return file === undefined ? [] : [[name, `${E2E}/${file}.ts`] as const];
    }),
  );
}

/** Given the lines that the pages show. */
export function runsOf(lines: readonly string[]): Runs[] {
  const inFile = new Map(
    [...filesIn(E2E), ...FOLDERS.flatMap(filesIn)].map((file) => [file, commandsIn(file)]),
  );
  const proofs = [...proofFiles()].map(([name, file]) => ({ name, files: [...filesOf(file)] }));
  const tests = [...inFile.keys()].filter((file) => file.endsWith('.test.ts') && !file.startsWith(E2E));
  return commandsOf(lines).map(({ command, asShown }) => {
    const has = (file: string): boolean => inFile.get(file)?.has(command) === true;
    return {
      ...{ command, asShown },
      proofs: proofs.filter(({ files }) => files.some(has)).map(({ name }) => name),
      tests: tests.filter(has),
    };
  });
}

function commandsOf(lines: readonly string[]): Pick<Runs, 'command' | 'asShown'>[] {
  const named = [...NAMES].filter((name) => name !== 'run');
  const runbooks = CATALOG.map(({ name }) => `run ${name}`);
  return [...named, ...runbooks].flatMap((command) => {
    const own = lines.filter((line) => line === command || line.startsWith(`${command} `));
    return own.length === 0 ? [] : [{ command, asShown: own.some((line) => !isRunElsewhere(line)) }];
  });
}
