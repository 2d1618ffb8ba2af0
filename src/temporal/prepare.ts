// Run once after each start of the server, in a process of its own: the client's memory is not the supervisor's.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { ensureNamespace, ensureSearchAttributes } from './namespace.js';

const ONE_TRY_MS = 2_000;

/** Tries until the server takes it all, and lists runs by our attributes: then it is ready for a start. */
export async function prepare(address: string, namespace: string, withinMs: number): Promise<void> {
  const { Connection } = await import('@temporalio/client');
  const connection = Connection.lazy({ address, interceptors: [] });
  const until = Date.now() + withinMs;
  try {
    while (!(await attempt(connection, namespace, until))) await sleep(100);
  } finally {
    await connection.close();
  }
}

async function attempt(connection: Connection, namespace: string, until: number): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + ONE_TRY_MS, async () => {
      await ensureNamespace(connection, namespace);
      await ensureSearchAttributes(connection, namespace);
      await connection.workflowService.countWorkflowExecutions({ namespace, query: 'ClincherRun = "none"' });
    });
    return true;
  } catch (error) {
    if (Date.now() >= until) throw error;
    return false;
  }
}
