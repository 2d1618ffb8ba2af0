import { describe, expect, test } from 'vitest';
import { ClincherError } from '../../src/errors.js';
import type { RunState } from '../../src/model.js';
import { summary, turn } from './fake-control.js';
import { AT_TERMINAL, ONE_SERVER, type Setting, stage } from './stage.js';
import { ended, failed, planned, running } from './states.js';

const RUN = ['run', 'provision', '-s', 'prod'];
const WAIT = [...RUN, '--yes', '--wait'];
const LOCKED = new ClincherError(
  'LOCKED',
  'prod is busy: backup, run prod-9999, running; started by bob@desk',
  {
    remedy: ['clincher follow prod-9999'],
  },
);
const holder = summary({ run: 'prod-9999', runbook: 'backup', who: 'bob@desk', endedAt: undefined });
const begun = summary({ status: 'running', endedAt: undefined });
const busy = (turns = [turn()], more: Setting = {}) =>
  stage({ startError: LOCKED, holder, turns: { 'prod-7c1d': turns }, ...more });

describe('run --wait on a busy server', () => {
  test('says who is at work, waits, and follows the run as soon as it begins', async () => {
    const place = busy([turn(), turn(), begun], { states: { 'prod-3f2a': [running, ended] } });
    expect(await place.run(...WAIT)).toBe(0);
    expect(place.control.asked('queue')).toMatchObject([
      ['provision', { server: { name: 'prod' }, onFailure: 'abort' }, { patienceSeconds: 7200 }],
    ]);
    const said = place.io.stderr();
    expect(
      said.match(/prod is busy: backup, run prod-9999, by bob@desk\. provision \(prod-7c1d\) waits/g),
    ).toHaveLength(1);
    expect(said).toMatch(
      /waits its turn, until .*\d\d:\d\d at the longest\nits turn: run prod-3f2a begins\n/,
    );
    expect(place.io.stdout()).toBe('prod  ok=1 changed=2 skipped=1 failed=0 unreachable=0   4m12s\n');
    await place.run('show', '@last');
    expect(place.control.asked('find').at(-1)).toEqual(['prod-3f2a']);
  });

  test('a free server is not waited for', async () => {
    const place = stage({ states: { '*': [ended] } });
    expect(await place.run(...WAIT)).toBe(0);
    expect(place.control.asked('queue')).toEqual([]);
  });

  test('the outcome is that of the run, in its document too', async () => {
    const place = busy([begun], { states: { 'prod-3f2a': [failed] } });
    expect(await place.run(...WAIT, '--json')).toBe(1);
    expect(JSON.parse(place.io.stdout())).toMatchObject({ run: 'prod-3f2a', status: 'failed' });
  });

  test('somebody else is at work meanwhile: said anew; with -q nothing is', async () => {
    const place = busy([turn(), turn(), begun], { states: { '*': [ended] } });
    place.control.holder = async () => {
      const runbook = place.control.asked('find').length > 1 ? 'verify-backup' : 'backup';
      return { ...holder, runbook };
    };
    expect(await place.run(...WAIT)).toBe(0);
    expect(place.io.stderr().match(/is busy: (verify-)?backup/g)).toHaveLength(2);
    const quiet = busy([turn(), begun], { states: { '*': [ended] } });
    await quiet.run(...WAIT, '-q');
    expect(quiet.io.stderr()).toBe('Next: clincher verify -s prod\n');
  });

  test('a log hears now and then that it still waits', async () => {
    const place = busy([turn(), turn(), turn(), begun], { states: { '*': [ended] }, pauseMs: 130_000 });
    await place.run(...WAIT);
    expect(place.io.stderr().match(/waits its turn/g)).toHaveLength(3);
  });

  test('the longest wait, as --timeout is written; what makes no sense is told before anything is contacted', async () => {
    const place = busy([begun], { states: { '*': [ended] } });
    await place.run(...RUN, '--yes', '--wait', '90s');
    expect(place.control.asked('queue')[0]?.[2]).toEqual({ patienceSeconds: 90 });
    for (const [words, text] of [
      [[...WAIT, 'soon'], '"soon" is no duration'],
      [[...WAIT, '13h'], 'a run waits for 12h at the longest'],
      [
        ['run', 'smoke', '-s', 'prod', '-y', '--wait'],
        'smoke takes no lock, so there is nothing to --wait for',
      ],
      [['run', 'rotate-ssh', '-s', 'prod', '-y', '--wait', '--key', 'k'], 'rotate-ssh does not --wait'],
    ] as const) {
      const wrong = stage();
      expect(await wrong.run(...words)).toBe(2);
      expect(wrong.io.stderr()).toContain(text);
      expect(wrong.opened()).toBe(0);
    }
  });

  test('without --wait it is LOCKED as ever, and says that there is --wait', async () => {
    const place = busy();
    expect(await place.run(...RUN, '--yes')).toBe(7);
    expect(place.io.stderr()).toContain('add --wait: it begins when prod is free');
    expect(place.control.asked('queue')).toEqual([]);
  });

  test('the same runbook waits at most once: who does, since when, and what to type; exit 7', async () => {
    const queueError = new ClincherError('LOCKED', 'One waits for prod already: …', {
      remedy: ['clincher abort prod-7c1d'],
    });
    const late = busy([], { queueError });
    expect(await late.run(...WAIT)).toBe(7);
    expect(late.io.stderr()).toMatch(/One waits for prod already(.|\n)*clincher abort prod-7c1d/);
    const early = busy([], { waiting: [turn()], io: AT_TERMINAL });
    expect(await early.run(...RUN, '--wait')).toBe(7);
    expect(early.io.stderr()).toMatch(
      /One waits for prod already: provision, prod-7c1d, by ada@laptop, since .*\d\d:\d\d/,
    );
    expect(early.io.stderr()).toMatch(/clincher follow prod-7c1d\n.*clincher abort prod-7c1d/);
    expect(early.control.asked('start')).toEqual([]);
  });

  test('the plan is shown and asked about although somebody is at work', async () => {
    const setting = { io: AT_TERMINAL, looks: { plan: () => planned }, states: { 'prod-3f2a': [ended] } };
    const yes = busy([begun], { ...setting, answers: [true], waiting: [turn({ who: 'schedule' })] });
    expect(await yes.run(...RUN, '--wait', '--progress', 'plain')).toBe(0);
    expect(yes.io.stderr()).toMatch(
      /^prod is busy: backup, run prod-9999, by bob@desk\. A yes waits its turn; the plan is of now/,
    );
    expect(yes.questions).toEqual(['Apply to prod?']);
    const no = busy([], { ...setting, answers: [false] });
    expect(await no.run(...RUN, '--wait')).toBe(6);
    expect(no.control.asked('queue')).toEqual([]);
    const refused = busy([], { ...setting });
    expect(await refused.run(...RUN)).toBe(7);
    expect(refused.io.stderr()).toContain('add --wait: it begins when prod is free');
    expect(refused.questions).toEqual([]);
  });
});

describe('left while it waits', () => {
  const GOES_ON =
    /prod-7c1d goes on waiting for prod, until .*\d\d:\d\d at the longest; clincher follow prod-7c1d, or clincher abort prod-7c1d\n/;

  test('Ctrl-C: exit 130, it goes on waiting, and how to end that', async () => {
    const place = busy();
    const end = place.run(...WAIT, '--json');
    setTimeout(() => place.io.interrupt(), 30);
    expect(await end).toBe(130);
    expect(place.io.stderr()).toMatch(GOES_ON);
    expect(JSON.parse(place.io.stdout())).toMatchObject({
      run: 'prod-7c1d',
      status: 'waiting',
      runbook: 'provision',
    });
    expect(place.control.asked('cancel')).toEqual([]);
  });

  test('--timeout: exit 8, counted from the beginning of the waiting', async () => {
    const place = busy([turn()], { pauseMs: 30_000 });
    expect(await place.run(...WAIT, '--timeout', '2m')).toBe(8);
    expect(place.io.stderr()).toMatch(GOES_ON);
    const both = busy([turn(), turn(), begun], { pauseMs: 50_000, states: { '*': [running] } });
    expect(await both.run(...WAIT, '--timeout', '2m')).toBe(8);
    expect(both.io.stderr()).toContain('run prod-3f2a goes on');
    expect(both.control.asked('state')).toHaveLength(1);
  });

  test('--detach: its id and exit 8; the document says that it waits', async () => {
    const place = busy();
    expect(await place.run(...WAIT, '--detach')).toBe(8);
    expect(place.io.stdout()).toBe('prod-7c1d\n');
    expect(place.io.stderr()).toMatch(GOES_ON);
    const json = busy();
    await json.run(...WAIT, '--detach', '--json');
    expect(JSON.parse(json.io.stdout()).runs).toMatchObject([
      { run: 'prod-7c1d', waits: { until: expect.any(String) } },
    ]);
  });

  test('a worker that is away ends no waiting', async () => {
    const place = busy([turn(), begun], { states: { '*': [ended] } });
    const find = place.control.find.bind(place.control);
    let looks = 0;
    place.control.find = async (run) => {
      if (++looks === 2) throw new ClincherError('WORKER_NOT_RUNNING', 'away');
      return find(run);
    };
    expect(await place.run(...WAIT)).toBe(0);
  });

  test('follow comes back to it, and goes on to the run', async () => {
    const place = stage({
      holder,
      turns: { 'prod-7c1d': [turn(), turn(), begun] },
      states: { '*': [running, failed] },
    });
    expect(await place.run('follow', 'prod-7c1d')).toBe(1);
    expect(place.io.stderr()).toMatch(/waits its turn(.|\n)*its turn: run prod-3f2a begins/);
  });
});

describe('ended without a run', () => {
  const over = (status: RunState['status'], code: string): RunState => ({
    ...{ ...ended, run: 'prod-7c1d', groups: [], status },
    error: {
      code,
      message: 'prod was busy for 2 h: provision was not run',
      remedy: ['clincher lock status -s prod'],
    },
  });
  const gone = (status: RunState['status'], code: string) => ({
    turns: [turn(), turn({ status, endedAt: '2026-11-22T14:00:00.000Z' })],
    states: { 'prod-7c1d': [over(status, code)] },
  });

  test('patience that ends: LOCKED, exit 7, the remedy; another server of the same command is not disturbed', async () => {
    const { turns, states } = gone('failed', 'LOCKED');
    const place = busy(turns, { states });
    expect(await place.run(...WAIT)).toBe(7);
    expect(place.io.stderr()).toMatch(
      /was busy for 2 h: provision was not run(.|\n)*fix +clincher lock status -s prod/,
    );
    const json = busy([...turns], { states });
    expect(await json.run(...WAIT, '--json')).toBe(7);
    expect(JSON.parse(json.io.stdout())).toMatchObject({
      status: 'failed',
      error: { code: 'LOCKED', exitCode: 7 },
    });
  });

  test('given up by somebody else: exit 6', async () => {
    const { turns, states } = gone('aborted', 'ABORTED');
    expect(await busy(turns, { states }).run(...WAIT)).toBe(6);
  });
});

describe('what waits is seen', () => {
  const two = [
    turn({ runbook: 'backup' }),
    turn({ run: 'prod-5555', runbook: 'rotate-token', who: 'schedule' }),
  ];
  const other = turn({ run: 'spare-1111', server: 'spare' });
  const seen = (more: Setting = {}) =>
    stage({ config: ONE_SERVER, holder, waiting: [...two, other], ...more });

  test('status: in the table, with who, since when, and how to end it; exit as ever', async () => {
    const place = seen({ runs: [summary()], states: { '*': [ended] } });
    expect(await place.run('status')).toBe(0);
    expect(place.io.stdout()).toMatch(/^prod .* backup waits \(\+1\)$/m);
    expect(place.io.stdout()).toMatch(
      /^prod waits its turn: backup, prod-7c1d, by ada@laptop, since .*\d\d:\d\d {3}clincher abort prod-7c1d$/m,
    );
    expect(place.io.stdout()).toMatch(/^prod waits its turn: rotate-token, prod-5555, by schedule, since /m);
    expect(place.io.stdout()).not.toContain('spare');
    const json = seen();
    await json.run('status', '--json');
    expect(JSON.parse(json.io.stdout()).servers[0].waiting).toMatchObject([
      {
        run: 'prod-7c1d',
        runbook: 'backup',
        who: 'ada@laptop',
        status: 'waiting',
        waits: { until: expect.any(String) },
      },
      { run: 'prod-5555', runbook: 'rotate-token', who: 'schedule' },
    ]);
  });

  test('lock status and lock release name who waits', async () => {
    const place = seen();
    expect(await place.run('lock', 'status')).toBe(0);
    expect(place.io.stdout()).toMatch(
      /^prod {2}backup, run prod-9999, by bob@desk, since .*\nprod {2}waits its turn: backup, prod-7c1d, by ada@laptop, .*clincher abort prod-7c1d\n/,
    );
    await place.run('lock', 'release', '-s', 'prod', '--confirm', 'prod');
    expect(place.io.stderr()).toContain(
      'Then backup begins, which waits for it (prod-7c1d); unless: clincher abort prod-7c1d',
    );
    const json = seen();
    await json.run('lock', 'status', '--json');
    expect(JSON.parse(json.io.stdout()).servers[0].waiting).toHaveLength(2);
  });

  test('show: that it waits, since when, and how to end it', async () => {
    const waiting: RunState = {
      ...ended,
      run: 'prod-7c1d',
      status: 'waiting',
      groups: [],
      address: '',
      endedAt: undefined,
    };
    const place = stage({ turns: { 'prod-7c1d': [turn()] }, states: { '*': [waiting] } });
    expect(await place.run('show', 'prod-7c1d')).toBe(0);
    expect(place.io.stdout()).toMatch(
      /provision · prod · run prod-7c1d\nwaits its turn: provision, prod-7c1d, by ada@laptop/,
    );
  });

  test('abort: it waits no longer, and nothing was begun', async () => {
    const waiting: RunState = {
      ...ended,
      run: 'prod-7c1d',
      status: 'waiting',
      groups: [],
      endedAt: undefined,
    };
    const over: RunState = { ...waiting, status: 'aborted', endedAt: '2026-11-22T12:10:00.000Z' };
    const place = stage({ turns: { 'prod-7c1d': [turn()] }, states: { 'prod-7c1d': [waiting, over] } });
    expect(await place.run('abort', 'prod-7c1d')).toBe(0);
    expect(place.control.asked('cancel')).toEqual([['prod-7c1d']]);
    expect(place.io.stderr()).toBe('asked prod-7c1d to wait for prod no longer\n');
    expect(place.io.stdout()).toBe('prod-7c1d waits no longer: provision was not begun on prod\n');
  });

  test('abort of one that has begun ends the run that it became', async () => {
    const place = stage({
      turns: { 'prod-7c1d': [begun] },
      states: { 'prod-3f2a': [running, { ...ended, status: 'aborted' }] },
    });
    expect(await place.run('abort', 'prod-7c1d')).toBe(0);
    expect(place.control.asked('cancel')).toEqual([['prod-3f2a']]);
  });
});
