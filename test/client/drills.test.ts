// `backups drills`: what a server remembers of its restore drills, and which way it goes.
import { expect, test } from 'vitest';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import type { DrillRecord } from '../../src/model.js';
import { CONFIG, stage } from './stage.js';
import { converged } from './states.js';

const drilled = (day: number, restoreMs: number, bootMs: number, failed: string[] = []): DrillRecord => ({
  ...{ at: `2026-11-${day}T04:00:00Z`, run: `prod-00${day}`, backup: `202611${day}T030000Z` },
  ...{ contentBytes: 1_300_000_000, restoreMs, bootMs, version: '2026.9.6', failed },
});
const cutShort: DrillRecord = {
  ...{ at: '2026-11-13T04:00:00Z', run: 'prod-0013', backup: '20261113T030000Z' },
  failed: ['BACKUP_INVALID'],
};

const on = (drills: DrillRecord[]) =>
  stage({ config: CONFIG, looks: { 'backup-list': () => ({ ...converged, backups: [], drills }) } });

test('newest first, with what did not hold, and the newest beside the median of those before', async () => {
  const { run, io } = on([
    drilled(10, 5_000, 3_000),
    drilled(11, 9_000, 3_000, ['drill.memory']),
    drilled(12, 20_000, 4_000),
    cutShort,
    drilled(14, 20_000, 4_000),
  ]);
  expect(await run('backups', 'drills', '-s', 'prod')).toBe(0);
  const lines = io.stdout().trim().split('\n');
  expect(lines[0]).toBe('prod  5 drills');
  expect(lines.slice(2, -1).map((line) => /\d{8}T\d{6}Z/.exec(line)?.[0]?.slice(6, 8))).toEqual([
    ...['14', '13', '12', '11', '10'],
  ]);
  expect(lines[3]).toMatch(/–.*BACKUP_INVALID/);
  expect(lines[5]).toMatch(/1\.2 GiB|1\.3 GB.*drill\.memory/);
  expect(lines.at(-1)).toBe('Restored and ready in 24s; the median before is 12s (2.0 times that)');
});

test('none: how to make one', async () => {
  const { run, io } = on([]);
  expect(await run('backups', 'drills', '-s', 'prod')).toBe(0);
  expect(io.stdout()).toContain('clincher run restore-drill -s prod');
});

const whole = (day: number, rtoMs: number | undefined, failed: string[] = []): DrillRecord => ({
  ...{ at: `2026-11-${day}T04:00:00Z`, run: `prod-00${day}`, backup: `202611${day}T030000Z`, failed },
  recovery: {
    ...(rtoMs === undefined ? {} : { rtoMs }),
    rpoMs: 3_600_000,
    phases: [
      { name: 'fetched', ms: 2_000 },
      { name: 'started', ms: 60_000 },
      { name: 'proved', ms: 20_000 },
    ],
  },
});

test('drills of the whole recovery are a list of their own, with a trend of their own', async () => {
  const { run, io } = on([
    drilled(10, 5_000, 3_000),
    whole(11, 100_000),
    whole(12, undefined, ['BACKUP_INVALID']),
    whole(13, 150_000),
  ]);
  expect(await run('backups', 'drills', '-s', 'prod')).toBe(0);
  const said = io.stdout();
  expect(said).toContain('3 of the whole recovery');
  expect(said).toMatch(/20261113T030000Z +1h00m +2m30s +started 1m00s, proved 20s/);
  expect(said).toMatch(/20261112T030000Z +1h00m +– .*BACKUP_INVALID/);
  expect(said).toContain('Recovered in 2m30s; the median before is 1m40s (1.5 times that)');
  expect(said).toContain('Restored and ready in 8.0s');
});

test('--json tells the trend of both', async () => {
  const { run, io } = on([whole(11, 100_000), whole(13, 150_000)]);
  expect(await run('backups', 'drills', '-s', 'prod', '--json')).toBe(0);
  const seen = JSON.parse(io.stdout());
  SCHEMAS.drills.parse(seen);
  expect(seen.servers[0]).toMatchObject({ rtoMs: 150_000, medianRtoBeforeMs: 100_000 });
  expect(seen.servers[0]).not.toHaveProperty('recoveryMs');
});

test('--json is of its schema', async () => {
  const { run, io } = on([drilled(10, 5_000, 3_000), cutShort]);
  expect(await run('backups', 'drills', '-s', 'prod', '--json')).toBe(0);
  const seen = JSON.parse(io.stdout());
  SCHEMAS.drills.parse(seen);
  expect(seen.servers[0]).toMatchObject({ server: 'prod', recoveryMs: 8_000 });
  expect(seen.servers[0]).not.toHaveProperty('medianBeforeMs');
});
