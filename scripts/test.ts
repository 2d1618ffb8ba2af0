// `npm test`: sets up what is missing, then runs everything in its short form, real hosts and real Temporal included.
import { findLocalServer } from '../src/temporal/server-source.js';
import { ensureTestServer } from '../src/temporal/test-server.js';
import { ensureDockerEngine } from './docker-engine.js';
import { patiently } from './patiently.js';
import { SetupError } from './setup-error.js';
import { type Done, line, perform, type Task } from './tasks.js';
import { type Counts, countsOf, vitestTask } from './vitest-task.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Everything that only takes time comes first, side by side: a Go build and a file system do not need each other. */
async function setUp(): Promise<void> {
  await ensureDockerEngine({ say });
  await findLocalServer(say);
  await ensureTestServer(say);
}

/** Pure tests are a part of it; format, lint, types and bundle count as one test together. */
async function check(): Promise<Counts[]> {
  const done = await shown({ name: 'npm run check', words: ['tsx', 'scripts/check.ts'] });
  const pure = countsOf('pure', true);
  return [pure, { passed: done.ok ? 1 : 0, failed: done.ok ? 0 : 1, skipped: 0 }];
}

async function project(name: string): Promise<Counts> {
  return countsOf(name, (await shown({ ...vitestTask(name), aloud: true })).ok);
}

async function shown(task: Task): Promise<Done> {
  const done = await patiently(say, task.name, () => perform(task));
  say(`${done.said}${line(done)}`);
  return done;
}

async function main(): Promise<number> {
  const began = Date.now();
  await setUp();
  const counts = await check();
  for (const name of ['programs', 'workflows', 'real']) counts.push(await project(name));
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
