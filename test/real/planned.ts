// A schedule that nobody but its test starts, and whose it is.
import type { PlannedSchedule } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { input } from '../workflows/harness.js';

const NEVER = '0 0 29 2 *';
export const planned = (server: string, more: Partial<PlannedSchedule> = {}): PlannedSchedule => ({
  ...{ id: `clincher/${server}/schedule/rotate-token`, server, runbook: 'rotate-token', cron: NEVER },
  ...{ timezone: 'Europe/Berlin', jitterSeconds: 0, catchupSeconds: 3600, patienceSeconds: 3600 },
  ...{ readOnly: false, starts: 'scheduled', hash: 'first' },
  input: { ...input({ server: fixtureServer({ name: server }) }), who: 'schedule', onFailure: 'abort' },
  ...more,
});
export const scope = (...servers: string[]) => ({
  owner: '/srv/clincher.yaml',
  synced: servers,
  configured: servers,
});
