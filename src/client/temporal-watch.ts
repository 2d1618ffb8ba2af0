// What the watchdog saw when it last looked, from the memo of that look: nothing is contacted.
import type { Client } from '@temporalio/client';
import type { WatchSeen } from '../model.js';
import { PREFIX, WATCH_MEMO } from '../workflows/messages.js';
import { sideBySide } from './waves.js';

/** None of a server that was never looked at, or not for as long as Temporal keeps what has ended. */
export async function lastWatches(client: Client, servers: readonly string[]): Promise<WatchSeen[]> {
  const found = await sideBySide(servers, (server) => lastWatch(client, server));
  return found.flatMap((seen) => seen ?? []);
}

async function lastWatch(client: Client, server: string): Promise<WatchSeen | undefined> {
  const query = `WorkflowType = 'watch' AND ExecutionStatus = 'Completed' AND WorkflowId STARTS_WITH '${PREFIX}${server}/'`;
  // Newest first: the next one may have begun, and knows nothing yet.
  for await (const { memo } of client.workflow.list({ query, pageSize: 1 }))
    return memo?.[WATCH_MEMO] as WatchSeen | undefined;
  return undefined;
}
