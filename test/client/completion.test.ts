import { expect, test } from 'vitest';
import { stage } from './stage.js';

const tab = async (place: ReturnType<typeof stage>, ...words: string[]): Promise<string[]> => {
  const before = place.io.stdout().length;
  expect(await place.run('--complete', ...words)).toBe(0);
  return place.io.stdout().slice(before).split('\n').filter(Boolean);
};

test('commands, verbs of a noun, flags, values', async () => {
  const place = stage();
  expect(await tab(place, 'ru')).toEqual(['run', 'runs', 'runbooks']);
  expect(await tab(place, 'lock', '')).toEqual(['status', 'release']);
  expect(await tab(place, 'run', '')).toEqual([
    ...[
      'provision',
      'recover',
      'stage-standby',
      'failover',
      'failback',
      'dr-drill',
      'partition',
      'harden',
      'backup',
      'verify-backup',
      'restore-drill',
      'upgrade',
      'rotate-token',
      'rotate-key',
      'egress',
      'rotate-backup-key',
      'rotate-ssh',
      'reboot',
      'prune',
      'memory',
      'heal',
      'soak',
      'adoption',
      'control-plane',
      'monitoring',
      'drift',
      'drift-report',
      'scan-images',
      'watchdog',
      'diagnose',
      'plan',
      'verify',
      'smoke',
      'redteam',
    ],
  ]);
  expect(await tab(place, 'run', 'provision', '-s', '')).toEqual(['prod', 'spare', 'all']);
  expect(await tab(place, '-s', 'prod', 'ver')).toEqual(['verify']);
  expect(await tab(place, 'run', 'provision', '--on-f')).toEqual(['--on-failure']);
  expect(await tab(place, 'run', 'provision', '--on-failure', '')).toEqual(['ask', 'abort', 'skip']);
  expect(await tab(place, 'run', 'provision', '--from', 'base.sud')).toEqual(['base.sudo']);
  expect((await tab(place, 'docs', 'LOCK')).sort()).toEqual(['LOCKED', 'LOCKOUT_REVERTED', 'LOCK_STALE']);
  expect(await tab(place, 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await tab(place, 'help', 'exit')).toEqual(['exit-codes']);
});

test('runs that were started from here, without asking the engine', async () => {
  const place = stage();
  expect(await tab(place, 'show', '')).toEqual(['@last']);
  await place.run('run', 'provision', '-s', 'prod', '-y');
  const opened = place.opened();
  expect(await tab(place, 'show', '')).toEqual(['@last', 'prod-3f2a']);
  expect(place.opened()).toBe(opened);
});

test('silence instead of errors', async () => {
  const broken = stage({ config: 'version: [' });
  expect(await tab(broken, 'run', 'provision', '-s', '')).toEqual([]);
  expect(await tab(broken, 'nonsense', 'x')).toEqual([]);
  expect(broken.io.stderr()).toBe('');
});

test.each(['bash', 'zsh', 'fish'])('the script of %s calls back', async (shell) => {
  const { run, io } = stage();
  expect(await run('completion', shell)).toBe(0);
  expect(io.stdout()).toContain('clincher --complete');
});

test('an unknown shell', async () => {
  expect(await stage().run('completion', 'csh')).toBe(2);
});
