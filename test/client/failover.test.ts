// `run failover`: the server and its standby exchange their places in clincher.yaml first, and change back where it did not come to its end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunState } from '../../src/model.js';
import { DEFAULTS } from '../config/fixture.js';
import { summary } from './fake-control.js';
import { AT_TERMINAL, type Setting, stage } from './stage.js';
import { ended, failed } from './states.js';

const [KEY, OTHER] = [
  'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
  'SHA256:uNiVztksCsDhcc0u9e8BrYsf0LYgsb6bWOClP/6bBNo',
];
const config = (prod: [string, string], spare: [string, string]): string => `${DEFAULTS}servers:
  prod:
    address: ${prod[0]}
    ssh: { host_keys: ['${prod[1]}'] }
    backup: { offsite: { type: s3, bucket: copies, endpoint: 'https://s3.example.com' } }
  spare: # stands by
    address: ${spare[0]}
    role: standby
    standby_for: prod
    ssh: { host_keys: ['${spare[1]}'] }
  guard: { address: 203.0.113.9, role: monitor }
`;
const [HERE, THERE] = [
  ['203.0.113.7', KEY],
  ['203.0.113.8', OTHER],
] as [[string, string], [string, string]];
const BEFORE = config(HERE, THERE);
const RUN = ['run', 'failover', '-s', 'prod', '--confirm', 'prod'];

const on = (setting: Setting = {}) => {
  const scene = stage({ config: BEFORE, ...setting });
  const file = () => readFileSync(join(scene.bench.cwd, 'clincher.yaml'), 'utf8');
  const says = () => ({
    prod: /prod:\n {4}address: (\S+)/.exec(file())?.[1],
    spare: /by\n {4}address: (\S+)/.exec(file())?.[1],
    keys: [...file().matchAll(/SHA256:[^'"\s\]]+/g)].map(([key]) => key),
  });
  return { ...scene, file, says };
};
const [BEFORE_SAYS, AFTER_SAYS] = [
  { prod: HERE[0], spare: THERE[0], keys: [KEY, OTHER] },
  { prod: THERE[0], spare: HERE[0], keys: [OTHER, KEY] },
];
const moved = (state: RunState, how: RunState['moved']): RunState => ({
  ...state,
  address: THERE[0],
  moved: how,
  phases: [{ name: 'fence', ms: 61_000, waitedMs: 60_000 }],
});

test('scripts read its clock', async () => {
  const { run, io } = on({ states: { '*': [moved(ended, 'kept')] } });
  expect(await run(...RUN, '--json')).toBe(0);
  expect(JSON.parse(io.stdout())).toMatchObject({
    moved: 'kept',
    phases: [{ name: 'fence', waitedMs: 60_000 }],
  });
});

test('the name moves: address and host keys, and nothing else', async () => {
  const { run, says, control } = on({ states: { '*': [moved(ended, 'kept')] } });
  expect(await run(...RUN)).toBe(0);
  expect(says()).toEqual(AFTER_SAYS);
  expect(control.asked('start')[0]?.[1]).toMatchObject({
    server: { name: 'prod', address: THERE[0], ssh: { host_keys: [OTHER] } },
    old: { name: 'prod', address: HERE[0], ssh: { host_keys: [KEY] } },
    vantages: [{ name: 'spare', address: THERE[0] }, { name: 'guard' }],
  });
});

test.each(['back', 'begun', undefined] as const)('not kept (%s): it moves back', async (how) => {
  const { run, says } = on({ states: { '*': [moved(failed, how)] } });
  expect(await run(...RUN)).toBe(1);
  expect(says()).toEqual(BEFORE_SAYS);
});

test('a failure after the proof leaves it where it serves', async () => {
  const { run, says } = on({ states: { '*': [moved(failed, 'kept')] } });
  expect(await run(...RUN)).toBe(1);
  expect(says()).toEqual(AFTER_SAYS);
});

describe('one that nobody followed to its end', () => {
  test.each([
    ['was put back', 'back', failed, BEFORE_SAYS],
    ['was kept', 'kept', ended, AFTER_SAYS],
  ] as const)('%s: whoever sees that first settles it, once', async (_, how, state, wanted) => {
    const { run, says, file } = on({
      runs: [summary({ run: 'prod-0010', runbook: 'failover' })],
      states: { '*': [moved({ ...state, runbook: 'failover' }, how)] },
    });
    expect(await run(...RUN, '--detach')).toBe(8);
    expect(says()).toEqual(AFTER_SAYS);
    await run('follow', '@last');
    expect(says()).toEqual(wanted);
    const settled = file();
    await run('follow', '@last');
    expect(file()).toBe(settled);
  });
});

describe('refused before anything is written', () => {
  const nobody = BEFORE.replace(/ {2}spare:[\s\S]*?(?= {2}guard)/, '');
  test.each([
    ['no standby', nobody, RUN, 'prod has no standby that could take its place'],
    [
      'another server’s name typed',
      BEFORE,
      ['run', 'failover', '-s', 'prod', '--confirm', 'spare'],
      '--confirm prod',
    ],
    ['only a yes', BEFORE, ['run', 'failover', '-s', 'prod', '--yes'], '--yes is not enough'],
    [
      'a standby',
      BEFORE,
      ['run', 'failover', '-s', 'spare', '--confirm', 'spare'],
      'it is the place of prod that it takes',
    ],
    ['staging of a primary', BEFORE, ['run', 'stage-standby', '-s', 'prod', '--yes'], 'is nobody’s standby'],
  ])('%s', async (_, text, words, told) => {
    const { run, io, file, control } = on({ config: text });
    expect(await run(...words)).toBe(2);
    expect(io.stderr()).toContain(told);
    expect(file()).toBe(text);
    expect(control.asked('start')).toEqual([]);
  });
});

test('at a terminal its name is typed, and what it does is said before', async () => {
  const { run, questions } = on({
    io: AT_TERMINAL,
    answers: ['spare'],
    states: { '*': [moved(ended, 'kept')] },
  });
  expect(await run('run', 'failover', '-s', 'prod')).toBe(6);
  expect(questions).toEqual(['Type prod to go on:']);
});
