import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCHEMAS } from '../../src/client/view/schemas.js';
import { ClincherError } from '../../src/errors.js';
import type { Backup, BackupManifest, RunState, ScheduleSeen } from '../../src/model.js';
import { summary } from './fake-control.js';
import { ONE_SERVER, stage } from './stage.js';
import {
  atFailure,
  converged,
  ended,
  failed,
  planned,
  running,
  survey,
  unreachable,
  waiting,
} from './states.js';

describe('plan', () => {
  test('what would change, and how to apply it; exit 0', async () => {
    const { run, io, control } = stage({ states: { '*': [planned] } });
    expect(await run('plan', '-s', 'prod', '--only', 'harden.*')).toBe(0);
    expect(io.stdout()).toContain('~ harden.sshd');
    expect(io.stdout()).toContain("Apply: clincher run provision -s prod --only 'harden.*'");
    expect(control.asked('start')).toMatchObject([['plan', { only: 'harden.*' }, { readOnly: true }]]);
  });

  test('--diff shows lines, --exit-code is 3, -q is silent', async () => {
    const diff = stage({ states: { '*': [planned] } });
    await diff.run('plan', '-s', 'prod', '--diff');
    expect(diff.io.stdout()).toContain('- PasswordAuthentication yes');
    const quiet = stage({ states: { '*': [planned] } });
    expect(await quiet.run('plan', '-s', 'prod', '--exit-code', '-q')).toBe(3);
    expect(quiet.io.stdout()).toBe('');
    const none = stage({ states: { '*': [converged] } });
    expect(await none.run('plan', '-s', 'prod', '--exit-code')).toBe(0);
    expect(none.io.stdout()).toContain('nothing to change');
  });

  test('--json of one and of several', async () => {
    const one = stage({ states: { '*': [planned] } });
    await one.run('plan', '-s', 'prod', '--json');
    expect(SCHEMAS.plan.parse(JSON.parse(one.io.stdout())).counts).toEqual({
      ok: 1,
      drift: 2,
      unknown: 1,
      skipped: 1,
    });
    const all = stage({ states: { '*': [planned] } });
    await all.run('plan', '-s', 'all', '--json');
    expect(SCHEMAS.results.parse(JSON.parse(all.io.stdout())).results).toHaveLength(2);
  });

  test('a read needs no name when there is one server, and one when there are several', async () => {
    expect(await stage({ config: ONE_SERVER, states: { '*': [planned] } }).run('plan')).toBe(0);
    const several = stage();
    expect(await several.run('plan')).toBe(2);
    expect(several.io.stderr()).toContain('Which server? There are prod, spare.');
  });

  test('run --dry-run is plan; plan of what changes nothing is a mistake', async () => {
    const dry = stage({ states: { '*': [planned] } });
    expect(await dry.run('run', 'provision', '-s', 'prod', '-n')).toBe(0);
    expect(dry.control.asked('start')[0]?.[0]).toBe('plan');
    expect(await stage().run('plan', 'verify', '-s', 'prod')).toBe(2);
  });

  test('a server that does not answer: exit 5, on stderr', async () => {
    const { run, io } = stage({ states: { '*': [unreachable] } });
    expect(await run('plan', '-s', 'prod')).toBe(5);
    expect(io.stdout()).toBe('');
    expect(io.stderr()).toContain('does not answer');
  });
});

describe('verify', () => {
  test.each([
    ['as wanted', [converged], 0, '1 step is as wanted, none differs (1 not asked for)'],
    ['drift', [planned], 3, '~ harden.sshd'],
    ['unreachable', [unreachable], 5, ''],
  ])('%s', async (_, states, code, text) => {
    const { run, io } = stage({ states: { '*': states } });
    expect(await run('verify', '-s', 'prod')).toBe(code);
    expect(io.stdout()).toContain(text);
  });

  test('unknown is neither pass nor fail: exit 1', async () => {
    const steps = survey.steps.filter((step) => step.status !== 'drift');
    const { run } = stage({ states: { '*': [{ ...planned, surveys: [{ ...survey, steps }] }] } });
    expect(await run('verify', '-s', 'prod')).toBe(1);
  });

  test('--json, and the worst of all', async () => {
    const { run, io } = stage({ states: { 'prod-0010': [converged], '*': [planned] } });
    expect(await run('verify', '-s', 'all', '--json')).toBe(3);
    SCHEMAS.results.parse(JSON.parse(io.stdout()));
  });
});

describe('status', () => {
  const open = { status: 'running' as const, endedAt: undefined };

  test('what contacts no server says nothing of one', async () => {
    const { run, io } = stage({
      ...{ config: ONE_SERVER, runs: [summary({ runbook: 'alerts-test' })], states: { '*': [ended] } },
    });
    await run('status');
    expect(io.stdout()).not.toContain('reachable');
  });

  test('healthy: exit 0', async () => {
    const { run, io } = stage({
      config: ONE_SERVER,
      runs: [summary()],
      states: { '*': [ended] },
      pauseMs: 0,
    });
    expect(await run('status')).toBe(0);
    expect(io.stdout()).toMatch(/^prod +✓ reachable .*✓ none .*✓ provision .*\(4m12s\) {2}prod-3f2a +– +–$/m);
  });

  test.each([
    ['unreachable', [summary({ status: 'failed' })], unreachable, 5, /clincher doctor -s prod/],
    ['failed', [summary({ status: 'failed' })], failed, 1, /clincher show prod-3f2a/],
    ['drift', [summary({ runbook: 'verify' })], planned, 3, /clincher plan -s prod --diff/],
    ['at a gate', [summary(open)], waiting, 0, /clincher answer telegram-token -s prod/],
    ['never touched', [], ended, 0, /never reached/],
  ])('%s', async (_, runs, state, code, text) => {
    const { run, io } = stage({ config: ONE_SERVER, runs, states: { '*': [state] } });
    expect(await run('status')).toBe(code);
    expect(io.stdout()).toMatch(text);
  });

  test('what was seen before a change says nothing of now; what was seen of a part neither', async () => {
    const stale = stage({
      config: ONE_SERVER,
      runs: [summary({ status: 'failed' }), summary({ run: 'prod-aaaa', runbook: 'verify' })],
      states: { 'prod-3f2a': [failed], '*': [planned] },
    });
    await stale.run('status');
    expect(stale.io.stdout()).toMatch(/\? unknown/);
    const part = {
      ...converged,
      surveys: [{ ...survey, steps: [{ ...survey.steps[2]!, reason: 'not in --only base.*' }] }],
    };
    const partial = stage({
      config: ONE_SERVER,
      runs: [summary({ runbook: 'plan' })],
      states: { '*': [part] },
    });
    await partial.run('status');
    expect(partial.io.stdout()).toMatch(/\? unknown/);
  });

  test('a drill changes nothing: what was seen before it still holds', async () => {
    const { run, io } = stage({
      config: ONE_SERVER,
      runs: [summary({ runbook: 'restore-drill' }), summary({ run: 'prod-aaaa', runbook: 'verify' })],
      states: { 'prod-3f2a': [ended], '*': [converged] },
    });
    expect(await run('status')).toBe(0);
    expect(io.stdout()).toMatch(/✓ none .*✓ restore-drill/);
  });

  describe('what is known of backups, and what is due', () => {
    const noon = '2026-11-22T09:00:00.000Z';
    const backup = (id: string, made: string, verified?: string): Backup => ({
      ...{ id, bytes: 1_234_567_890, manifest: { made } as BackupManifest },
      ...(verified ? { verified: { at: verified, entries: 1, tookMs: 1 } } : {}),
    });
    const due = (runbook: string, next: string, more: object = {}): ScheduleSeen => ({
      ...{ id: `clincher/prod/schedule/${runbook}`, server: 'prod', runbook, cron: '', timezone: 'UTC' },
      ...{ paused: false, note: '', missed: 0, hash: '', next },
      ...more,
    });
    const shown = async (backups: Backup[], schedules: ScheduleSeen[] = []) => {
      const { run, io } = stage({
        ...{
          config: ONE_SERVER,
          schedules,
          runs: [summary(), summary({ run: 'prod-aaaa', runbook: 'verify' })],
        },
        states: { 'prod-3f2a': [ended], 'prod-aaaa': [{ ...converged, backups }] },
        io: { outColumns: 200 } as never,
      });
      await run('status');
      return io.stdout().split('\n')[1] ?? '';
    };

    test('the newest, as it was when a run looked; one that was read is sound', async () => {
      const old = backup('20261121T030000Z', '2026-11-21T03:00:00Z', noon);
      expect(await shown([old, backup('20261122T030000Z', '2026-11-22T03:00:00Z', noon)])).toMatch(
        /✓ 9h ago 1\.\d G\S+ +–$/,
      );
      expect(await shown([old, backup('20261122T030000Z', '2026-11-22T03:00:00Z')])).toMatch(
        /\? 9h ago .*, never read +–$/,
      );
      expect(await shown([backup('20261119T030000Z', '2026-11-19T03:00:00Z', noon)])).toMatch(/✗ 3d ago/);
      expect(await shown([])).toMatch(/ – +–$/);
    });

    test('the soonest, and nothing that is paused', async () => {
      const schedules = [
        due('verify', '2026-11-23T06:00:00Z'),
        due('verify-backup', '2026-11-22T13:01:00Z', { paused: true }),
        due('drift-report', '2026-11-22T14:01:00Z'),
      ];
      expect(await shown([], schedules)).toMatch(/drift-report in 2h00m$/);
    });

    test('schedules that cannot be asked for are no failure; no run is asked for twice', async () => {
      const { run, io, control } = stage({
        ...{ config: ONE_SERVER, runs: [summary({ runbook: 'verify' })], states: { '*': [converged] } },
      });
      control.schedules = () => Promise.reject(new Error('not now'));
      expect(await run('status', '--json')).toBe(0);
      expect(JSON.parse(io.stdout()).servers[0].next).toBeUndefined();
      expect(control.asked('ended').length).toBe(1);
    });

    test('--json', async () => {
      const backups = [backup('20261122T030000Z', '2026-11-22T03:00:00Z', noon)];
      const { run, io } = stage({
        ...{
          config: ONE_SERVER,
          runs: [summary({ runbook: 'verify' })],
          states: { '*': [{ ...converged, backups }] },
        },
        schedules: [due('verify', '2026-11-23T06:00:00Z')],
      });
      await run('status', '--json');
      expect(JSON.parse(io.stdout()).servers[0]).toMatchObject({
        backup: {
          id: '20261122T030000Z',
          at: '2026-11-22T03:00:00Z',
          bytes: 1_234_567_890,
          verifiedAt: noon,
        },
        next: { runbook: 'verify', at: '2026-11-23T06:00:00Z' },
      });
    });
  });

  test('--json is of its schema', async () => {
    const { run, io } = stage({ runs: [summary(open)], states: { '*': [waiting] } });
    await run('status', '--json');
    expect(SCHEMAS.status.parse(JSON.parse(io.stdout())).servers.map((one) => one.server)).toEqual([
      'prod',
      'spare',
    ]);
  });
});

describe('runs, show, follow', () => {
  test('runs: a table, --open, --limit, --json', async () => {
    const { run, io, control } = stage({
      runs: [summary(), summary({ run: 'spare-0001', server: 'spare' })],
    });
    expect(await run('runs')).toBe(0);
    expect(io.stdout()).toMatch(/^prod-3f2a +provision +✓ done .*4m12s +ada@laptop$/m);
    await run('runs', '--open', '--limit', '3', '-s', 'prod');
    expect(control.asked('list').at(-1)).toEqual([{ server: 'prod', open: true, limit: 3 }]);
    expect(io.stdout()).toContain('Nothing runs.');
    const json = stage({ runs: [summary()] });
    await json.run('runs', '--json');
    expect(SCHEMAS.runs.parse(JSON.parse(json.io.stdout())).runs).toHaveLength(1);
  });

  test('show: the tree, counts, and a run that is not there', async () => {
    const { run, io } = stage({ runs: [summary()], states: { '*': [failed] } });
    expect(await run('show', 'prod-3f2a', '--counts')).toBe(0);
    expect(io.stdout()).toContain('✗ harden.sshd · sshd -t refused');
    expect(io.stdout()).toContain('history: 42 events, 3 activities');
    const json = stage({ runs: [summary()], states: { '*': [ended] } });
    await json.run('show', 'prod-3f2a', '--json', '--counts');
    expect(SCHEMAS.run.parse(JSON.parse(json.io.stdout())).history).toMatchObject({ events: 42 });
    const asked = { openedAt: ended.startedAt, answeredAt: ended.startedAt, title: '' };
    const answered: RunState['answered'] = [
      { ...asked, id: 'reboot-now', kind: 'confirm', value: 'yes', who: 'ada@laptop' },
      { ...asked, id: 'telegram-token', kind: 'secret', who: 'bob\u001b[2J@desk' },
    ];
    const told = stage({ runs: [summary()], states: { '*': [{ ...ended, answered }] } });
    await told.run('show', 'prod-3f2a');
    expect(told.io.stdout()).toMatch(
      /reboot-now +yes +by ada@laptop +\d\d:\d\d\ntelegram-token +stored +by bob\\e\[2J@desk/,
    );
    await told.run('show', 'prod-3f2a', '--json');
    const missing = stage();
    expect(await missing.run('show', 'prod-ffff')).toBe(2);
    expect(missing.io.stderr()).toContain('clincher runs');
  });

  test('follow: to the end, with the exit code of the run', async () => {
    const { run } = stage({ runs: [summary({ endedAt: undefined })], states: { '*': [running, failed] } });
    expect(await run('follow', 'prod-3f2a')).toBe(1);
  });

  test('@last is the last operation from here; else the newest there is', async () => {
    const here = stage({
      states: { '*': [ended] },
      runs: [summary({ run: 'spare-9999', server: 'spare' }), summary()],
    });
    await here.run('run', 'provision', '-s', 'prod', '-y');
    expect(await here.run('show', '@last')).toBe(0);
    expect(here.control.asked('find').at(-1)).toEqual(['prod-3f2a']);
    await here.run('show', '@last', '-s', 'spare');
    expect(here.control.asked('find').at(-1)).toEqual(['spare-9999']);
    const never = stage();
    expect(await never.run('show', '@last')).toBe(2);
    expect(never.io.stderr()).toContain('There was no run yet.');
  });
});

describe('lock', () => {
  const holder = summary({ status: 'running', endedAt: undefined });

  test('status: who holds it', async () => {
    const { run, io } = stage({ config: ONE_SERVER, holder });
    expect(await run('lock', 'status')).toBe(0);
    expect(io.stdout()).toMatch(/^prod {2}provision, run prod-3f2a, by ada@laptop, since /);
    const free = stage({ config: ONE_SERVER });
    await free.run('lock', 'status');
    expect(free.io.stdout()).toBe('prod  free\n');
  });

  test('release: the name must be given or typed; -y does not exist', async () => {
    const confirmed = stage({ holder });
    expect(await confirmed.run('lock', 'release', '-s', 'prod', '--confirm', 'prod')).toBe(0);
    expect(confirmed.control.asked('terminate')).toEqual([['prod-3f2a', 'clincher lock release']]);
    const typed = stage({ holder, io: { canPrompt: true }, answers: ['spare'] });
    expect(await typed.run('lock', 'release', '-s', 'prod')).toBe(6);
    expect(typed.control.asked('terminate')).toEqual([]);
    for (const flags of [[], ['--confirm', 'spare'], ['-y']])
      expect(await stage({ holder }).run('lock', 'release', '-s', 'prod', ...flags)).toBe(2);
    expect(await stage().run('lock', 'release', '-s', 'prod', '--confirm', 'prod')).toBe(0);
  });
});

describe('logs', () => {
  const write = (place: ReturnType<typeof stage>, name: string, text: string): void => {
    const folder = join(place.bench.home, '.local/state/clincher/runs/prod-3f2a');
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, name), text);
  };

  test('each step under its name, control characters shown, one step alone', async () => {
    const place = stage();
    write(place, 'base.docker.log', 'Setting up docker\n\u001b[31mred\n');
    write(place, 'harden.sshd.log', 'reloaded\n');
    expect(await place.run('logs', 'prod-3f2a')).toBe(0);
    expect(place.io.stdout()).toBe(
      '==> base.docker\nSetting up docker\n\\e[31mred\n==> harden.sshd\nreloaded\n',
    );
    expect(place.opened()).toBe(0); // files need no engine
    await place.run('logs', 'prod-3f2a', '--step', 'harden.sshd');
    expect(place.io.stdout()).toMatch(/red\n==> harden.sshd\nreloaded\n==> harden.sshd\nreloaded\n$/);
  });

  test('-f goes on until the run has ended', async () => {
    const place = stage({ states: { '*': [running, ended] } });
    write(place, 'base.docker.log', 'one\n');
    const end = place.run('logs', 'prod-3f2a', '-f');
    await new Promise((resolve) => setTimeout(resolve, 60));
    write(place, 'base.docker.log', 'two\n');
    await new Promise((resolve) => setTimeout(resolve, 60));
    place.control.script.states = { '*': [ended] };
    expect(await end).toBe(0);
    expect(place.io.stdout()).toBe('==> base.docker\none\ntwo\n');
  });

  test('-f: a line is printed when it is whole', async () => {
    const place = stage({ states: { '*': [running, ended] } });
    write(place, 'base.docker.log', 'one\nhal');
    const end = place.run('logs', 'prod-3f2a', '-f');
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(place.io.stdout()).toBe('==> base.docker\none\n');
    write(place, 'base.docker.log', 'f é');
    place.control.script.states = { '*': [ended] };
    expect(await end).toBe(0);
    expect(place.io.stdout()).toBe('==> base.docker\none\nhalf é\n');
  });

  test('long answers go through the pager of a person, whole; short ones and pipes do not', async () => {
    const folder = stage().bench.cwd;
    const pager = `dd of=${folder}/paged status=none`;
    const setting = { io: { outIsTTY: true, canPrompt: true, rows: 5 }, env: { PAGER: pager } };
    const long = stage(setting);
    write(long, 'base.docker.log', 'line\n'.repeat(20));
    expect(await long.run('logs', 'prod-3f2a')).toBe(0);
    expect(readFileSync(`${folder}/paged`, 'utf8')).toBe(`==> base.docker\n${'line\n'.repeat(20)}`);
    expect(long.io.stdout()).toBe('');
    const none = stage({ ...setting, env: { PAGER: '/no/such/pager' } });
    write(none, 'base.docker.log', 'line\n'.repeat(20));
    await none.run('logs', 'prod-3f2a');
    expect(none.io.stdout()).toContain('line');
    const pipe = stage({ ...setting, io: { rows: 5 } });
    write(pipe, 'base.docker.log', 'line\n'.repeat(20));
    await pipe.run('logs', 'prod-3f2a');
    expect(pipe.io.stdout()).toContain('line');
  });

  test('-f is left by Ctrl-C, exit 130', async () => {
    const place = stage({ states: { '*': [running] } });
    const end = place.run('logs', 'prod-3f2a', '-f');
    setTimeout(() => place.io.interrupt(), 20);
    expect(await end).toBe(130);
  });

  test('nothing there, a name that is no run id, a path in disguise', async () => {
    for (const [word, text] of [
      ['prod-3f2b', /has said anything/],
      ['nonsense', /not a run id/],
      ['../../etc-aaaa', /not a run id/],
    ] as const) {
      const place = stage();
      writeFileSync(join(place.bench.home, 'x'), '');
      expect(await place.run('logs', word)).toBe(2);
      expect(place.io.stderr()).toMatch(text);
    }
  });
});

test('an engine that cannot be reached: exit 4 and what to type', async () => {
  const place = stage();
  const error = new ClincherError('TEMPORAL_UNREACHABLE', 'Cannot reach Temporal at localhost:7233.');
  place.control.list = async () => {
    throw error;
  };
  expect(await place.run('runs')).toBe(4);
  expect(place.io.stderr()).toContain('fix   clincher up');
  expect(place.control.calls.at(-1)).toEqual(['close']);
  expect(atFailure.gates).toHaveLength(1);
});
