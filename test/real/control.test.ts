// What the command line asks of the engine, asked of a real Temporal server: locks, lists, answers, ends, a worker that leaves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AuditSignInput } from '../../src/activities/api.js';
import { statement } from '../../src/audit/chain.js';
import { keyFingerprint, newAuditKey, publicHalf, signed } from '../../src/audit/key.js';
import type { Control } from '../../src/client/control.js';
import { serveControl, socketControl } from '../../src/client/control-socket.js';
import { main } from '../../src/client/main.js';
import { temporalControl } from '../../src/client/temporal-control.js';
import type { AuditRecord, RunState } from '../../src/model.js';
import { connect } from '../../src/temporal/connection.js';
import { unreached } from '../client/fake-reach.js';
import { answers, bench } from '../client/world.js';
import { DEFAULTS } from '../config/fixture.js';
import { fixtureServer } from '../fixture-server.js';
import { errorOf } from '../secrets/folder.js';
import { type Fakes, failing, fakes, forever, input, plan, survey } from '../workflows/harness.js';
import { at, useEngine } from './engine.js';
import { planned, scope } from './planned.js';

const { home, control: engine, withWorker } = useEngine('control');
let control: Control;
beforeAll(() => {
  control = engine();
});

const start = (server: string, runbook = 'provision', readOnly = false) =>
  control.start(
    runbook,
    { ...input({ server: fixtureServer({ name: server }) }), ...(readOnly ? { checklists: ['base'] } : {}) },
    { readOnly },
  );

const atGate = (run: string): Promise<RunState> =>
  at(
    () => control.state(run),
    (state) => state.gates.length > 0,
  );

const drifting = (): Fakes['activities'] =>
  fakes({
    survey: async ({ checklist }) =>
      survey(checklist, checklist === 'base' ? [plan('base.sshd', 'drift')] : []),
    converge: async () => {
      throw failing('STEP_FAILED');
    },
  }).activities;

test('start, follow to the end, find, list, count', async () => {
  await withWorker(fakes(), async () => {
    const run = await start('one');
    expect(run).toMatchObject({
      run: expect.stringMatching(/^one-[0-9a-f]{4}$/),
      workflowId: 'clincher/one/op',
    });
    const state = await at(
      () => control.ended(run.run, 5_000),
      (ended) => ended !== undefined,
    );
    expect(state).toMatchObject({ status: 'done', run: run.run, server: 'one', runbook: 'provision' });
    expect(await control.ended(run.run, 1_000)).toEqual(state);
    expect(await control.holder('one')).toBeUndefined();
    expect(await control.find(run.run)).toMatchObject({
      ...run,
      status: 'done',
      who: 'ada@desk',
      runbook: 'provision',
    });
    const listed = await at(
      () => control.list({ server: 'one', limit: 5 }),
      (runs) => runs.length > 0,
    );
    expect(listed[0]).toMatchObject({ run: run.run, server: 'one', status: 'done' });
    expect((await control.history(run.run)).activities).toBeGreaterThan(0);
    expect((await control.input(run.run)).server).toMatchObject({ name: 'one', address: '10.66.0.11' });
    expect(await control.ping()).toMatchObject({
      namespace: 'default',
      server: expect.stringMatching(/^\d/),
    });
    expect((await control.worker()).alive).toBe(true);
  });
});

test('one operation a server: the second says who holds it; a read takes no lock', async () => {
  await withWorker({ activities: drifting(), calls: [] }, async () => {
    const run = await start('two');
    await atGate(run.run);
    const error = await errorOf(start('two', 'harden'));
    expect(error).toMatchObject({ code: 'LOCKED', exitCode: 7 });
    expect(error.message).toMatch(
      new RegExp(
        `^two is busy: provision, run ${run.run}, waiting on gate failed:base.sshd since \\d\\d:\\d\\d; started by ada@desk$`,
      ),
    );
    expect(await control.holder('two')).toMatchObject({ run: run.run, status: 'waiting' });
    const look = await start('two', 'plan', true);
    expect(await at(() => control.ended(look.run, 5_000), Boolean)).toMatchObject({
      status: 'done',
      runbook: 'plan',
    });
    await control.answer(run.run, { gate: 'failed:base.sshd', value: 'skip', who: 'ada' }, 'u1');
    await at(() => control.ended(run.run, 5_000), Boolean);
  });
});

test('answers: refused before they count, counted once', async () => {
  await withWorker({ activities: drifting(), calls: [] }, async () => {
    const { run } = await start('three');
    await atGate(run);
    const answer = (gate: string, value: string, id: string) =>
      control.answer(run, { gate, value, who: 'ada' }, id);
    expect(await errorOf(answer('nope', 'retry', 'a'))).toMatchObject({ code: 'NO_SUCH_GATE', exitCode: 2 });
    expect(await errorOf(answer('failed:base.sshd', 'maybe', 'b'))).toMatchObject({ code: 'ANSWER_INVALID' });
    expect(await answer('failed:base.sshd', 'retry', 'c')).toMatchObject({ accepted: true });
    await atGate(run);
    // The same sending again is the first one's receipt, not a second retry.
    expect(await answer('failed:base.sshd', 'retry', 'c')).toMatchObject({ accepted: true });
    expect((await control.state(run)).gates).toHaveLength(1);
    expect(await answer('failed:base.sshd', 'abort', 'd')).toMatchObject({ accepted: true });
    const end = await at(() => control.ended(run, 5_000), Boolean);
    expect(end).toMatchObject({
      status: 'aborted',
      error: { code: 'STEP_FAILED', evidence: ['last line'], remedy: ['try this'] },
    });
    expect(await errorOf(answer('failed:base.sshd', 'retry', 'e'))).toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});

test('a run that fails says why; one that is cancelled or terminated was aborted', async () => {
  const { activities } = fakes({
    survey: async ({ checklist }) => survey(checklist, [plan('base.sshd', 'drift')]),
    converge: forever as never,
  });
  await withWorker({ activities, calls: [] }, async () => {
    const cancelled = await start('four');
    await at(
      () => control.state(cancelled.run),
      (state) => state.groups.length > 0,
    );
    await control.cancel(cancelled.run);
    expect(await at(() => control.ended(cancelled.run, 10_000), Boolean)).toMatchObject({
      status: 'aborted',
      error: { code: 'ABORTED' },
    });
    const ended = await start('four');
    await at(
      () => control.state(ended.run),
      (state) => state.groups.length > 0,
    );
    await control.terminate(ended.run, 'test');
    expect(await at(() => control.ended(ended.run, 10_000), Boolean)).toMatchObject({ status: 'aborted' });
  });
  const failed = fakes({
    survey: async () => {
      throw failing('UNREACHABLE');
    },
  });
  await withWorker(failed, async () => {
    const look = await start('four', 'verify', true);
    expect(await at(() => control.ended(look.run, 10_000), Boolean)).toMatchObject({
      status: 'failed',
      error: { code: 'UNREACHABLE' },
    });
  });
});

test('without a worker: said within seconds, signals and cancels are kept, the run goes on when one is back', async () => {
  const run = await start('five');
  const began = Date.now();
  expect(await errorOf(control.state(run.run))).toMatchObject({ code: 'WORKER_NOT_RUNNING', exitCode: 4 });
  expect(Date.now() - began).toBeLessThan(8_000);
  await control.signalDone(run.run, 'anything');
  expect(await control.ended(run.run, 500)).toBeUndefined();
  await withWorker(fakes(), async () => {
    expect(await at(() => control.ended(run.run, 10_000), Boolean)).toMatchObject({ status: 'done' });
  });
});

test('an audit export of what really ran: every run of the server with what it did, and it holds', async () => {
  const key = newAuditKey();
  const lines = ['2026-11-27T12:00:00Z audited-3f2a ada@desk base.sshd x'];
  const activities = drifting();
  Object.assign(activities, {
    readAudit: async () => ({ page: { lines, more: false }, remote: [] }),
    signAudit: async ({ sign }: AuditSignInput) => ({
      publicKey: publicHalf(key),
      ...(sign ? { signature: signed(key, statement(sign)) } : {}),
    }),
  } satisfies Partial<Fakes['activities']>);
  await withWorker({ activities, calls: [] }, async () => {
    const look = await start('audited', 'plan', true);
    await at(() => control.ended(look.run, 5_000), Boolean);
    const skipped = await start('audited');
    await atGate(skipped.run);
    await control.answer(skipped.run, { gate: 'failed:base.sshd', value: 'skip', who: 'ada' }, 'u3');
    await at(() => control.ended(skipped.run, 5_000), Boolean);
    const waits = await start('audited', 'harden');
    await at(
      () => control.list({ server: 'audited', limit: 9 }),
      (all) => all.length === 3,
    );
    const place = bench({ 'clincher.yaml': `${DEFAULTS}servers:\n  audited:\n    address: 10.66.0.11\n` });
    const openSession = async () => ({
      control: { ...control, close: async () => {} },
      webUrl: () => undefined,
    });
    const deps = { openSession, reach: unreached, ask: answers(), now: Date.now, sleep: async () => {} };
    const cli = (...argv: string[]) => main(argv, { makeIo: () => place.io, deps: async () => deps });
    expect(await cli('audit', 'export', '-s', 'audited', '--out', 'a.jsonl'), place.io.stderr()).toBe(0);
    expect(await cli('audit', 'verify', 'a.jsonl', '--key', keyFingerprint(publicHalf(key)))).toBe(0);
    const text = readFileSync(join(place.cwd, 'a.jsonl'), 'utf8');
    const records = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AuditRecord);
    expect(records.slice(1, -1)).toMatchObject([
      { kind: 'run', run: look.run, runId: look.runId, runbook: 'plan', status: 'done', who: 'ada@desk' },
      {
        ...{ run: skipped.run, runId: skipped.runId, runbook: 'provision', status: 'done' },
        answered: [{ id: 'failed:base.sshd', value: 'skip', who: 'ada' }],
        steps: [{ id: 'base.sshd', status: 'skipped', error: { code: 'STEP_FAILED' } }],
      },
      { run: waits.run, runId: waits.runId, runbook: 'harden' },
      { kind: 'host', server: 'audited', text: lines[0] },
    ]);
    expect(await cli('audit', 'export', '-s', 'audited', '--since', '1s', '--out', 'b.jsonl')).toBe(0);
    await control.cancel(waits.run);
    await at(() => control.ended(waits.run, 10_000), Boolean);
  });
});

test('what is not there', async () => {
  expect(await errorOf(control.state('one-ffff'))).toMatchObject({ code: 'RUN_NOT_FOUND', exitCode: 2 });
  expect(await errorOf(control.find('nonsense'))).toMatchObject({ code: 'RUN_NOT_FOUND' });
  expect(await control.holder('nobody')).toBeUndefined();
  expect(await control.list({ server: "x' OR ''='", limit: 5 })).toEqual([]);
});

const waitingFor = (server: string) =>
  control.waiting().then((all) => all.filter((one) => one.server === server));

/** The command line, as it is typed, over this way to the engine. */
function terminal(server: string, way: Control) {
  const place = bench({ 'clincher.yaml': `${DEFAULTS}servers:\n  ${server}:\n    address: 10.66.0.11\n` });
  const openSession = async () => ({
    control: { ...way, close: async () => {} },
    webUrl: () => undefined,
  });
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const deps = { openSession, reach: unreached, ask: answers(), now: Date.now, sleep };
  const run = (...argv: string[]) => main(argv, { makeIo: () => place.io, deps: async () => deps });
  const json = async (...argv: string[]) => {
    await run(...argv, '--json');
    return lastLine(place.io.stdout());
  };
  return { ...place, run, json };
}

const lastLine = (text: string) => JSON.parse(text.trim().split('\n').at(-1)!);

describe.each(['Temporal itself', 'the socket'])('run --wait, over %s', (name) => {
  const server = name === 'the socket' ? 'queue-b' : 'queue-a';
  const WAIT = ['run', 'verify-backup', '-s', server, '--yes', '--wait'];
  const over = async (act: (way: Control, held: string) => Promise<void>) => {
    const path = join(home, `${server}.sock`);
    const served = name === 'the socket' ? await serveControl(control, path) : undefined;
    const way = served ? await socketControl(path) : control;
    const activities = { ...drifting(), checkBackup: fakes().activities.checkBackup };
    try {
      await withWorker({ activities, calls: [] }, async () => {
        const held = await start(server);
        await atGate(held.run);
        await act(way, held.run);
      });
    } finally {
      if (served) await way.close();
      await served?.close();
    }
  };
  const letGo = async (held: string) => {
    await control.answer(held, { gate: 'failed:base.sshd', value: 'skip', who: 'ada' }, `u-${held}`);
    await at(() => control.ended(held, 5_000), Boolean);
  };

  test(
    'a run that finds the server busy waits, is seen, and begins by itself; a third is told of it',
    () =>
      over(async (way, held) => {
        const [second, third] = [terminal(server, way), terminal(server, way)];
        const end = second.run(...WAIT);
        await at(
          async () => second.io.stderr(),
          (said) => said.includes('waits its turn'),
        );
        expect(second.io.stderr()).toContain(
          `${server} is busy: provision, run ${held}, by ada@desk. verify-backup (`,
        );
        const [waiting] = await at(
          () => waitingFor(server),
          (all) => all.length > 0,
        );
        expect(waiting).toMatchObject({
          server,
          runbook: 'verify-backup',
          status: 'waiting',
          workflowId: `clincher/${server}/queued/verify-backup`,
        });

        expect(await third.run(...WAIT)).toBe(7);
        expect(third.io.stderr()).toContain(
          `One waits for ${server} already: verify-backup, ${waiting?.run}, by ${waiting?.who}, since `,
        );
        expect(third.io.stderr()).toContain(`clincher abort ${waiting?.run}`);
        expect((await third.json('status')).servers[0].waiting).toMatchObject([{ run: waiting?.run }]);
        expect((await third.json('lock', 'status')).servers[0]).toMatchObject({
          holder: { run: held },
          waiting: [{ run: waiting?.run }],
        });
        expect(await control.holder(server)).toMatchObject({ run: held });
        expect(await third.json('show', waiting!.run)).toMatchObject({
          status: 'waiting',
          runbook: 'verify-backup',
        });

        const whole = way.ended(waiting!.run, 90_000);
        await letGo(held);
        expect(await end, second.io.stderr()).toBe(0);
        const [newest] = await at(
          () => control.list({ server, limit: 5 }),
          (all) => all.length > 1,
        );
        expect(newest).toMatchObject({
          runbook: 'verify-backup',
          status: 'done',
          workflowId: `clincher/${server}/op`,
        });
        expect(second.io.stderr()).toContain(`its turn: run ${newest?.run} begins`);
        expect(await waitingFor(server)).toEqual([]);
        expect(await whole).toMatchObject({ run: newest?.run, status: 'done' });
        // By the id that it waited under, also for a client that has never seen it.
        const fresh = temporalControl({ ...(await connect()), taskQueue: 'control-test' });
        expect(await fresh.find(waiting!.run)).toMatchObject({ run: newest?.run, status: 'done' });
        expect(await fresh.ended(waiting!.run, 5_000)).toMatchObject({ run: newest?.run, status: 'done' });
        await fresh.close();
      }),
    120_000,
  );

  test(
    'left alone it waits on; given up it is not begun; patience ends as LOCKED',
    () =>
      over(async (way, held) => {
        const { run, io, json } = terminal(server, way);
        expect(await run(...WAIT, '--detach')).toBe(8);
        const waiting = io.stdout().trim();
        await at(
          () => waitingFor(server),
          (all) => all.length === 1,
        );
        expect(await run('abort', waiting), io.stderr()).toBe(0);
        expect(io.stdout()).toContain(`${waiting} waits no longer: verify-backup was not begun on ${server}`);
        expect(await waitingFor(server)).toEqual([]);
        expect(await run('abort', waiting)).toBe(2);

        const late = terminal(server, way);
        expect(await late.run(...WAIT, '1s')).toBe(7);
        expect(late.io.stderr()).toContain(`${server} was busy for 1 s: verify-backup was not run`);
        expect(late.io.stderr()).toContain(`clincher lock status -s ${server}`);
        expect(await json('show', waiting)).toMatchObject({ status: 'aborted' });
        expect(await control.holder(server)).toMatchObject({ run: held });
        await letGo(held);
      }),
    60_000,
  );
});

test('what a schedule starts waits for whoever holds the server, and then runs under the same lock', async () => {
  let goOn: () => void = () => {};
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const proveRotation: Fakes['activities']['proveRotation'] = async () => {
    await mayGoOn;
    return { changes: [], remote: [] };
  };
  const set: Fakes = { activities: { ...drifting(), proveRotation }, calls: [] };
  await withWorker(set, async () => {
    const held = await start('ten');
    await atGate(held.run);
    await control.syncSchedules([planned('ten', { patienceSeconds: 600 })], scope('ten'));
    await control.actOnSchedule(planned('ten').id, 'trigger', '');
    const holder = () => control.holder('ten');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await holder()).toMatchObject({ run: held.run });
    const waits = { runbook: 'rotate-token', who: 'schedule', waits: { until: expect.any(String) } };
    expect(await waitingFor('ten')).toMatchObject([waits]);
    await control.answer(held.run, { gate: 'failed:base.sshd', value: 'skip', who: 'ada' }, 'u2');
    await at(() => control.ended(held.run, 5_000), Boolean);
    await at(holder, (now) => now?.runbook === 'rotate-token', 800);
    expect(await waitingFor('ten')).toEqual([]);
    goOn();
    const runs = await at(
      () => control.list({ server: 'ten', limit: 5 }),
      (all) => all.some(({ runbook, endedAt }) => runbook === 'rotate-token' && endedAt !== undefined),
      1_600,
    );
    expect(runs[0]).toMatchObject({ runbook: 'rotate-token', status: 'done', who: 'schedule' });
    const seen = (await control.schedules('/srv/clincher.yaml')).find(({ server }) => server === 'ten');
    expect(seen?.last).toBeDefined();
    await control.syncSchedules([], scope('ten'));
  });
}, 150_000);
