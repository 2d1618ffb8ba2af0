// `run partition`: clincher.yaml says it before the run begins, and no longer where it was not kept; nonsense contacts nobody.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PartitionState, RunState } from '../../src/model.js';
import { DEFAULTS } from '../config/fixture.js';
import { summary } from './fake-control.js';
import { AT_TERMINAL, type Setting, stage } from './stage.js';
import { converged, ended, failed } from './states.js';

const PLAIN = `${DEFAULTS}servers:
  prod:
    address: 203.0.113.7 # rented in 2026
  guard: { address: 203.0.113.9, role: monitor }
`;
const entry = (name: string, at: number): string =>
  `      ${name}:\n        proxy_subnet: 172.16.253.${at}/28\n`;
const withEntries = (...entries: string[]): string =>
  PLAIN.replace('# rented in 2026\n', `# rented in 2026\n    partitions:\n${entries.join('')}`);
const TEAM = withEntries(entry('team', 16));

const on = (config: string, setting: Setting = {}) => {
  const scene = stage({ config, ...setting });
  return { ...scene, file: () => readFileSync(join(scene.bench.cwd, 'clincher.yaml'), 'utf8') };
};
const words = (...more: string[]): string[] => ['run', 'partition', '-s', 'prod', '--yes', ...more];
const ending = (
  state: RunState,
  act: PartitionState['act'],
  outcome: PartitionState['outcome'],
): Setting => ({ states: { '*': [{ ...state, partition: { name: 'team', act, outcome } }] } });

describe('--add', () => {
  test('is written with a free network before the run begins, and stays where it was proved', async () => {
    const { run, file, control, io } = on(PLAIN, ending(ended, 'add', 'done'));
    expect(await run(...words('--add', 'team'))).toBe(0);
    expect(file()).toBe(TEAM);
    expect(io.stderr()).toContain('servers.prod.partitions.team.proxy_subnet is 172.16.253.16/28 now');
    expect(control.asked('start')[0]?.[1]).toMatchObject({
      ...{ partition: 'team', act: 'add', isNew: true },
      server: {
        partitions: { team: { channels: { telegram: { token: 'secret://prod/team_telegram_bot_token' } } } },
      },
    });
  });

  test('the next one gets the network that is free', async () => {
    const { run, file } = on(withEntries(entry('a', 16), entry('c', 48)), ending(ended, 'add', 'done'));
    await run(...words('--add', 'b'));
    expect(file()).toBe(withEntries(entry('a', 16), entry('c', 48), entry('b', 32)));
  });

  test('one that is there is no new one, and the file is not touched', async () => {
    const { run, file, control } = on(TEAM, ending(ended, 'add', 'done'));
    expect(await run(...words('--add', 'team'))).toBe(0);
    expect(control.asked('start')[0]?.[1]).toMatchObject({ partition: 'team', act: 'add', isNew: false });
    expect(file()).toBe(TEAM);
  });

  test.each(['begun', 'undone'] as const)('%s: it is taken out again', async (outcome) => {
    const { run, file } = on(PLAIN, ending(failed, 'add', outcome));
    expect(await run(...words('--add', 'team'))).toBe(1);
    expect(file()).toBe(PLAIN);
  });

  test('stuck: what is there stays in the file, so that it can be removed', async () => {
    const { run, file } = on(PLAIN, ending(failed, 'add', 'stuck'));
    await run(...words('--add', 'team'));
    expect(file()).toBe(TEAM);
  });

  test('declined: as if nothing had been asked', async () => {
    const { run, file } = on(PLAIN, {
      ...{ states: { '*': [converged] }, io: AT_TERMINAL, answers: [false] },
    });
    expect(await run('run', 'partition', '-s', 'prod', '--add', 'team')).toBe(6);
    expect(file()).toBe(PLAIN);
  });

  test('--dry-run plans for that gateway alone, and leaves the file alone', async () => {
    const { run, file, control } = on(PLAIN, { states: { '*': [converged] } });
    expect(await run('run', 'partition', '-s', 'prod', '--add', 'team', '--dry-run')).toBe(0);
    expect(file()).toBe(PLAIN);
    expect(control.asked('start')[0]?.[1]).toMatchObject({ partition: 'team' });
  });
});

describe('--remove', () => {
  test('is taken out before the run begins, which still knows of it', async () => {
    const { run, file, control } = on(TEAM, ending(ended, 'remove', 'done'));
    expect(await run(...words('--remove', 'team'))).toBe(0);
    expect(file()).toBe(PLAIN);
    expect(control.asked('start')[0]?.[1]).toMatchObject({
      ...{ partition: 'team', act: 'remove' },
      server: { partitions: { team: { proxy_subnet: '172.16.253.16/28' } } },
    });
  });

  test.each(['begun', 'stuck'] as const)('%s: it is put back as it was', async (outcome) => {
    const { run, file } = on(TEAM, ending(failed, 'remove', outcome));
    expect(await run(...words('--remove', 'team'))).toBe(1);
    expect(file()).toBe(TEAM);
  });
});

describe('one that nobody followed to its end', () => {
  const written = { proxy_subnet: '172.16.253.16/28' };
  const state = (act: 'add' | 'remove', outcome: PartitionState['outcome'], how = failed): RunState => ({
    ...how,
    partition: { name: 'team', act, outcome, ...(act === 'add' ? { isNew: true } : { written }) },
  });
  test.each<[string, string, string[], RunState, string]>([
    ['added, and undone', PLAIN, ['--add', 'team'], state('add', 'undone'), PLAIN],
    ['added, and stuck', PLAIN, ['--add', 'team'], state('add', 'stuck'), TEAM],
    ['added', PLAIN, ['--add', 'team'], state('add', 'done', ended), TEAM],
    ['not removed', TEAM, ['--remove', 'team'], state('remove', 'begun'), TEAM],
    ['removed', TEAM, ['--remove', 'team'], state('remove', 'done', ended), PLAIN],
  ])('%s: whoever sees that first settles it, once', async (_, config, more, seen, wanted) => {
    const { run, file, control } = on(config, {
      runs: [summary({ run: 'prod-0010', runbook: 'partition' })],
      states: { '*': [{ ...seen, runbook: 'partition' }] },
    });
    expect(await run(...words(...more, '--detach'))).toBe(8);
    expect(file()).toBe(config === PLAIN ? TEAM : PLAIN);
    if (more[0] === '--remove') expect(control.asked('start')[0]?.[1]).toMatchObject({ written });
    await run('follow', '@last');
    expect(file()).toBe(wanted);
    await run('follow', '@last');
    expect(file()).toBe(wanted);
  });
});

describe('what cannot be meant', () => {
  test.each<[string, string[], string]>([
    ['neither', [], '--add <name> or --remove <name>'],
    ['both', ['--add', 'a', '--remove', 'b'], 'told one thing'],
    ['a name with a hyphen', ['--add', 'my-team'], 'lower-case letters and digits'],
    ['a name of a container', ['--add', 'litellm'], 'has a meaning of its own'],
    ['a part of it', ['--add', 'a', '--only', 'stack.*'], 'neither --only nor --from'],
    ['one that is not there', ['--remove', 'teem'], '--remove team -s prod'],
  ])('%s', async (_, more, said) => {
    const { run, io, file, opened } = on(TEAM);
    expect(await run(...words(...more))).toBe(2);
    expect(io.stderr()).toContain(said);
    expect([file(), opened()]).toEqual([TEAM, 0]);
  });

  test('on a monitor, on two servers, of another runbook', async () => {
    const { run, io } = on(TEAM);
    expect(await run('run', 'partition', '-s', 'guard', '--yes', '--add', 'a')).toBe(2);
    expect(await run('run', 'partition', '-s', 'prod', '-s', 'guard', '--yes', '--add', 'a')).toBe(2);
    expect(await run('run', 'harden', '-s', 'prod', '--yes', '--add', 'a')).toBe(2);
    expect(io.stderr()).toContain('guard runs no gateway');
    expect(io.stderr()).toContain('A partition is of one server');
    expect(io.stderr()).toContain('--add and --remove are of partition');
  });
});
