import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import { loadConfig } from '../../src/config/load.js';
import { ClincherError } from '../../src/errors.js';
import type { RunState } from '../../src/model.js';
import { summary } from './fake-control.js';
import { stage } from './stage.js';
import { atFailure, confirmGate, ended, failedGate, running, tokenGate, waiting } from './states.js';
import { stdin } from './world.js';

const open = summary({ status: 'running', endedAt: undefined });
const VALUE = 'correct-horse-battery';
const anySecret = { ...tokenGate, shape: undefined };
const sealTo = await identityToRecipient(await generateX25519Identity());
const atSecret: RunState = { ...waiting, sealTo, gates: [anySecret] };
const atConfirm: RunState = { ...waiting, gates: [confirmGate] };

describe('gates', () => {
  test('what waits, and the command that answers it', async () => {
    const { run, io } = stage({ runs: [open], states: { '*': [waiting] } });
    expect(await run('gates')).toBe(0);
    expect(io.stdout()).toContain('prod  provision  run prod-3f2a');
    expect(io.stdout()).toContain('clincher answer telegram-token -s prod --secret-file <file>');
    const json = stage({ runs: [open], states: { '*': [waiting] } });
    await json.run('gates', '--json');
    expect(SCHEMAS.gates.parse(JSON.parse(json.io.stdout())).gates).toMatchObject([
      { id: 'telegram-token', server: 'prod' },
    ]);
    const none = stage();
    await none.run('gates');
    expect(none.io.stdout()).toBe('Nothing waits for you.\n');
  });
});

describe('answer', () => {
  test('a word, and its short form', async () => {
    for (const [typed, sent] of [
      ['yes', 'yes'],
      ['Y', 'yes'],
      ['n', 'no'],
    ] as const) {
      const { run, io, control } = stage({ runs: [open], states: { '*': [atConfirm] } });
      expect(await run('answer', 'reboot-now', typed, '-s', 'prod')).toBe(0);
      expect(control.asked('answer')[0]?.[1]).toMatchObject({ gate: 'reboot-now', value: sent });
      expect(io.stdout()).toBe('reboot-now answered; run prod-3f2a goes on\n');
    }
  });

  test('a secret by file, by stdin, by prompt: sealed, never shown', async () => {
    const ways: [string[], Parameters<typeof stage>[0]][] = [
      [['--secret-file', 'token'], {}],
      [['-'], { io: stdin(`${VALUE}\n`) }],
      [[], { io: stdin(`${VALUE}\r\n`) }],
      [[], { io: { canPrompt: true }, answers: [VALUE] }],
    ];
    for (const [words, setting] of ways) {
      const place = stage({ runs: [open], states: { '*': [atSecret] }, ...setting });
      writeFileSync(join(place.bench.cwd, 'token'), `${VALUE}\n`, { mode: 0o600 });
      expect(await place.run('answer', 'telegram-token', ...words)).toBe(0);
      const sent = place.control.asked('answer')[0]?.[1] as { value: string; sealed: string };
      expect(sent.value).toBe('');
      expect(sent.sealed).toContain('BEGIN AGE');
      expect(place.io.stdout() + place.io.stderr() + JSON.stringify(place.control.calls)).not.toContain(
        VALUE,
      );
    }
  });

  test.each([
    ['a secret as a word', ['telegram-token', VALUE], [atSecret], 2, /seen by every user/],
    [
      'the wrong shape',
      ['telegram-token', '-'],
      [{ ...atSecret, gates: [tokenGate] }],
      2,
      /digits, a colon and 35/,
    ],
    ['a word that is no option', ['reboot-now', 'maybe'], [atConfirm], 2, /takes yes or no, not "maybe"/],
    ['no word, nobody there', ['reboot-now'], [atConfirm], 2, /takes yes or no/],
    [
      'a secret file for a question',
      ['reboot-now', '--secret-file', 'x'],
      [atConfirm],
      2,
      /does not ask for a secret/,
    ],
    [
      'a file that is not there',
      ['telegram-token', '--secret-file', 'nope'],
      [atSecret],
      2,
      /nope cannot be read/,
    ],
    ['no such gate', ['telegram-tokn', 'x'], [atSecret], 2, /did you mean `telegram-token`/],
    ['no open gate at all', ['x', 'yes'], [running], 2, /none is open/],
  ])('bad: %s', async (_, words, states, code, message) => {
    const place = stage({ runs: [open], states: { '*': states }, io: stdin(`${VALUE}\n`) });
    expect(await place.run('answer', ...words)).toBe(code);
    expect(place.io.stderr()).toMatch(message);
    expect(place.io.stderr()).not.toContain(VALUE);
    expect(place.control.asked('answer')).toEqual([]);
  });

  test('two runs at gates of one name: which?', async () => {
    const other = summary({ run: 'spare-1111', server: 'spare', endedAt: undefined });
    const states = {
      'prod-3f2a': [atConfirm],
      'spare-1111': [{ ...atConfirm, run: 'spare-1111', server: 'spare' }],
    };
    const both = stage({ runs: [open, other], states });
    expect(await both.run('answer', 'reboot-now', 'yes')).toBe(2);
    expect(both.io.stderr()).toContain('add --run spare-1111');
    expect(await both.run('answer', 'reboot-now', 'yes', '--run', 'spare-1111')).toBe(0);
    expect(await both.run('answer', 'reboot-now', 'yes', '-s', 'prod')).toBe(0);
    expect(both.control.asked('answer').map(([run]) => run)).toEqual(['spare-1111', 'prod-3f2a']);
  });

  test('refused by the worker: exit 2 with its reason', async () => {
    const receipts = [
      { gate: 'telegram-token', accepted: false, reason: 'Telegram does not know this token.' },
    ];
    const { run, io } = stage({ runs: [open], states: { '*': [atSecret] }, receipts, io: stdin(VALUE) });
    expect(await run('answer', 'telegram-token')).toBe(2);
    expect(io.stderr()).toContain('Telegram does not know this token.');
  });

  test('no reply: not called a failure; the id makes the second sending count once', async () => {
    const place = stage({ runs: [open], states: { '*': [atConfirm] } });
    place.control.answer = async (_run, _answer, updateId) => {
      throw new ClincherError('OUTCOME_UNKNOWN', `No reply; it is known as ${updateId}.`);
    };
    expect(await place.run('answer', 'reboot-now', 'yes', '--update-id', 'mine')).toBe(4);
    expect(place.io.stderr()).toContain('known as mine');
    expect(place.io.stderr()).not.toMatch(/failed/);
  });
});

test('signal: the plain form', async () => {
  const { run, io, control } = stage();
  expect(await run('signal', 'prod-3f2a', 'done', 'tailscale-up')).toBe(0);
  expect(await run('signal', 'prod-3f2a', 'done')).toBe(0);
  expect(control.asked('signalDone')).toEqual([
    ['prod-3f2a', 'tailscale-up'],
    ['prod-3f2a', undefined],
  ]);
  expect(io.stdout()).toContain('clincher show prod-3f2a');
  expect(await run('signal', 'prod-3f2a', 'finished')).toBe(2);
});

describe('retry and skip', () => {
  const server = (place: ReturnType<typeof stage>) => loadConfig(undefined, place.io).servers['prod']!;
  const failing = { states: { '*': [atFailure] } };

  test('answer the gate of the failed step', async () => {
    for (const word of ['retry', 'skip']) {
      const place = stage(failing);
      place.control.script.input = { server: server(place), who: 'a@b', onFailure: 'ask' };
      expect(await place.run(word, 'prod-3f2a')).toBe(0);
      expect(place.control.asked('answer')[0]?.[1]).toEqual({
        gate: 'failed:harden.sshd',
        value: word,
        who: expect.any(String),
      });
      expect(place.io.stderr()).toBe('clincher follow prod-3f2a\n');
    }
  });

  test('a configuration that changed since: asked, or said by a flag', async () => {
    const cases: [string[], (string | boolean)[], number, boolean][] = [
      [[], [], 2, false],
      [[], [true], 0, true],
      [[], [false], 0, false],
      [['--new-config'], [], 0, true],
      [['--old-config'], [], 0, false],
      [['--new-config', '--old-config'], [], 2, false],
    ];
    for (const [flags, given, code, isNew] of cases) {
      const place = stage({ ...failing, answers: given, io: { canPrompt: given.length > 0 } });
      place.control.script.input = {
        server: { ...server(place), address: '203.0.113.99' },
        who: 'a@b',
        onFailure: 'ask',
      };
      expect(await place.run('retry', 'prod-3f2a', ...flags)).toBe(code);
      const answer = place.control.asked('answer')[0]?.[1] as { server?: { address: string } } | undefined;
      expect(answer?.server?.address).toBe(isNew ? '203.0.113.7' : undefined);
      if (flags.length === 0 && code === 2) expect(place.io.stderr()).toContain('1 value (address)');
    }
  });

  test('no failed step, or several', async () => {
    const fine = stage({ states: { '*': [running] } });
    expect(await fine.run('retry', 'prod-3f2a')).toBe(2);
    expect(fine.io.stderr()).toContain('waits at no failed step; it is running');
    const two = { ...atFailure, gates: [failedGate, { ...failedGate, id: 'failed:base.docker' }] };
    const several = stage({ states: { '*': [two] } });
    expect(await several.run('skip', 'prod-3f2a')).toBe(2);
    expect(several.io.stderr()).toContain('add --step base.docker');
    expect(await several.run('skip', 'prod-3f2a', '--step', 'base.docker')).toBe(0);
    expect(several.control.asked('answer')[0]?.[1]).toMatchObject({ gate: 'failed:base.docker' });
  });
});

describe('abort', () => {
  const runs = [summary()];

  test('at a failed step it is an answer, elsewhere a cancellation; it waits for the end', async () => {
    const gate = stage({ runs, states: { '*': [atFailure] }, whenAnswered: { ...ended, status: 'aborted' } });
    expect(await gate.run('abort', 'prod-3f2a')).toBe(0);
    expect(gate.control.asked('answer')[0]?.[1]).toMatchObject({ value: 'abort' });
    expect(gate.control.asked('cancel')).toEqual([]);
    const mid = stage({ runs, states: { '*': [running, { ...ended, status: 'aborted' }] } });
    expect(await mid.run('abort', 'prod-3f2a')).toBe(0);
    expect(mid.control.asked('cancel')).toEqual([['prod-3f2a']]);
    expect(mid.io.stdout()).toMatch(/^prod {2}ok=.*aborted\n$/);
  });

  test('without a worker the request is kept; a run that has ended is a mistake', async () => {
    const away = stage({ runs, states: { '*': [new ClincherError('WORKER_NOT_RUNNING', 'away')] } });
    expect(await away.run('abort', 'prod-3f2a', '--no-wait')).toBe(0);
    expect(away.control.asked('cancel')).toHaveLength(1);
    const over = stage({ runs, states: { '*': [ended] } });
    expect(await over.run('abort', 'prod-3f2a')).toBe(2);
    expect(over.io.stderr()).toContain('has ended already (done)');
  });
});
