// `run rotate-key --secret`: which one is meant is settled before anything is contacted.
import { expect, test } from 'vitest';
import type { RunState, StepState } from '../../src/model.js';
import { AT_TERMINAL, CONFIG, stage } from './stage.js';
import { converged, ended } from './states.js';

const words = (secret: string, server = 'prod') => [
  'run',
  'rotate-key',
  '-s',
  server,
  '--yes',
  '--secret',
  secret,
];

const shared = CONFIG.replaceAll(
  /address: (.*)\n/g,
  'address: $1\n    providers:\n      anthropic:\n        key: secret://shared/anthropic_api_key\n      voyage: {}\n',
);

const elsewhere = shared.replaceAll('secret://shared/anthropic_api_key', 'env:ANTHROPIC_API_KEY');

test.each(['anthropic_api_key', 'secret://prod/anthropic_api_key', 'providers.anthropic.key'])(
  'one that others have made, called %s',
  async (secret) => {
    const { run, control } = stage({ states: { '*': [ended] } });
    expect(await run(...words(secret))).toBe(0);
    expect(control.asked('start')[0]?.[1]).toMatchObject({
      given: { ref: 'secret://prod/anthropic_api_key', isExposing: false },
    });
  },
);

test('one that clincher makes needs no asking', async () => {
  const { run, control } = stage({ states: { '*': [ended] } });
  expect(await run(...words('redis_password'))).toBe(0);
  const input = control.asked('start')[0]?.[1];
  expect(input).toMatchObject({ secret: 'redis_password' });
  expect(input).not.toHaveProperty('given');
});

test('an unknown one is told with those that there are', async () => {
  const { run, io, opened } = stage();
  expect(await run(...words('antropic_api_key'))).toBe(2);
  expect(opened()).toBe(0);
  expect(io.stderr()).toContain('did you mean `anthropic_api_key`?');
  expect(io.stderr()).toContain(
    'prod has litellm_master_key, redis_password, anthropic_api_key, voyage_api_key, telegram_bot_token',
  );
});

test('the token of the gateway has a runbook of its own', async () => {
  const { run, io } = stage();
  expect(await run(...words('gateway_token'))).toBe(2);
  expect(io.stderr()).toContain('clincher run rotate-token -s prod');
});

test('no secret named, and one named where none is taken', async () => {
  const { run, opened } = stage();
  expect(await run('run', 'rotate-key', '-s', 'prod', '--yes')).toBe(2);
  expect(await run('run', 'rotate-token', '-s', 'prod', '--yes', '--secret', 'redis_password')).toBe(2);
  expect(opened()).toBe(0);
});

test('one that is kept elsewhere is rotated there: it says where', async () => {
  const { run, io, opened } = stage({ config: elsewhere });
  expect(await run(...words('anthropic_api_key'))).toBe(2);
  expect(opened()).toBe(0);
  expect(io.stderr()).toContain(
    'providers.anthropic.key of prod comes from env:ANTHROPIC_API_KEY, which clincher reads and cannot change',
  );
});

test('one of several servers: the others are told, and two at once are refused', async () => {
  const { run, io, control } = stage({ config: shared, states: { '*': [ended] } });
  expect(await run(...words('anthropic_api_key'))).toBe(0);
  expect(io.stderr()).toContain(
    'spare uses secret://shared/anthropic_api_key too, and has the old value until: clincher run provision -s spare\n',
  );
  expect(control.asked('start')).toHaveLength(1);
  expect(await run(...words('anthropic_api_key', 'all'))).toBe(2);
  expect(control.asked('start')).toHaveLength(1);
});

test('what it costs is told before the question', async () => {
  const { run, io } = stage({
    states: { 'prod-0010': [converged], '*': [ended] },
    io: AT_TERMINAL,
    answers: [true],
  });
  await run('run', 'rotate-key', '-s', 'prod', '--secret', 'anthropic_api_key');
  expect(io.stderr()).toContain('which costs what they charge for a word');
});

test('what only a person can end stands last', async () => {
  const title = 'The old value of anthropic_api_key: delete the old key';
  const note: StepState = { id: 'note.revoke', title, status: 'ok', changes: [], notes: [] };
  const state: RunState = { ...ended, groups: [...ended.groups, { name: 'revoke', steps: [note] }] };
  const { run, io } = stage({ states: { '*': [state] } });
  expect(await run(...words('anthropic_api_key'))).toBe(0);
  expect(io.stderr()).toContain(`${title}\n`);
});
