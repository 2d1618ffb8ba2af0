// What the watchdog saw when it last looked, from the memo of that look: nothing is contacted.
import type { Client } from '@temporalio/client';
import type { WatchSeen } from '../model.js';
import { sideBySide } from '../side-by-side.js';
import { PREFIX, WATCH_MEMO } from '../workflows/messages.js';

const ENDED = `WorkflowType = 'watch' AND ExecutionStatus = 'Completed'`;
const RECENT_MS = 15 * 60_000;

/** None of a server that was never looked at, or not for as long as Temporal keeps what has ended. */
export async function lastWatches(client: Client, servers: readonly string[]): Promise<WatchSeen[]> {
  const recent = await recentWatches(client, new Date(Date.now() - RECENT_MS).toISOString());
  const found = await sideBySide(
    servers,
    async (server) => recent.get(server) ?? (await lastWatch(client, server)),
  );
  return found.flatMap((seen) => seen ?? []);
}

/** One question for all that are looked at as they should be, however many. */
async function recentWatches(client: Client, since: string): Promise<Map<string, WatchSeen>> {
  const found = new Map<string, WatchSeen>();
  for await (const { memo } of client.workflow.list({ query: `${ENDED} AND CloseTime > '${since}'` })) {
    const seen = memo?.[WATCH_MEMO] as WatchSeen | undefined;
    const other = seen && found.get(seen.server);
    if (seen && (other === undefined || other.at < seen.at)) found.set(seen.server, seen);
  }
  return found;
}

async function lastWatch(client: Client, server: string): Promise<WatchSeen | undefined> {
  const query = `${ENDED} AND WorkflowId STARTS_WITH '${PREFIX}${server}/'`;
  // Newest first: the next one may have begun, and knows nothing yet.
  for await (const { memo } of client.workflow.list({ query, pageSize: 1 }))
    return memo?.[WATCH_MEMO] as WatchSeen | undefined;
  return undefined;
}
