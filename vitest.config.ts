import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      // Pure: milliseconds, no network. Files share their imports, which cost more than what they test. Vitest by itself leaves one
      // core alone, which is half of two: 57 s with one worker, 34 s with both.
      { test: { name: 'pure', isolate: false, maxWorkers: '100%', include: ['test/**/*.test.ts'], exclude: ['test/workflows/**', 'test/real/**'], testTimeout: 20_000 } },
      // Workflows on the time-skipping server, and replay of recorded histories.
      { test: { name: 'workflows', include: ['test/workflows/**/*.test.ts'], pool: 'forks', fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000 } },
      // Not a test: writes the histories that replay.test.ts replays (`npm run record`).
      { test: { name: 'record', include: ['test/workflows/record.ts'], pool: 'forks', testTimeout: 120_000, hookTimeout: 180_000 } },
      // The real thing: lab hosts, the real Temporal server.
      { test: { name: 'real', include: ['test/real/**/*.test.ts'], pool: 'forks', fileParallelism: false, testTimeout: 600_000, hookTimeout: 900_000 } },
    ],
  },
});
