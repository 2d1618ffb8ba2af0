// `run dr-drill` at the command line: of a standby alone, and a page with what an auditor asks for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CheckResult, DrillRecord, RunState } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { summary } from './fake-control.js';
import { CONFIG, stage } from './stage.js';
import { ended } from './states.js';

test('of a standby alone, which is said before anything is contacted', async () => {
  const { run, io } = stage({ config: CONFIG });
  expect(await run('run', 'dr-drill', '-s', 'prod', '--yes')).toBe(2);
  expect(io.stderr()).toContain('prod is nobody’s standby');
});

const check: CheckResult = {
  ...{ id: 'dr.silent', title: 'Silent', why: '', source: 'guide Step 13.10', vantage: 'host' },
  ...{ verdict: 'pass', evidence: ['reached: api.anthropic.com; refused: 3 others'], remedy: [] },
};

const drill = (run: string, at: string, rtoMs: number | undefined, failed: string[] = []): DrillRecord => ({
  ...{ run, at, backup: '20261127T030000Z', failed },
  recovery: {
    ...(rtoMs === undefined ? {} : { rtoMs }),
    rpoMs: 3_600_000,
    phases: [{ name: 'fetched', ms: 2_000 }],
  },
});

test('its page has RPO and RTO, each part, and all drills before it', async () => {
  const state: RunState = {
    ...ended,
    ...{ runbook: 'dr-drill', server: 'spare', status: 'done' },
    proof: { checks: [check], outside: '', remoteMs: 0, remote: [], roundTrips: 0 },
    drills: [
      drill('spare-1', '2026-05-02T04:00:00Z', undefined, ['BACKUP_INVALID']),
      drill('spare-2', '2026-08-02T04:00:00Z', 100_000),
      drill(ended.run, '2026-11-02T04:00:00Z', 150_000),
    ],
  };
  const place = stage({
    ...{ runs: [summary()], states: { '*': [state] } },
    input: { server: fixtureServer({ name: 'spare' }), who: 'schedule', onFailure: 'abort' },
  });
  const file = join(place.bench.cwd, 'drill.md');
  expect(await place.run('show', 'prod-3f2a', '--report', file)).toBe(0);
  const page = readFileSync(file, 'utf8');
  expect(page).toMatch(/^# Recovery drill of spare: pass\n/);
  expect(page).toContain('| Recovery point reached (RPO) | 1h00m |');
  expect(page).toContain('| Recovery time reached (RTO) | 2m30s |');
  expect(page).toContain('| Part by part | fetched 2.0s |');
  expect(page).toContain('2026-05-02 not reached (BACKUP\\_INVALID); 2026-08-02 1m40s; 2026-11-02 2m30s');
  expect(page).toContain('dr.silent');
});
