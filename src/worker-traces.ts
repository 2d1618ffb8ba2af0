// Runs as traces, by OTLP to whoever is to have them: one trace a run, one span a step. A receiver that is away holds nobody up.
import { createHash } from 'node:crypto';
import type { Context, Tracer } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { InjectedSinks } from '@temporalio/worker';
import type { EndedRun, EndedStep } from './model.js';
import type { RunSinks } from './workflows/traces.js';

/** How long the end of a worker waits for the receiver. */
const LAST_MS = 1_000;

export interface RunTraces {
  ended(run: EndedRun, id: string): void;
  close(): Promise<void>;
}

/** Without an endpoint nothing of OpenTelemetry is loaded. */
export async function runTraces(endpoint: string | undefined): Promise<RunTraces | undefined> {
  if (endpoint === undefined || endpoint === '') return undefined;
  const [{ BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
  ]);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  return tracesTo(new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: 10_000 })));
}

export async function tracesTo(processor: SpanProcessor): Promise<RunTraces> {
  const [{ ROOT_CONTEXT, SpanStatusCode, trace }, { BasicTracerProvider }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/resources'),
    ]);
  const ids = new RunIds();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'clincher' }),
    spanProcessors: [processor],
    idGenerator: ids,
  });
  const tracer = provider.getTracer('clincher');
  return {
    ended(run, id) {
      ids.begin(id);
      const failed = { code: SpanStatusCode.ERROR };
      const root = tracer.startSpan(`clincher ${run.runbook}`, spanOf(run), ROOT_CONTEXT);
      const inside = trace.setSpan(ROOT_CONTEXT, root);
      for (const step of run.steps) stepSpan(tracer, inside, step, run, failed);
      if (run.outcome !== 'done') root.setStatus(failed);
      root.end(Date.parse(run.endedAt));
    },
    close: () => within(LAST_MS, provider.shutdown()),
  };
}

const spanOf = ({ run, runbook, server, startedAt, outcome, counts, code }: EndedRun) => ({
  startTime: Date.parse(startedAt),
  attributes: {
    ...{ 'clincher.run': run, 'clincher.runbook': runbook, 'clincher.server': server },
    'clincher.outcome': outcome,
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [`clincher.steps.${name}`, count])),
    ...(code === undefined ? {} : { 'error.type': code }),
  },
});

function stepSpan(
  tracer: Tracer,
  inside: Context,
  step: EndedStep,
  run: EndedRun,
  failed: { code: number },
): void {
  const { id, group, status, code } = step;
  const startTime = Date.parse(step.startedAt);
  const attributes = {
    ...{ 'clincher.group': group, 'clincher.status': status },
    ...(code === undefined ? {} : { 'error.type': code }),
  };
  const span = tracer.startSpan(id, { startTime, attributes }, inside);
  if (status === 'failed' || status === 'unreachable') span.setStatus(failed);
  span.end(step.durationMs === undefined ? Date.parse(run.endedAt) : startTime + step.durationMs);
}

/** A run’s id at Temporal is its trace’s, without the hyphens. Told twice, it is the same trace again. */
class RunIds {
  #id = '';
  #count = 0;

  begin(id: string): void {
    [this.#id, this.#count] = [id, 0];
  }

  generateTraceId = (): string => this.#id.replaceAll('-', '');

  generateSpanId = (): string => {
    this.#count += 1;
    return createHash('sha256').update(`${this.#id}/${this.#count}`).digest('hex').slice(0, 16);
  };
}

/** What is not done by then is given up. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}

/** Always there: a workflow that speaks to a sink that is not makes an error of it in the log. */
export const runSinks = (traces: RunTraces | undefined): InjectedSinks<RunSinks> => ({
  runs: { ended: { fn: ({ runId }, run) => traces?.ended(run, runId), callDuringReplay: false } },
});
