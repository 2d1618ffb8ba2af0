// `clincher run` on several servers: one durable run, shown as each server's, left alone when somebody leaves.
import { expect, test } from 'vitest';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import type { FleetInput, RunState } from '../../src/model.js';
import { summary } from './fake-control.js';
import { stage } from './stage.js';
import { ended, failed, running, waiting } from './states.js';

const ALL = ['run', 'provision', '-s', 'all', '--yes'];

const fleet: RunState = {
  ...ended,
  run: 'fleet-3f2a',
  server: 'fleet',
  status: 'running',
  endedAt: undefined,
  groups: [],
  fleet: {
    runbook: 'provision',
    members: [
      { server: 'prod', wave: 0, status: 'done', run: 'prod-3f2a' },
      { server: 'spare', wave: 1, status: 'running', run: 'spare-77aa' },
    ],
  },
};
const open = summary({ run: 'fleet-3f2a', server: 'fleet', status: 'running', endedAt: undefined });

test('one run is started, with what each server is started with', async () => {
  const { run, control } = stage();
  expect(await run(...ALL, '--wave', '5', '--max-failures', '2', '--wait', '10m')).toBe(0);
  const [input] = control.asked('startFleet')[0] as [FleetInput];
  expect(input).toMatchObject({ runbook: 'provision', wave: 5, maxFailures: 2, patienceSeconds: 600 });
  expect(input.inputs.map(({ server }) => server.name)).toEqual(['prod', 'spare']);
  expect(input.readOnly).toBe(false);
});

test('one server needs no fleet', async () => {
  const { run, control } = stage();
  expect(await run('run', 'provision', '-s', 'prod', '--yes')).toBe(0);
  expect(control.asked('startFleet')).toEqual([]);
});

test('--detach: one id for all of it, exit 8', async () => {
  const { run, io } = stage();
  expect(await run(...ALL, '--detach')).toBe(8);
  expect(io.stdout()).toBe('fleet-3f2a\n');
  expect(io.stderr()).toContain('clincher follow fleet-3f2a, or clincher abort fleet-3f2a');
  expect(await run(...ALL, '--detach', '--json')).toBe(8);
});

test('a question on one of them: we leave, the whole goes on', async () => {
  const { run, io } = stage({ states: { '*': [waiting] } });
  expect(await run(...ALL, '--on-failure', 'ask')).toBe(8);
  expect(io.stderr()).toContain('run fleet-3f2a goes on; clincher follow fleet-3f2a');
  expect(io.stderr()).toContain('waits: clincher answer');
  expect(io.stderr()).not.toContain('not begun');
});

test('@last is the run over all of them', async () => {
  const { run, control } = stage({ runs: [open], states: { '*': [running] } });
  await run(...ALL, '--detach');
  expect(await run('abort', '@last', '--no-wait')).toBe(0);
  expect(control.asked('cancel')).toEqual([['fleet-3f2a']]);
});

test('follow: servers as steps, and what was not begun', async () => {
  const members = [
    { server: 'prod', wave: 0, status: 'failed' as const, run: 'prod-3f2a', error: failed.error },
    { server: 'spare', wave: 1, status: 'spared' as const },
  ];
  const over = { ...fleet, status: 'failed' as const, endedAt: ended.endedAt, error: failed.error };
  const { run, io } = stage({
    runs: [open],
    states: { 'fleet-3f2a': [{ ...over, fleet: { runbook: 'provision', members } }] },
  });
  expect(await run('follow', 'fleet-3f2a')).toBe(1);
  expect(io.stderr()).toContain('not begun: spare');
  expect(io.stderr()).toContain('Next: clincher run provision -s spare');
});

test('status: how far it is, and where to look on', async () => {
  const { run, io } = stage({ runs: [open], states: { 'fleet-3f2a': [fleet], '*': [ended] } });
  await run('status');
  expect(io.stdout()).toContain('fleet-3f2a: provision, 1 of 2 servers done   clincher follow fleet-3f2a');
  await run('status', '--json');
  const text = io.stdout();
  const document = SCHEMAS.status.parse(JSON.parse(text.slice(text.indexOf('{'))));
  expect(document.fleets).toMatchObject([{ run: 'fleet-3f2a', members: [{}, { status: 'running' }] }]);
});
