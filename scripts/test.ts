// `npm test`: sets up what is missing, then runs everything in its short form, real hosts and real Temporal included.
import { mkdirSync, readFileSync } from 'node:fs';
import { inCache } from '../src/temporal/paths.js';
import { findLocalServer } from '../src/temporal/server-source.js';
import { ensureTestServer } from '../src/temporal/test-server.js';
import { ensureDockerEngine } from './docker-engine.js';
import { patiently } from './patiently.js';
import { SetupError } from './setup-error.js';
import { line, perform, type Task } from './tasks.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Everything that only takes time comes first, side by side: a Go build and a file system do not need each other. */
async function setUp(): Promise<void> {
  await ensureDockerEngine({ say });
  await findLocalServer(say);
  await ensureTestServer(say);
}

async function check(): Promise<Counts> {
  const done = await patiently(say, 'format, lint, types, workflow bundle, pure tests', () =>
    perform({ name: 'npm run check', words: ['tsx', 'scripts/check.ts'] }),
  );
  say(`${line(done)}\n${done.said.trimEnd()}`);
  return done.ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** One vitest project, its own output shown as it comes; the counts are read from its JSON report. */
async function project(name: string): Promise<Counts> {
  const report = inCache('reports', `${name}.json`);
  mkdirSync(inCache('reports'), { recursive: true });
  const task: Task = {
    name: `${name} tests`,
    words: [
      'vitest',
      'run',
      '--project',
      name,
      '--reporter=verbose',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
  };
  const done = await patiently(say, task.name, () => perform(task));
  say(`${done.said.trimEnd()}\n${line(done)}`);
  return countsOf(report, done.ok);
}

function countsOf(report: string, ok: boolean): Counts {
  try {
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
    } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed, failed: ok ? failed : Math.max(failed, 1), skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function main(): Promise<number> {
  const began = Date.now();
  await setUp();
  const counts = [await check(), await project('pure'), await project('workflows'), await project('real')];
  const sum = (key: keyof Counts): number => counts.reduce((total, count) => total + count[key], 0);
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  say(`Finished in ${minutes} minutes.`);
  say(
    `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`,
  );
  // A test that was skipped has proved nothing: that is not green.
  return sum('failed') + sum('skipped') === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof SetupError ? error.message : ((error as Error).stack ?? String(error))}\n`,
    );
    process.exit(1);
  },
);
