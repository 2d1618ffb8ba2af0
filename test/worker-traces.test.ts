import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it } from 'vitest';
import type { EndedRun } from '../src/model.js';
import { metricsOf } from '../src/worker-figures.js';
import { runSinks, runTraces, tracesTo } from '../src/worker-traces.js';
import { endedRun } from '../src/workflows/traces.js';

const ID = '0198f0a1-2b3c-7d4e-8f50-617283940a1b';

const RUN: EndedRun = {
  ...{ run: 'prod-brave-otter', runbook: 'provision', server: 'prod' },
  ...{ startedAt: '2026-11-28T10:00:00.000Z', endedAt: '2026-11-28T10:03:00.000Z' },
  ...{ outcome: 'failed', code: 'STEP_DID_NOT_CONVERGE' },
  counts: { ok: 40, changed: 1, skipped: 0, failed: 1, unreachable: 0 },
  steps: [
    {
      group: 'base',
      id: 'base.user',
      status: 'changed',
      startedAt: '2026-11-28T10:00:01.000Z',
      durationMs: 500,
    },
    {
      ...{ group: 'base', id: 'base.sshd', status: 'failed', startedAt: '2026-11-28T10:00:02.000Z' },
      ...{ durationMs: 60_000, code: 'STEP_DID_NOT_CONVERGE' },
    },
  ],
};

const told = async (times = 1) => {
  const exporter = new InMemorySpanExporter();
  const traces = await tracesTo(new SimpleSpanProcessor(exporter));
  for (let i = 0; i < times; i += 1) traces.ended(RUN, ID);
  return exporter.getFinishedSpans();
};

describe('a run as a trace', () => {
  it('has the run’s own id, and a span for each step inside of it', async () => {
    const spans = await told();
    const root = spans.find(({ name }) => name === 'clincher provision');
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(
      new Set([ID.replaceAll('-', '')]),
    );
    expect(
      spans.filter((span) => span.parentSpanContext?.spanId === root?.spanContext().spanId),
    ).toHaveLength(2);
    expect(root?.attributes).toMatchObject({
      'clincher.server': 'prod',
      'clincher.outcome': 'failed',
      'clincher.steps.changed': 1,
      'error.type': 'STEP_DID_NOT_CONVERGE',
    });
  });
  it('takes as long as the run and its steps took', async () => {
    const seconds = (await told()).map(({ name, duration: [s, ns] }) => [name, s + ns / 1e9]);
    expect(Object.fromEntries(seconds)).toEqual({
      'clincher provision': 180,
      'base.user': 0.5,
      'base.sshd': 60,
    });
  });
  it('is told twice as the same spans', async () => {
    const spans = await told(2);
    expect(spans).toHaveLength(6);
    expect(new Set(spans.map((span) => span.spanContext().spanId)).size).toBe(3);
  });
});

it('of a state that holds everything only names, times and codes are told', () => {
  const secret = 'what-nobody-may-read';
  const step = {
    ...{ id: 'a.b', title: secret, status: 'failed' as const, startedAt: RUN.startedAt, durationMs: 5 },
    ...{
      changes: [{ what: secret }],
      notes: [secret],
      error: { code: 'DEADLINE', message: secret, evidence: [secret] },
    },
  };
  const state = {
    ...{
      run: 'r',
      runbook: 'provision',
      server: 'prod',
      address: secret,
      who: secret,
      startedAt: RUN.startedAt,
    },
    ...{
      status: 'failed' as const,
      groups: [{ name: 'base', steps: [step, { ...step, startedAt: undefined }] }],
    },
    ...{
      gates: [],
      outcome: RUN.counts,
      remoteMs: 0,
      surveys: [],
      error: { code: 'DEADLINE', message: secret },
    },
  };
  const run = endedRun(state);
  expect(JSON.stringify(run)).not.toContain(secret);
  expect(run.steps).toEqual([
    { group: 'base', id: 'a.b', status: 'failed', startedAt: RUN.startedAt, durationMs: 5, code: 'DEADLINE' },
  ]);
});

describe('a receiver', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const receiver = async (answer: (body: Buffer) => number | undefined): Promise<string> => {
    server = createServer((asked, response) => {
      const parts: Buffer[] = [];
      asked.on('data', (part: Buffer) => parts.push(part));
      asked.on('end', () => {
        const status = answer(Buffer.concat(parts));
        if (status !== undefined) response.writeHead(status).end();
      });
    });
    await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  it('gets the trace when the worker ends at the latest', async () => {
    const bodies: Buffer[] = [];
    const traces = await runTraces(
      await receiver((body) => {
        bodies.push(body);
        return 200;
      }),
    );
    traces?.ended(RUN, ID);
    await traces?.close();
    expect(bodies.some((body) => body.includes('clincher provision') && body.includes('base.sshd'))).toBe(
      true,
    );
  });
  it.each<[string, () => Promise<string>]>([
    ['that is not there', async () => 'http://127.0.0.1:9'],
    ['that never answers', () => receiver(() => undefined)],
    ['that refuses', () => receiver(() => 503)],
  ])('%s holds nobody up', async (_, at) => {
    const traces = await runTraces(await at());
    const before = performance.now();
    traces?.ended(RUN, ID);
    expect(performance.now() - before).toBeLessThan(200);
    await traces?.close();
    expect(performance.now() - before).toBeLessThan(3_000);
  });
  it('of none nothing is sent, and the sink is there all the same', async () => {
    const none = await runTraces(undefined);
    expect(none).toBeUndefined();
    expect(() => runSinks(none).runs.ended.fn({ runId: ID } as never, RUN)).not.toThrow();
  });
});

describe('figures', () => {
  const TELEMETRY = { CLINCHER_TELEMETRY: 'http://127.0.0.1:4318/' };
  it('go to the receiver', () =>
    expect(
      metricsOf({ ...TELEMETRY, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, a=b=c' }),
    ).toEqual({
      metrics: {
        otel: {
          ...{ url: 'http://127.0.0.1:4318/v1/metrics', http: true, metricsExportInterval: '30s' },
          ...{ headers: { authorization: 'Bearer x', a: 'b=c' }, useSecondsForDurations: true },
        },
      },
    }));
  it('are Prometheus’ where it is told to read them', () =>
    expect(metricsOf({ ...TELEMETRY, CLINCHER_METRICS: '127.0.0.1:9464' }).metrics).toHaveProperty(
      'prometheus',
    ));
  it('go nowhere by themselves', () => expect(metricsOf({})).toEqual({}));
});
