// The workflow of temporal-activity.ts: trivial activities, one after the other, each timed by the worker's clock.
import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  now(): Promise<number>;
}

const { now } = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

export async function sequentialActivities(count: number): Promise<number[]> {
  const at: number[] = [];
  for (let i = 0; i < count; i++) at.push(await now());
  return at;
}
