import { defineConfig } from 'vitest/config';

// These start programs, or wait as the world does: seconds, which `npm run check` has not.
const PROGRAMS = [
  'test/activities/{script,ssh-channel}.test.ts',
  'test/client/{connect,documented,images,look}.test.ts',
  'test/commands/{heal,memory,occupy-program,offsite-program,openclaw-config,skill-folders}.test.ts',
  'test/lab/images/**/*.test.ts',
  'test/pins/library.test.ts',
  'test/temporal/processes.test.ts',
  'test/worker-traces.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      // Pure: milliseconds, no network. Files share their imports, which cost more than what they test. Vitest by itself leaves one
      // core alone, which is half of two: about half as long again with one worker as with both.
      { test: { name: 'pure', isolate: false, maxWorkers: '100%', include: ['test/**/*.test.ts'], exclude: ['test/workflows/**', 'test/real/**', ...PROGRAMS], testTimeout: 20_000 } },
      { test: { name: 'programs', isolate: false, maxWorkers: '100%', include: PROGRAMS, testTimeout: 20_000 } },
      // Workflows on the time-skipping server, and replay of recorded histories.
      { test: { name: 'workflows', include: ['test/workflows/**/*.test.ts'], pool: 'forks', fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000 } },
      // Not a test: writes the histories that replay.test.ts replays (`npm run record`).
      { test: { name: 'record', include: ['test/workflows/record.ts'], pool: 'forks', testTimeout: 120_000, hookTimeout: 180_000 } },
      // The real thing: lab hosts, the real Temporal server.
      { test: { name: 'real', include: ['test/real/**/*.test.ts'], pool: 'forks', fileParallelism: false, testTimeout: 600_000, hookTimeout: 900_000 } },
    ],
  },
});
