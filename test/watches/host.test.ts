// How full the host is: captured readings, and what each watch says of them.
import { describe, expect, it } from 'vitest';
import { fileSystems, memoryNow } from '../../src/commands/host-load.js';
import { clock as hostClock } from '../../src/commands/machine.js';
import type { Reading, WatchContext } from '../../src/model.js';
import { clock, disk, inodes, memory, reboot, swap } from '../../src/watches/host.js';
import { server } from '../steps/fixture.js';

const NOON = Date.UTC(2026, 10, 28, 12);
const context: WatchContext = { nowMs: NOON, restarts: {} };
const reading = (stdout: string): Reading => ({ stdout, stderr: '', exitCode: 0 });

describe('df', () => {
  const parse = (text: string) => fileSystems('/opt/openclaw').parse(reading(text));
  it('counts as df does: of what those may use who are not root', () => {
    const [root] = parse(' 45097156608 49392123904 16777216 838860 /\n');
    expect(root).toMatchObject({ mount: '/', freeBytes: 49392123904 });
    expect(root!.usedPercent).toBeCloseTo(47.7, 1);
    expect(root!.inodesPercent).toBeCloseTo(5, 1);
  });
  it('a mount point with a space in it; btrfs has no inodes to run out of', () =>
    expect(parse('10 90 0 0 /srv/old data\n')).toEqual([
      { mount: '/srv/old data', usedPercent: 10, freeBytes: 90 },
    ]));
  it('nothing, or nonsense, is unknown', () => {
    expect(() => parse('')).toThrow('df names no file system');
    expect(() => parse('- - - - /\n')).toThrow('df says');
  });
});

describe('disk and inodes', () => {
  const systems = (usedPercent: number, inodesPercent = 1) => ({
    systems: [{ mount: '/var', usedPercent, freeBytes: 5e9, inodesPercent }],
  });
  it('at the threshold nothing is told, above it a warning, when almost full a cry', () => {
    expect(disk.judge(systems(85), server(), context).symptoms).toEqual([]);
    expect(disk.judge(systems(85.1), server(), context).symptoms).toMatchObject([
      { about: '/var', level: 'warning', text: '/var is 85 % full, 5.0 GB are free' },
    ]);
    expect(disk.judge(systems(95.5), server(), context).symptoms).toMatchObject([{ level: 'critical' }]);
  });
  it('inodes are told apart, since other things help', () => {
    expect(disk.judge(systems(10, 99), server(), context).symptoms).toEqual([]);
    expect(inodes.judge(systems(10, 99), server(), context).symptoms).toMatchObject([
      { level: 'critical', text: '99 % of the inodes of /var are in use' },
    ]);
  });
});

describe('memory and swap', () => {
  const info = (available: number, swapFree: number, swapTotal = 1000) =>
    memoryNow.parse(
      reading(
        `MemTotal:        8000000 kB\nMemFree:          100000 kB\nMemAvailable:    ${available} kB\nSwapTotal:        ${swapTotal} kB\nSwapFree:         ${swapFree} kB\n`,
      ),
    );
  it('the page cache is no use', () => expect(info(7_200_000, 0).usedPercent).toBeCloseTo(10));
  it('what lasts for one look is not told', () =>
    expect(memory.judge({ now: info(700_000, 1000) }, server(), context).symptoms).toMatchObject([
      { level: 'critical', looks: 2, text: '91 % of 8.2 GB of memory are in use' },
    ]));
  it('swap above the half; none is no swap', () => {
    expect(swap.judge({ now: info(7_000_000, 400) }, server(), context).symptoms).toMatchObject([
      { level: 'warning' },
    ]);
    expect(swap.judge({ now: info(7_000_000, 0, 0) }, server(), context)).toEqual({
      symptoms: [],
      fine: 'there is none',
    });
  });
  it('a kernel without MemAvailable is unknown', () =>
    expect(() => memoryNow.parse(reading('MemTotal: 1 kB\nSwapTotal: 0 kB\n'))).toThrow('MemAvailable'));
});

describe('the clock', () => {
  const apart = (ms: number) => clock.judge({ host: NOON + ms }, server(), context).symptoms;
  it('either way, and not for the time that a look takes', () => {
    expect(apart(-29_000)).toEqual([]);
    expect(apart(3_600_000)).toMatchObject([
      { text: 'its clock and the one of the worker are 3600 s apart' },
    ]);
    expect(apart(-31_000)).toHaveLength(1);
  });
  it('a host that does not say is unknown', () =>
    expect(() => hostClock.parse(reading(''))).toThrow('not a number'));
});

it('a reboot that is due names its reasons', () => {
  const boot = { bootId: 'b', nowMs: NOON, kernel: '6.1.0-31-amd64', installed: ['6.1.0-32-amd64'] };
  expect(reboot.judge({ boot }, server(), context).symptoms).toMatchObject([
    { text: 'a reboot is due: kernel 6.1.0-31-amd64 runs, 6.1.0-32-amd64 is installed' },
  ]);
  expect(reboot.judge({ boot: { ...boot, installed: [] } }, server(), context).symptoms).toEqual([]);
});
