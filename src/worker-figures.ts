// The worker's figures for Prometheus: Temporal's own, those that runs count, and how many gates wait for a person.
import { Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { Control } from './client/control.js';
import { gatesOf, openStates } from './client/open-gates.js';

const EVERY_MS = 60_000;

/** `address`: host:port to listen on; nobody is asked who he is there, so it is loopback's. */
export const metricsOf = (address: string | undefined): Pick<TelemetryOptions, 'metrics'> =>
  address === undefined || address === ''
    ? {}
    : {
        metrics: {
          prometheus: { bindAddress: address, countersTotalSuffix: true, useSecondsForDurations: true },
        },
      };

/** Once a minute; what cannot be counted keeps its last figure. */
export function countGates(control: Control): NodeJS.Timeout {
  const gauge = Runtime.instance().metricMeter.createGauge('clincher_gates_open', 'int');
  const count = (): void =>
    void openStates(control, undefined).then(
      (states) => gauge.set(gatesOf(states).length),
      () => {},
    );
  count();
  return setInterval(count, EVERY_MS).unref();
}
