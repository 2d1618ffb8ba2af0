// Workflows of control-plane.test.ts: one that works, one that waits.
import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

interface Activities {
  greet(name: string): Promise<string>;
}

const { greet } = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumAttempts: 1 },
});

export const word = defineSignal<[string]>('word');

export async function waitForWord(): Promise<string> {
  let heard: string | undefined;
  setHandler(word, (said) => {
    heard = said;
  });
  await condition(() => heard !== undefined);
  return greet(heard!);
}
