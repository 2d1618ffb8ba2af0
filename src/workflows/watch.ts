// One look of the watchdog, started by its schedule: what is wrong is healed within limits and told; what is known goes on to the next look.
import { isCancellation, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { Alert, Observed, PlannedSchedule, Server, WatchMemory } from '../model.js';
import { looks, pings } from './activities.js';
import { looked, standing, told } from './alert-book.js';
import { message } from './alert-notice.js';
import { healing, tooOften } from './healing.js';
import { WATCH_MEMO } from './messages.js';
import { runError } from './state.js';
import { deafness, tellAtOnce } from './tell.js';
import { lateness, seenAt, unreached, withOwn } from './watch-own.js';

export const FRESH: WatchMemory = { at: '', alerts: [], restarts: {}, heals: [], deaf: [] };

/** Temporal hands each start by a schedule what the last one has returned; one that fails leaves that as it was. */
export async function watch(plan: PlannedSchedule): Promise<WatchMemory> {
  const memory = await oneLook(plan, (workflowInfo().lastResult as WatchMemory | undefined) ?? FRESH);
  const { restarts: _, heals: __, ...shown } = memory;
  upsertMemo({ [WATCH_MEMO]: { ...shown, server: plan.server, alerts: standing(memory.alerts) } });
  return memory;
}

export async function oneLook(plan: PlannedSchedule, before: WatchMemory): Promise<WatchMemory> {
  const { server } = plan.input;
  const nowMs = Date.now();
  const seen = await observed(server, before);
  const symptoms = [
    ...seen.symptoms,
    ...tooOften(seen, before.heals, server, nowMs),
    ...lateness(before, nowMs, server),
  ];
  const book = looked(before.alerts, { symptoms, judged: withOwn(seen.judged) }, nowMs);
  const heals = await healing(plan, seen, before.heals, nowMs);
  const known = { ...seenAt(before, nowMs), restarts: seen.restarts, heals };
  const restarted = heals.flatMap(({ service, atMs }) => (atMs === nowMs ? [service] : []));
  return { ...known, ...(await tell(server, book, before, nowMs, restarted)), ...(await pinged(server)) };
}

async function observed(server: Server, { restarts }: WatchMemory): Promise<Observed> {
  try {
    return await looks.watchServer({ server, restarts });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return unreached(server, restarts, error);
  }
}

/** What nobody could be told is told at the next look. */
async function tell(
  server: Server,
  book: Alert[],
  { deaf }: WatchMemory,
  nowMs: number,
  restarted: readonly string[],
): Promise<Pick<WatchMemory, 'alerts' | 'deaf'>> {
  const next = message(server.name, book, nowMs, server.watchdog.cooldown_minutes * 60_000);
  if (next === undefined) return { alerts: book, deaf };
  const lines = restarted.map(
    (service) => `clincher deals with ${service} now: clincher runs -s ${server.name}`,
  );
  const notice = { ...next.notice, lines: [...next.notice.lines, ...lines] };
  const { isTold, missed } = await tellAtOnce(server, notice);
  return { alerts: isTold ? told(book, next.said, nowMs) : book, deaf: deafness(deaf, missed, nowMs) };
}

async function pinged(server: Server): Promise<Pick<WatchMemory, 'pingFailed'>> {
  if (server.watchdog.ping === undefined) return {};
  try {
    await pings.pingOut({ server });
    return {};
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { pingFailed: runError(error).message };
  }
}
