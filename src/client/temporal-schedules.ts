// Schedules as Temporal keeps them: made, brought up to date, paused, and taken away with their server.
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleHandle,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { ClincherError } from '../errors.js';
import type { PlannedSchedule, ScheduleAct, ScheduleChanges, ScheduleSeen, SyncScope } from '../model.js';
import { sideBySide } from '../side-by-side.js';
import { PREFIX } from '../workflows/messages.js';

/** Which clincher.yaml a schedule is of: two of them may use one Temporal. */
const memoOf = (plan: PlannedSchedule, owner: string) => {
  const { server, runbook, hash, cron, timezone, patienceSeconds } = plan;
  return { server, runbook, hash, cron, timezone, patienceSeconds, owner };
};

function options(plan: PlannedSchedule, taskQueue: string, owner: string): ScheduleOptions {
  return {
    scheduleId: plan.id,
    spec: { cronExpressions: [plan.cron], timezone: plan.timezone, jitter: plan.jitterSeconds * 1000 },
    action: {
      type: 'startWorkflow',
      workflowType: plan.starts,
      workflowId: `${PREFIX}${plan.server}/scheduled/${plan.runbook}`,
      taskQueue,
      args: [plan],
      // Of the action, not of the schedule: that of a schedule cannot be changed.
      memo: memoOf(plan, owner),
      staticSummary: `${plan.runbook} · ${plan.server}, by its schedule`,
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      // Temporal's own default is a year: after a long outage everything would happen at once.
      catchupWindow: plan.catchupSeconds * 1000,
    },
  };
}

export async function syncSchedules(
  client: Client,
  taskQueue: string,
  plans: readonly PlannedSchedule[],
  { owner, synced, configured }: SyncScope,
): Promise<ScheduleChanges> {
  const changes: ScheduleChanges = { created: [], updated: [], removed: [], kept: [] };
  for (const plan of plans) changes[await put(client, taskQueue, plan, owner)].push(plan.id);
  const wanted = new Set(plans.map(({ id }) => id));
  for (const { id, server } of await listSchedules(client, owner)) {
    const isOurs = synced.includes(server) || !configured.includes(server);
    if (wanted.has(id) || !isOurs) continue;
    await client.schedule.getHandle(id).delete();
    changes.removed.push(id);
  }
  return changes;
}

async function put(
  client: Client,
  taskQueue: string,
  plan: PlannedSchedule,
  owner: string,
): Promise<'created' | 'updated' | 'kept'> {
  const wanted = options(plan, taskQueue, owner);
  try {
    await client.schedule.create(wanted);
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = client.schedule.getHandle(plan.id);
  if (seenOf(await handle.describe()).hash === plan.hash) return 'kept';
  // A pause is a person's: it outlives what the configuration says.
  await handle.update((now) => ({ ...wanted, state: now.state }) as never);
  return 'updated';
}

interface Owned {
  id: string;
  server: string;
  owner: string;
}

/** Lists lag behind and know no memo of an action: each of ours is asked. */
async function owned(client: Client): Promise<(Owned & ScheduleSeen)[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list())
    if (scheduleId.startsWith(PREFIX)) ids.push(scheduleId);
  const found = await sideBySide(ids, (id) => described(client.schedule.getHandle(id)));
  return found.flatMap((each) => each ?? []);
}

async function described(handle: ScheduleHandle): Promise<(Owned & ScheduleSeen) | undefined> {
  try {
    return seenOf(await handle.describe());
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

function seenOf({ scheduleId, action, state, info }: ScheduleDescription): Owned & ScheduleSeen {
  const memo = (action.memo ?? {}) as Record<string, string>;
  const word = (name: string): string => memo[name] ?? '';
  return {
    id: scheduleId,
    server: word('server'),
    runbook: word('runbook'),
    cron: word('cron'),
    timezone: word('timezone'),
    owner: word('owner'),
    hash: word('hash'),
    paused: state.paused,
    note: state.note ?? '',
    next: info.nextActionTimes[0]?.toISOString(),
    last: info.recentActions.at(-1)?.takenAt.toISOString(),
    missed: info.numActionsMissedCatchupWindow,
  };
}

export const listSchedules = async (client: Client, owner: string): Promise<ScheduleSeen[]> =>
  (await owned(client)).filter((each) => each.owner === owner);

export async function actOnSchedule(
  client: Client,
  id: string,
  act: ScheduleAct,
  note: string,
): Promise<void> {
  const handle = client.schedule.getHandle(id);
  try {
    if (act === 'pause') await handle.pause(note);
    else if (act === 'resume') await handle.unpause(note);
    else await handle.trigger(ScheduleOverlapPolicy.SKIP);
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new ClincherError('USAGE', `There is no schedule ${id}.`, {
      remedy: ['clincher schedule sync', 'clincher schedule ls'],
    });
  }
}
