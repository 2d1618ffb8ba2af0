// `npm run render -- all|NAME …`: renders the golden servers, compares with their golden files, and has every tool judge
// every file. Nothing may be skipped here: a tool that did not judge counts as a failure.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDockerEngine } from '../../scripts/docker-engine.js';
import { SetupError } from '../../scripts/setup-error.js';
import { type RenderReport, renderView } from '../../src/client/view/render.js';
import { unjudged } from '../../src/render/check.js';
import { writeFolder } from '../../src/render/folder.js';
import { rendered } from '../../src/render/rendered.js';
import { differences } from './golden.js';
import { CASE_NAMES, CASES, type CaseName } from './servers.js';
import { openTools, type Tools } from './tools.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const VIEW = { columns: 120, color: false, ascii: false };

function named(words: readonly string[]): CaseName[] {
  if (words.length === 0 || words.includes('all')) return CASE_NAMES;
  const unknown = words.find((word) => !CASE_NAMES.some((name) => name === word));
  if (unknown) throw new SetupError(`There is no golden server ${unknown}: all, ${CASE_NAMES.join(', ')}`);
  return CASE_NAMES.filter((name) => words.includes(name));
}

interface Outcome extends RenderReport {
  differing: string[];
}

async function renderOne(name: CaseName, root: string, tools: Tools): Promise<Outcome> {
  const { server, system } = CASES[name];
  const result = rendered(server, system);
  const folder = join(root, name);
  writeFolder({ rendered: result, folder, force: false, again: 'npm run render -- all' });
  const checks = await tools.check(result, folder);
  const differing = differences(name, result);
  const outcome = { rendered: result, folder, checks, unjudged: unjudged(result), differing };
  say(`\n── ${name}\n${renderView(outcome, VIEW, false).join('\n')}`);
  for (const line of differing) say(`✗ ${line}; npm run golden writes it, git diff shows it`);
  return outcome;
}

function conclude(outcomes: readonly Outcome[]): number {
  const checks = outcomes.flatMap((outcome) => outcome.checks);
  const count = (verdict: string): number => checks.filter((check) => check.verdict === verdict).length;
  const files = outcomes.reduce((sum, outcome) => sum + outcome.rendered.files.length, 0);
  const differing = outcomes.flatMap((outcome) => outcome.differing).length;
  const unplanned = outcomes.flatMap((outcome) => outcome.rendered.unplanned).length;
  say(
    '\nStand-ins: smokescreen (its flags, list and exit codes), and caddy-security in the Caddy of `full`.',
  );
  say(
    `${outcomes.length} servers, ${files} files: ${count('ok')} checks ok, ${count('fails')} failed, ${count('not-checked')} not checked, ${unplanned} steps unplanned, ${differing} files unlike their golden ones`,
  );
  return count('ok') === checks.length && checks.length > 0 && differing + unplanned === 0 ? 0 : 1;
}

async function main(words: readonly string[]): Promise<number> {
  const names = named(words);
  await ensureDockerEngine({ say });
  const root = mkdtempSync(join(tmpdir(), 'clincher-rendered-'));
  let tools: Tools | undefined;
  try {
    tools = await openTools(root, say);
    const outcomes: Outcome[] = [];
    for (const name of names) outcomes.push(await renderOne(name, root, tools));
    return conclude(outcomes);
  } finally {
    await tools?.close();
    rmSync(root, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof SetupError ? error.message : ((error as Error).stack ?? String(error))}\n`,
    );
    process.exit(1);
  },
);
