// clincher as it is shipped: dist/, made anew when a source is newer.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { patiently, type Say } from '../scripts/patiently.js';
import { must } from '../scripts/run.js';
import { projectRoot } from '../src/temporal/paths.js';

export async function built(say: Say): Promise<string> {
  const binary = join(projectRoot(), 'dist', 'clincher.js');
  if (isStale(binary)) {
    const build = join(projectRoot(), 'scripts', 'build.mjs');
    await patiently(say, 'Building dist/', () => must(process.execPath, [build]));
  }
  return binary;
}

function isStale(binary: string): boolean {
  if (!existsSync(binary)) return true;
  const madeAt = statSync(binary).mtimeMs;
  return sources().some((path) => statSync(path).mtimeMs > madeAt);
}

const sources = (): string[] =>
  readdirSync(join(projectRoot(), 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(projectRoot(), 'src', name));
