import { readFileSync, statSync } from 'node:fs';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { type AgreeOptions, agree, needsAgreement } from '../../src/client/commands/run-agree.js';
import type { Deps } from '../../src/client/deps.js';
import { type TestIo, testIo } from '../../src/client/io.js';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import { ClincherError } from '../../src/errors.js';
import type { Server } from '../../src/model.js';
import type { Runbook } from '../../src/workflows/catalog.js';
import { FakeControl, summary } from './fake-control.js';
import { AT_TERMINAL, stage } from './stage.js';
import {
  atFailure,
  converged,
  ended,
  failed,
  planned,
  running,
  tokenGate,
  unreachable,
  waiting,
} from './states.js';

const YES = ['run', 'provision', '-s', 'prod', '--yes'];

describe('a run', () => {
  test('to its end: transitions on stderr, the recap alone on stdout, exit 0', async () => {
    const { run, io, control } = stage({ states: { '*': [running, ended] } });
    expect(await run(...YES)).toBe(0);
    expect(io.stdout()).toBe('prod  ok=1 changed=2 skipped=1 failed=0 unreachable=0   4m12s\n');
    expect(io.stderr()).toContain('2026-11-22T12:00:48Z prod harden.web-ports running\n');
    expect(io.stderr()).toContain('Next: clincher verify -s prod\n');
    const [runbook, input, options] = control.asked('start')[0] as [
      string,
      { onFailure: string; who: string },
      object,
    ];
    expect([runbook, options]).toEqual(['provision', { readOnly: false }]);
    expect(input).toMatchObject({ onFailure: 'abort', server: { name: 'prod', address: '203.0.113.7' } });
    expect(input.who).toMatch(/.@./);
    expect(control.calls.at(-1)).toEqual(['close']);
  });

  test('--json: one document of its schema, whatever happens', async () => {
    for (const state of [ended, failed, unreachable, { ...waiting, endedAt: undefined }]) {
      const { run, io } = stage({ states: { '*': [state] } });
      await run(...YES, '--json');
      const document = SCHEMAS.run.parse(JSON.parse(io.stdout()));
      expect(document).toMatchObject({ schema: 'clincher.run/1', status: state.status, run: 'prod-3f2a' });
    }
  });

  test('--jsonl: every line an event of its schema, steps as in --json', async () => {
    const { run, io } = stage({ states: { '*': [running, ended] } });
    expect(await run(...YES, '--jsonl')).toBe(0);
    const events = io
      .stdout()
      .trim()
      .split('\n')
      .map((line) => SCHEMAS.event.parse(JSON.parse(line)));
    expect(events[0]).toMatchObject({ event: 'started', run: 'prod-3f2a', runbook: 'provision' });
    expect(events.at(-1)).toMatchObject({ event: 'ended', status: 'done' });
    expect(events.filter((one) => one.step?.id === 'harden.firewall').map((one) => one.step?.status)).toEqual(
      ['changed'],
    );
  });

  test('-q: nothing but the answer', async () => {
    const { run, io } = stage({ states: { '*': [running, ended] } });
    await run(...YES, '-q');
    expect(io.stderr()).toBe('Next: clincher verify -s prod\n');
  });

  test.each([
    ['failed', failed, 1],
    ['unreachable', unreachable, 5],
    ['aborted', { ...failed, status: 'aborted' as const, error: { code: 'ABORTED', message: 'aborted' } }, 6],
    [
      'drift of a step that was skipped after it failed',
      { ...ended, outcome: { ...ended.outcome, failed: 1 } },
      1,
    ],
  ])('that ended badly: %s', async (_, state, code) => {
    const { run, io } = stage({ states: { '*': [state] } });
    expect(await run(...YES)).toBe(code);
    expect(io.stderr()).toMatch(/fix|clincher/);
  });

  test('a failed step: evidence, why, what to type; printed once', async () => {
    const { run, io } = stage({ states: { '*': [running, failed] } });
    await run(...YES);
    const said = io.stderr();
    expect(said.match(/sshd -t refused/g)).toHaveLength(2); // its line, and its block
    expect(said).toContain('Bad option \\e[2J');
    expect(said).toContain('clincher logs prod-3f2a --step harden.sshd');
    expect(said).not.toContain('clincher retry prod-3f2a'); // it has ended: nothing can be retried
  });

  test('locked: who holds it, exit 7', async () => {
    const startError = new ClincherError(
      'LOCKED',
      'prod is busy: provision, run prod-9999, waiting on gate x since 14:02',
      {
        remedy: ['clincher follow prod-9999'],
      },
    );
    const { run, io } = stage({ startError });
    expect(await run(...YES)).toBe(7);
    expect(io.stderr()).toContain('prod is busy: provision, run prod-9999, waiting on gate x since 14:02');
    expect(io.stderr()).toContain('fix   clincher follow prod-9999');
  });

  test('--detach: the run id and exit 8', async () => {
    const { run, io, control } = stage();
    expect(await run(...YES, '--detach')).toBe(8);
    expect(io.stdout()).toBe('prod-3f2a\n');
    expect(io.stderr()).toContain(
      'run prod-3f2a goes on; clincher follow prod-3f2a, or clincher abort prod-3f2a',
    );
    expect(control.asked('state')).toEqual([]);
  });

  test('--timeout: exit 8, the run goes on', async () => {
    const { run, io } = stage({ states: { '*': [running] }, pauseMs: 30_000 });
    expect(await run(...YES, '--timeout', '2m')).toBe(8);
    expect(io.stderr()).toContain('run prod-3f2a goes on');
  });

  test('Ctrl-C: leaves the view, says so, exit 130', async () => {
    const { run, io } = stage({ states: { '*': [running] } });
    const end = run(...YES);
    setTimeout(() => io.interrupt(), 30);
    expect(await end).toBe(130);
    expect(io.stderr()).toContain(
      'run prod-3f2a goes on; clincher follow prod-3f2a, or clincher abort prod-3f2a',
    );
  });

  test('a worker that is away for a while: the run is safe, and goes on', async () => {
    const away = new ClincherError('WORKER_NOT_RUNNING', 'away');
    const { run, io } = stage({ states: { '*': [running, away, away, running, ended] } });
    expect(await run(...YES)).toBe(0);
    expect(io.stderr().match(/The worker is away/g)).toHaveLength(1);
    expect(io.stderr()).toContain('The worker is back.');
  });

  test('no worker at all: after 5 s exit 4, and what to start', async () => {
    const away = new ClincherError('WORKER_NOT_RUNNING', 'away');
    const nobody = { alive: false, identities: [] };
    const { run, io } = stage({ states: { '*': [away] }, worker: nobody, pauseMs: 1_000 });
    expect(await run(...YES)).toBe(4);
    expect(io.stderr()).toMatch(/No worker has taken the run for [56] s/);
    expect(io.stderr()).toContain('clincher worker');
  });

  test('a worker of our own that is being started is given a minute', async () => {
    const away = new ClincherError('WORKER_NOT_RUNNING', 'away');
    const worker = { alive: false, identities: [], isComing: true };
    const soon = stage({
      states: { '*': [...Array<ClincherError>(30).fill(away), ended] },
      worker,
      pauseMs: 1_000,
    });
    expect(await soon.run(...YES)).toBe(0);
    const never = stage({ states: { '*': [away] }, worker, pauseMs: 1_000 });
    expect(await never.run(...YES)).toBe(4);
  });

  test('a worker that is only slow is waited for', async () => {
    const away = new ClincherError('WORKER_NOT_RUNNING', 'away');
    const { run } = stage({
      states: { '*': [...Array<ClincherError>(9).fill(away), ended] },
      pauseMs: 1_000,
    });
    expect(await run(...YES)).toBe(0);
  });
});

describe('a gate', () => {
  test('nobody at the terminal: the very command that answers it, exit 8', async () => {
    const { run, io } = stage({ states: { '*': [running, waiting] } });
    expect(await run(...YES)).toBe(8);
    expect(io.stderr()).toContain('waits: clincher answer telegram-token -s prod --secret-file <file>');
  });

  test('with --timeout somebody is expected to answer elsewhere', async () => {
    const { run } = stage({ states: { '*': [waiting, waiting, ended] }, pauseMs: 1_000 });
    expect(await run(...YES, '--timeout', '10m')).toBe(0);
  });

  test('a secret: bad paste refused here, the good one sealed to the worker and never shown', async () => {
    const sealTo = await identityToRecipient(await generateX25519Identity());
    const gate = { ...tokenGate, id: 'anthropic', shape: 'anthropic-api-key' };
    const value = `sk-ant-${'x1'.repeat(20)}`;
    const state = { ...waiting, sealTo, gates: [gate] };
    const { run, io, control } = stage({
      states: { '*': [state] },
      whenAnswered: ended,
      io: AT_TERMINAL,
      answers: ['nonsense', value],
    });
    expect(await run(...YES, '--progress', 'plain')).toBe(0);
    expect(io.stderr()).toContain('an Anthropic key begins with sk-ant-');
    const [, answer, updateId] = control.asked('answer')[0] as [
      string,
      { value: string; sealed: string },
      string,
    ];
    expect(answer).toMatchObject({ gate: 'anthropic', value: '' });
    expect(answer.sealed).toContain('BEGIN AGE ENCRYPTED FILE');
    expect(updateId).toMatch(/^anthropic:[0-9a-f]{8}$/);
    expect(io.stdout() + io.stderr() + JSON.stringify(control.calls)).not.toContain(value);
  });

  test('a value that the worker refuses is asked for again', async () => {
    const sealTo = await identityToRecipient(await generateX25519Identity());
    const state = { ...waiting, sealTo, gates: [{ ...tokenGate, shape: undefined }] };
    const receipts = [
      { gate: 'telegram-token', accepted: false, reason: 'The vault is not writable.' },
      { gate: 'telegram-token', accepted: true },
    ];
    const { run, io, control } = stage({
      states: { '*': [state] },
      whenAnswered: ended,
      receipts,
      io: AT_TERMINAL,
      answers: ['one', 'two'],
    });
    expect(await run(...YES, '--progress', 'plain')).toBe(0);
    expect(io.stderr()).toContain('The vault is not writable.');
    expect(control.asked('answer')).toHaveLength(2);
  });

  test.each([
    ['retry', 'retry', 0],
    ['leave it waiting', undefined, 8],
  ])('a failed step: %s', async (choice, value, code) => {
    const { run, control } = stage({
      states: { '*': [atFailure] },
      whenAnswered: ended,
      io: AT_TERMINAL,
      answers: [choice],
    });
    expect(await run(...YES, '--progress', 'plain')).toBe(code);
    const answers = control.asked('answer').map((call) => (call[1] as { value: string }).value);
    expect(answers).toEqual(value ? [value] : []);
  });

  test('Ctrl-C at a question leaves the run waiting, exit 130', async () => {
    const { run } = stage({ states: { '*': [atFailure] }, io: AT_TERMINAL, answers: [undefined] });
    expect(await run(...YES, '--progress', 'plain')).toBe(130);
  });

  test('at a terminal a failed step asks; elsewhere it aborts', async () => {
    const terminal = stage({ io: AT_TERMINAL });
    await terminal.run(...YES, '--progress', 'plain');
    expect(terminal.control.asked('start')[0]?.[1]).toMatchObject({ onFailure: 'ask' });
    const forced = stage();
    await forced.run(
      ...YES,
      '--on-failure',
      'skip',
      '--take-over',
      'the other one is gone',
      '--only',
      'base.*',
    );
    expect(forced.control.asked('start')[0]?.[1]).toMatchObject({
      onFailure: 'skip',
      takeOver: 'the other one is gone',
      only: 'base.*',
    });
  });
});

describe('consent', () => {
  const plan = ['run', 'provision', '-s', 'prod', '--progress', 'plain'];

  test('the plan is shown, one question is asked, then it starts', async () => {
    const { run, io, control, questions } = stage({
      states: { 'prod-0010': [planned], '*': [ended] },
      io: AT_TERMINAL,
      answers: [true],
    });
    expect(await run(...plan)).toBe(0);
    expect(questions).toEqual(['Apply to prod?']);
    expect(io.stderr()).toContain('Plan: 2 of 5 steps would change.');
    expect(control.asked('start').map(([name, , how]) => [name, how])).toEqual([
      ['plan', { readOnly: true }],
      ['provision', { readOnly: false }],
    ]);
    expect(control.asked('start')[0]?.[1]).toMatchObject({
      checklists: ['base', 'harden.host', 'stack', 'harden.openclaw', 'services', 'proxy', 'backup'],
    });
  });

  test('what a runbook does besides is told before the question, also where nothing is to change', async () => {
    const { run, io, questions } = stage({
      states: { 'prod-0010': [converged], '*': [ended] },
      io: AT_TERMINAL,
      answers: [true],
    });
    expect(await run('run', 'rotate-token', '-s', 'prod')).toBe(0);
    expect(questions).toEqual(['Run rotate-token on prod?']);
    expect(io.stderr()).toContain('Whoever logs in with the token needs the new one then.');
  });

  test('--backup is of what reads one', async () => {
    const { run, io, opened } = stage();
    expect(await run('run', 'backup', '-s', 'prod', '--yes', '--backup', '20261127T030000Z')).toBe(2);
    expect(await run('run', 'verify-backup', '-s', 'prod', '--yes', '--backup', '../etc')).toBe(2);
    expect(opened()).toBe(0);
    expect(io.stderr()).toContain('is no backup: they are named 20261127T030000Z');
  });

  test('No is exit 6, and nothing is started', async () => {
    const { run, control, io } = stage({ states: { '*': [planned] }, io: AT_TERMINAL, answers: [false] });
    expect(await run(...plan)).toBe(6);
    expect(control.asked('start')).toHaveLength(1);
    expect(io.stderr()).toContain('Declined; nothing was changed.');
  });

  test('nobody there and no --yes: exit 2, nothing contacted', async () => {
    const { run, io, opened } = stage();
    expect(await run('run', 'provision', '-s', 'prod')).toBe(2);
    expect(opened()).toBe(0);
    expect(io.stderr()).toContain('add --yes');
  });

  test('a server that is busy is said before the plan is read', async () => {
    const holder = summary({ status: 'running', endedAt: undefined });
    const { run, control } = stage({ holder, io: AT_TERMINAL });
    expect(await run(...plan)).toBe(7);
    expect(control.asked('start')).toEqual([]);
  });

  test('a server that cannot be read cannot be agreed to', async () => {
    const { run, io } = stage({ states: { '*': [unreachable] }, io: AT_TERMINAL });
    expect(await run(...plan)).toBe(5);
    expect(io.stderr()).toContain('does not answer on 203.0.113.7');
  });
});

describe('what cannot be taken back', () => {
  const severe: Runbook = { name: 'restore', title: '', mutating: true, danger: 'severe', checklists: [] };
  const prod = { name: 'prod' } as Server;
  const consent = async (io: TestIo, options: AgreeOptions, typed?: string): Promise<void> => {
    needsAgreement(io, options, severe, [prod]);
    const deps = { ask: { text: async () => typed } } as unknown as Deps;
    await agree(io, deps, new FakeControl(), severe, [prod], options);
  };
  const terminal = testIo({ canPrompt: true });

  test('-y is not enough: the name, typed or given', async () => {
    await expect(consent(testIo(), { yes: true })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(consent(testIo(), { confirm: 'spare' })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(consent(testIo(), { confirm: 'prod' })).resolves.toBeUndefined();
    await expect(consent(terminal, { yes: true }, 'yes')).rejects.toMatchObject({ code: 'DECLINED' });
    await expect(consent(terminal, {}, undefined)).rejects.toMatchObject({ code: 'DECLINED' });
    await expect(consent(terminal, {}, 'prod ')).resolves.toBeUndefined();
  });
});

describe('several servers', () => {
  const all = ['run', 'provision', '-s', 'all', '--yes'];

  test('the first alone; the rest only when it is healthy', async () => {
    const { run, io, control } = stage({ states: { '*': [failed] } });
    expect(await run(...all)).toBe(1);
    expect(
      control.asked('start').map(([, input]) => (input as { server: { name: string } }).server.name),
    ).toEqual(['prod']);
    expect(io.stderr()).toContain('not begun, because of the failure above: spare');
  });

  test('all healthy: a recap line each, one document with --json', async () => {
    const { run, io } = stage({
      states: { 'prod-3f2a': [ended], 'spare-3f2a': [{ ...ended, server: 'spare' }] },
    });
    expect(await run(...all, '--json')).toBe(0);
    const document = SCHEMAS.results.parse(JSON.parse(io.stdout()));
    expect(document.results.map((one) => one.server)).toEqual(['prod', 'spare']);
  });

  test('--max-failures 1: one may fail; the exit status is the worst', async () => {
    const { run, io } = stage({
      states: { 'prod-3f2a': [unreachable], 'spare-3f2a': [{ ...ended, server: 'spare' }] },
    });
    expect(await run(...all, '--max-failures', '1')).toBe(5);
    expect(io.stdout().trim().split('\n')).toHaveLength(2);
  });
});

describe('what is wrong with the command line: exit 2, nothing contacted', () => {
  test.each([
    ['an unknown runbook', ['run', 'provsion', '-s', 'prod', '-y'], /There is no runbook "provsion"/],
    ['an unknown server', ['run', 'provision', '-s', 'prdo', '-y'], /no server "prdo".*did you mean `prod`/],
    ['no server', ['run', 'provision', '-y'], /Name the server to change: prod, spare/],
    ['an unknown flag', ['run', 'provision', '--sever', 'prod', '-y'], /'--sever'.*--server/],
    ['a bad duration', [...YES, '--timeout', 'soon'], /"soon" is no duration/],
    ['a glob that matches nothing', [...YES, '--only', 'bse.*'], /No step matches --only bse/],
    ['a step that is not there', [...YES, '--from', 'base.sudoo'], /did you mean base.sudo\?/],
    ['a bad choice', [...YES, '--on-failure', 'panic'], /ask, abort, skip/],
    ['a bad number', [...YES, '--wave', '0'], /whole number/],
    ['two formats', [...YES, '--json', '--jsonl'], /Choose one output format/],
    ['quiet and verbose', [...YES, '-q', '-v'], /Choose one of --quiet and --verbose/],
    ['one word too many', [...YES, 'extra'], /too many arguments/i],
    ['no runbook', ['run'], /missing required argument/i],
    ['a runbook as a command', ['provision', '-s', 'prod'], /did you mean `clincher run provision`/],
    ['an unknown command', ['statsu'], /did you mean status/i],
  ])('%s', async (_, argv, message) => {
    const { run, io, opened } = stage();
    expect(await run(...argv)).toBe(2);
    expect(io.stderr()).toMatch(message);
    expect(io.stderr()).toMatch(/fix {3}/);
    expect(opened()).toBe(0);
    expect(io.stdout().replace(/^\{.*\}\n$/, '')).toBe('');
  });

  test('a configuration with mistakes: all of them, with their places', async () => {
    const { run, io, opened } = stage({
      config: 'version: 1\nservers:\n  prod:\n    addres: 203.0.113.7\n    rle: primary\n',
    });
    expect(await run(...YES)).toBe(2);
    expect(io.stderr()).toMatch(/clincher\.yaml:4:5/);
    expect(io.stderr()).toMatch(/clincher\.yaml:5:5/);
    expect(opened()).toBe(0);
  });

  test('with --json the error is the document, and still exit 2', async () => {
    const { run, io } = stage();
    expect(await run('run', 'nope', '-s', 'prod', '--json')).toBe(2);
    const { error } = SCHEMAS.error.parse(JSON.parse(io.stdout()));
    expect(error).toMatchObject({ code: 'USAGE', exitCode: 2, docs: 'clincher docs USAGE' });
  });
});

test('CLINCHER_SERVER names the server, and the first line says so', async () => {
  const { run, io, control } = stage({ env: { CLINCHER_SERVER: 'spare' } });
  expect(await run('run', 'provision', '--yes')).toBe(0);
  expect(io.stderr()).toMatch(/^server spare \(from CLINCHER_SERVER\)\n/);
  expect(control.asked('start')[0]?.[1]).toMatchObject({ server: { name: 'spare' } });
});

test('flags may stand before the command', async () => {
  const { run, control } = stage();
  expect(await run('-s', 'prod', '--yes', 'run', 'provision')).toBe(0);
  expect(control.asked('start')).toHaveLength(1);
});

test('an error of ours: one line, the stack only with --debug', async () => {
  const startError = new ClincherError('INTERNAL', 'the wheel came off');
  const plain = stage({ startError });
  expect(await plain.run(...YES)).toBe(1);
  expect(plain.io.stderr()).not.toMatch(/\n\s+at /);
  const [, path] = /the whole story is in (\S+);/.exec(plain.io.stderr()) ?? [];
  expect(readFileSync(path!, 'utf8')).toMatch(/the wheel came off\n\s+at /);
  expect(statSync(path!).mode & 0o777).toBe(0o600);
  const debug = stage({ startError });
  await debug.run(...YES, '--debug');
  expect(debug.io.stderr()).toMatch(/\n\s+at /);
});
