// The very options that `clincher schedule sync` would create its schedules with, taken where Temporal would get them.
import type { Client, ScheduleOptions } from '@temporalio/client';
import { syncSchedules } from '../../src/client/temporal-schedules.js';
import type { PlannedSchedule } from '../../src/model.js';

async function* none(): AsyncGenerator<never> {}

export async function createdBy(plans: readonly PlannedSchedule[]): Promise<ScheduleOptions[]> {
  const created: ScheduleOptions[] = [];
  const schedule = { create: async (options: ScheduleOptions) => created.push(options), list: none };
  const servers = [...new Set(plans.map(({ server }) => server))];
  const scope = { owner: '/srv/clincher.yaml', synced: servers, configured: servers };
  await syncSchedules({ schedule } as unknown as Client, 'clincher', plans, scope);
  return created;
}
