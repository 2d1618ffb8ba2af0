// docs/evidence.md: a row for each long proof that was run, with its date, commit and figures.
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../scripts/run.js';
import type { Tally } from './proof.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(root, 'docs', 'evidence.md');
const HEAD = `# Evidence

What the long proofs measured, appended by \`npm run e2e -- NAME\`. A commit with a + had changes that were not committed.

| Date | Commit | Proof | Passed | Failed | Minutes | Figures |
|---|---|---|---|---|---|---|
`;

export async function record(name: string, tally: Tally): Promise<void> {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, HEAD);
  }
  const figures = tally.figures.map(([what, value]) => `${what}: ${value}`).join('; ');
  const cells = [today(), await commit(), name, tally.passed, tally.failed, tally.minutes, figures];
  appendFileSync(file, `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`);
}

const today = (): string => new Date().toISOString().slice(0, 16).replace('T', ' ');

async function commit(): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
  const changed = await run('git', ['status', '--porcelain', '--', 'src', 'test', 'templates'], {
    cwd: root,
  });
  return stdout.trim() + (changed.stdout.trim() === '' ? '' : '+');
}
