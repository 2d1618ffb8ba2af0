// What one sequential activity costs on a Temporal server: `tsx bench/temporal-activity.ts <address> [count]`, answer in JSON.
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

export interface ActivityCost {
  address: string;
  server: string;
  count: number;
  medianMs: number;
  p90Ms: number;
  /** Share of dispatches that took more than 30 ms longer than the quickest. */
  slowShare: number;
}

export async function measureActivityCost(
  address: string,
  count = 200,
  namespace = 'default',
): Promise<ActivityCost> {
  const at = await runSequence(address, count, namespace);
  const gaps = at.slice(1).map((time, i) => time - at[i]!);
  return { address, server: await serverVersion(address), count, ...summary(gaps) };
}

export function summary(gaps: number[]): Pick<ActivityCost, 'medianMs' | 'p90Ms' | 'slowShare'> {
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]! * 10) / 10;
  const slow = sorted.filter((gap) => gap > sorted[0]! + 30).length;
  return { medianMs: at(0.5), p90Ms: at(0.9), slowShare: Math.round((slow / sorted.length) * 100) / 100 };
}

async function runSequence(address: string, count: number, namespace: string): Promise<number[]> {
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const taskQueue = `bench-${process.pid}`;
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./temporal-activity-workflow.ts', import.meta.url)),
    activities: { now: () => Promise.resolve(performance.now()) },
  });
  const client = new Client({ connection, namespace });
  const start = (n: number) =>
    client.workflow.execute('sequentialActivities', {
      taskQueue,
      workflowId: `bench-${Date.now()}`,
      args: [n],
    });
  try {
    return await worker.runUntil(async () => {
      await start(10);
      return (await start(count)) as number[];
    });
  } finally {
    await connection.close();
    await native.close();
  }
}

async function serverVersion(address: string): Promise<string> {
  const connection = await Connection.connect({ address });
  try {
    return (await connection.workflowService.getSystemInfo({})).serverVersion ?? 'unknown';
  } finally {
    await connection.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const [address = '127.0.0.1:7233', count = '200', namespace = 'default'] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await measureActivityCost(address, Number(count), namespace))}\n`);
}
