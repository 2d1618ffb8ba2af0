// The worker's figures: Temporal's own, those that runs count, and how many gates wait for a person.
import { Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { Control } from './client/control.js';
import { gatesOf, openStates } from './client/open-gates.js';

const EVERY_MS = 60_000;

/** Where Prometheus reads them, else to the receiver of runs: Temporal tells them in one way alone. */
export function metricsOf({
  CLINCHER_METRICS: address,
  CLINCHER_TELEMETRY: endpoint,
  OTEL_EXPORTER_OTLP_HEADERS: headers,
}: NodeJS.ProcessEnv): Pick<TelemetryOptions, 'metrics'> {
  if (address)
    return {
      metrics: {
        prometheus: { bindAddress: address, countersTotalSuffix: true, useSecondsForDurations: true },
      },
    };
  if (!endpoint) return {};
  const url = `${endpoint.replace(/\/+$/, '')}/v1/metrics`;
  const otel = { url, http: true, headers: headersOf(headers), metricsExportInterval: '30s' as const };
  return { metrics: { otel: { ...otel, useSecondsForDurations: true } } };
}

/** As OpenTelemetry writes them: `name=value,name=value`, escaped as in an address. */
const headersOf = (text = ''): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => {
        const [name = '', ...value] = pair.split('=');
        return [name.trim(), decodeURIComponent(value.join('=').trim())];
      }),
  );

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
