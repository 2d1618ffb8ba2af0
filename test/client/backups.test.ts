// `backups ls --offsite`: which copy lies where, compared or not, only there or not; and what is said where none can be.
import { describe, expect, test } from 'vitest';
import type { Backup, OffsiteCopy, RunState } from '../../src/model.js';
import { CONFIG, stage } from './stage.js';
import { ended } from './states.js';

const WHERE = 'sftp://copies@far.example:22/clincher/prod';
const OFFSITE = `${CONFIG.replace(
  '    address: 203.0.113.7\n',
  `    address: 203.0.113.7
    backup:
      offsite:
        type: sftp
        host: far.example
        user: copies
        host_keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKbIm1XkPaLNqe4NBbnhyoxcyGDVcWm0gwZuXDwmVAUe']
`,
)}`;

const [LOST, OLD, NEW, HALF] = [
  '20261120T030000Z',
  '20261121T030000Z',
  '20261122T030000Z',
  '20261122T090000Z',
];

const backup = (id: string): Backup => ({
  id,
  bytes: 34_000_000,
  manifest: {
    ...{ format: 'clincher.backup/1', id, server: 'prod', key: 'timer-1', made: '2026-11-22T03:00:00.000Z' },
    ...{ sha256: 'a'.repeat(64), bytes: 34_000_000, contentBytes: 1, pauseMs: 9, tookMs: 9, stack: '/opt' },
    ...{ paths: [], images: [], recipients: [], os: 'debian', docker: '29' },
  },
});

const copies: OffsiteCopy[] = [
  { id: LOST!, bytes: 33_000_000, isWhole: true, isHere: false },
  { id: OLD!, bytes: 34_000_000, isWhole: true, isHere: true, comparedAt: '2026-11-22T10:00:00.000Z' },
  { id: HALF!, isWhole: false, isHere: true },
];

const state = (more: Partial<RunState> = {}): RunState => ({
  ...{ ...ended, runbook: 'offsite-list', groups: [] },
  ...{ backups: [backup(OLD!), backup(NEW!), backup(HALF!)], offsite: { where: WHERE, copies }, ...more },
});

const listing = (more?: Partial<RunState>) => stage({ config: OFFSITE, states: { '*': [state(more)] } });

describe('the list', () => {
  test('names the far end, and each copy with size and when it was compared', async () => {
    const { run, io, control } = listing();
    expect(await run('backups', 'ls', '-s', 'prod', '--offsite')).toBe(0);
    expect(control.asked('start').map(([name]) => name)).toEqual(['offsite-list']);
    const out = io.stdout();
    expect(out).toContain(`3 copies at ${WHERE}`);
    const rows = out.split('\n').filter((line) => line.trim().startsWith('2026'));
    const [half, old, lost] = rows.slice(-3).map((line) => line.trim().replace(/ {2,}/g, ' | '));
    expect(half).toMatch(/^20261122T090000Z \| .* \| yes \| not whole: no copy$/);
    expect(old).toMatch(/^20261121T030000Z \| .*34(\.0)? MB \| yes \| 2h ago$/);
    expect(lost).toMatch(/^20261120T030000Z \| .*33(\.0)? MB \| only there \| when it is fetched$/);
  });

  test('what has no whole copy, and how to have back what is only there', async () => {
    const { run, io } = listing();
    await run('backups', 'ls', '-s', 'prod', '--offsite');
    expect(io.stdout()).toContain(`Not there: ${NEW}, ${HALF}. Copy now: clincher run backup -s prod`);
    expect(io.stdout()).toContain(`sudo clincher-backup fetch ${LOST}`);
  });

  test('an empty far end is an answer', async () => {
    const { run, io } = listing({ backups: [], offsite: { where: WHERE, copies: [] } });
    expect(await run('backups', 'ls', '-s', 'prod', '--offsite')).toBe(0);
    expect(io.stdout()).toContain(`0 copies at ${WHERE}`);
  });

  test('as a document of its schema', async () => {
    const { run, io } = listing();
    expect(await run('backups', 'ls', '-s', 'prod', '--offsite', '--json')).toBe(0);
    expect(JSON.parse(io.stdout())).toMatchObject({
      schema: 'clincher.backups/1',
      servers: [{ server: 'prod', offsite: { where: WHERE, copies } }],
    });
  });

  test('without the flag the far end is not asked', async () => {
    const { run, control, io } = listing({ offsite: undefined });
    expect(await run('backups', 'ls', '-s', 'prod', '--json')).toBe(0);
    expect(control.asked('start').map(([name]) => name)).toEqual(['backup-list']);
    expect(io.stdout()).not.toContain('copies');
  });
});

describe('where there is none to list', () => {
  test('a far end that does not answer is an error with its name, and exit 5', async () => {
    const message = `prod cannot ask ${WHERE} for its copies`;
    const error = {
      code: 'OFFSITE_UNREACHABLE',
      message,
      evidence: ['dial tcp: i/o timeout'],
      remedy: ['look'],
    };
    const { run, io } = listing({ status: 'failed', backups: undefined, offsite: undefined, error });
    expect(await run('backups', 'ls', '-s', 'prod', '--offsite')).toBe(5);
    expect(io.stderr()).toContain(message);
    expect(io.stderr()).toContain('i/o timeout');
  });

  test('no far end in clincher.yaml: the key to set, and nobody is asked', async () => {
    const { run, io, control } = stage({ states: { '*': [state()] } });
    expect(await run('backups', 'ls', '-s', 'spare', '--offsite')).toBe(2);
    expect(io.stderr()).toContain('servers.spare.backup.offsite');
    expect(control.asked('start')).toEqual([]);
  });

  test('of all servers those are asked that have one', async () => {
    const { run, control } = listing();
    expect(await run('backups', 'ls', '-s', 'all', '--offsite', '--json')).toBe(0);
    expect(control.asked('start').length).toBe(1);
  });
});
