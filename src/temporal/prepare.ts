// Run once after each start of the server, in a process of its own: the client's memory is not the supervisor's.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { bareEnv } from './bare-env.js';
import { ensureNamespace, ensureSearchAttributes } from './namespace.js';
import { entryWords } from './paths.js';

const ONE_TRY_MS = 2_000;

/** Starts the supervisor's own entry with this task alone. */
export function prepareApart(address: string): ChildProcess {
  const [node, ...words] = entryWords('supervisor');
  const env = { ...bareEnv(), CLINCHER_PREPARE: address };
  return spawn(node!, words, { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

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
