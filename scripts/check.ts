// `npm run check`: everything that needs no host and no server: format, lint, types, the workflow bundle, pure tests.
import { line, perform, type Task } from './tasks.js';
import { vitestTask } from './vitest-task.js';

const TASKS: readonly Task[] = [
  { name: 'types', words: ['tsc', '-p', '.'] },
  { name: 'format and lint', words: ['biome', 'check', '--error-on-warnings', '.'] },
  // Only the bundler proves that workflows reach for no I/O.
  { name: 'build, workflow bundle', words: ['node', 'scripts/build.mjs', '--into', '.cache/check'] },
  vitestTask('pure'),
];

const results = await Promise.all(
  TASKS.map(async (task) => {
    const done = await perform(task);
    process.stdout.write(`${line(done)}\n${done.ok ? '' : `${done.said}\n`}`);
    return done;
  }),
);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
