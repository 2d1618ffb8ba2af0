// The activities as workflows call them: grouped by risk, each with its deadlines. Cancellation always waits for the host.
import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/api.js';

const beaten: ActivityOptions = {
  // A worker that is gone is noticed in this time; the activity beats every 2 s.
  heartbeatTimeout: '10s',
  // The SDK's default cancels without waiting: a rollback would run beside the step it rolls back.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
};

/** Looks only: a host that does not answer is reported soon. */
export const reads = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '3m',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '10s', maximumAttempts: 4 },
});

/** Looks that ask the gateway's own tools, which take seconds each. */
export const slowReads = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '10m',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '10s', maximumAttempts: 4 },
});

/** Looks that take a quarter of an hour for each thing looked at. */
export const longReads = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '2h',
  retry: { initialInterval: '5s', maximumAttempts: 2 },
});

/** Costs money each time: once more where the host was lost, and no oftener. */
export const spends = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '15m',
  retry: { initialInterval: '5s', maximumAttempts: 2 },
});

/** Changes the host: patient, since a host may be rebooting and a killed worker costs an attempt each time. */
export const acts = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '1h',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '10s', maximumAttempts: 40 },
});

/** Waits for the world, for days if need be. */
export const waits = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '30d',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** People are told: a channel may be away for an hour. */
export const tells = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '2m',
  retry: { initialInterval: '30s', backoffCoefficient: 2, maximumInterval: '15m', maximumAttempts: 8 },
});

/** The watchdog's look: a host that does not answer now is looked at again in five minutes. */
export const looks = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '90s',
  scheduleToCloseTimeout: '3m',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumAttempts: 3 },
});

/** Of the watchdog as well: what does not work now is done at the next look. */
export const pings = proxyActivities<Activities>({
  ...beaten,
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '1m',
  retry: { initialInterval: '5s', maximumAttempts: 2 },
});

/** Short and without the host. */
export const local = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumAttempts: 5 },
});
