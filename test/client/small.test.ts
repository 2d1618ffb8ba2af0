import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedKeys } from '../../src/client/changed-keys.js';
import { worst } from '../../src/client/exit.js';
import { matchesGlob } from '../../src/client/glob.js';
import { timeoutMs } from '../../src/client/input.js';
import { testIo } from '../../src/client/io.js';
import { parseRun, summary } from '../../src/client/temporal-runs.js';
import { diffLines, hunks } from '../../src/client/view/diff.js';
import { cut, safe, safeLines, spread, width, wrap } from '../../src/client/view/text.js';
import { ago, clock, duration } from '../../src/client/view/time.js';
import { waves } from '../../src/workflows/waves.js';
import { NOON } from './states.js';

describe('text', () => {
  test('nothing that a host says is obeyed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const line of [safe(text), ...safeLines(text)])
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
      }),
    );
    expect(safe('a\u001b[31mb\r\nc\td\u202e')).toBe('a\\e[31mb\\r\\nc    d\\u202e');
  });

  test('cut to a width, whatever the characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 40 }), (text, columns) => {
        expect(width(cut(safe(text), columns, { ascii: false }))).toBeLessThanOrEqual(columns);
      }),
    );
    expect(cut('日本語テスト', 7, { ascii: false })).toBe('日本語…');
    expect(cut('abcdef', 5, { ascii: true })).toBe('abc..');
    expect(width('\u001b[31mé日\u001b[0m')).toBe(3);
  });

  test('spread and wrap', () => {
    expect(spread('left', 'right', 12)).toBe('left   right');
    expect(spread('too long', 'right', 8)).toBe('too long right');
    expect(wrap('one two  three', 7)).toEqual(['one two', 'three']);
  });
});

describe('diff', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.join('\n'));

  test('the minus side is what was, the plus side what will be', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const side = (sign: string): string[] =>
          lines.filter((one) => one.sign !== sign).map((one) => one.text);
        expect(side('+')).toEqual(before === '' ? [] : safeLines(before));
        expect(side('-')).toEqual(after === '' ? [] : safeLines(after));
      }),
    );
  });

  test('small: only what differs, with a line around it', () => {
    const shown = hunks(diffLines('1\n2\n3\n4\n5\n6\n7\n8\n9', '1\n2\nx\n4\n5\n6\n7\ny\n9'));
    expect(shown.map((one) => (one === 'gap' ? '@' : one.sign + one.text))).toEqual([
      ' 2',
      '-3',
      '+x',
      ' 4',
      '@',
      ' 7',
      '-8',
      '+y',
      ' 9',
    ]);
  });

  test('large texts are replaced as a whole instead of being compared for ever', () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `line ${i}`);
    const shown = diffLines(lines.join('\n'), lines.toReversed().join('\n'));
    expect(shown.map((one) => one.sign).join('')).toBe('-'.repeat(5_000) + '+'.repeat(5_000));
  });
});

test('times', () => {
  expect([0, 4_100, 48_000, 59_999, 91_000, 3_600_000, 90_000_000].map(duration)).toEqual([
    '0.0s',
    '4.1s',
    '48s',
    '1m00s',
    '1m31s',
    '1h00m',
    '1d01h',
  ]);
  expect([clock(42_000), clock(61_500)]).toEqual(['0:42', '1:01']);
  const past = (minutes: number): string => ago(new Date(NOON - minutes * 60_000).toISOString(), NOON);
  expect([past(0), past(4), past(130), past(60 * 24 * 6)]).toEqual([
    'just now',
    '4m ago',
    '2h ago',
    '6d ago',
  ]);
  expect(['90', '90s', '10m', '2h', '1d'].map(timeoutMs)).toEqual([
    90_000, 90_000, 600_000, 7_200_000, 86_400_000,
  ]);
  for (const bad of ['', '0', '-1', '1w', '1.5h', 'x']) expect(() => timeoutMs(bad)).toThrow(/no duration/);
});

test('globs: a star is anything, commas are alternatives', () => {
  expect(matchesGlob('harden.sshd', 'harden.*')).toBe(true);
  expect(matchesGlob('harden.sshd', 'base.*, *.sshd')).toBe(true);
  expect(matchesGlob('hardenXsshd', 'harden.sshd')).toBe(false);
  expect(matchesGlob('a', '[a]')).toBe(false);
});

test('the worst exit code', () => {
  expect([worst([]), worst([0, 3]), worst([3, 1]), worst([1, 5, 8]), worst([8, 0]), worst([130, 5])]).toEqual(
    [0, 3, 1, 5, 8, 130],
  );
});

test('waves: one, then so many', () => {
  expect(waves(['a', 'b', 'c', 'd'], undefined)).toEqual([['a'], ['b', 'c', 'd']]);
  expect(waves(['a', 'b', 'c', 'd'], 2)).toEqual([['a'], ['b', 'c'], ['d']]);
  expect(waves(['a'], 2)).toEqual([['a']]);
  expect(waves([], 2)).toEqual([]);
});

test('keys that changed, never their values', () => {
  const before = { address: 'a', ssh: { port: 22, keys: ['x'] }, gone: 1 };
  const after = { address: 'b', ssh: { port: 22, keys: ['y'] }, came: 1 };
  expect(changedKeys(before, after)).toEqual(['address', 'ssh.keys', 'gone', 'came']);
  expect(changedKeys(before, structuredClone(before))).toEqual([]);
});

test('run ids: the server may have dashes, the end is hexadecimal', () => {
  expect(parseRun('my-prod-3f2a')).toEqual({ server: 'my-prod', suffix: '3f2a' });
  expect(parseRun('prod-3f2a9c')).toEqual({ server: 'prod', suffix: '3f2a9c' });
  for (const bad of ['prod', 'prod-3f2', 'prod-XYZW', '', "x'; drop-3f2a"])
    expect(() => parseRun(bad)).toThrow(/not a run id/);
});

test('a run as Temporal lists it: its own word counts while both agree that it is open', () => {
  const info = (name: string, own?: string) =>
    summary({
      workflowId: 'clincher/prod/op',
      runId: '019a0000-0000-7000-8000-00000000beef',
      type: 'provision',
      status: { code: 1, name },
      startTime: new Date(NOON),
      searchAttributes: own ? { ClincherStatus: [own] } : {},
      memo: { server: 'prod', runbook: 'provision', who: 'ada@laptop' },
    } as never);
  expect(info('RUNNING', 'waiting')).toMatchObject({
    run: 'prod-beef',
    status: 'waiting',
    who: 'ada@laptop',
  });
  expect(info('RUNNING', 'done').status).toBe('running');
  expect(info('COMPLETED', 'running').status).toBe('done');
  expect([
    info('FAILED').status,
    info('TERMINATED').status,
    info('CANCELLED').status,
    info('TIMED_OUT').status,
  ]).toEqual(['failed', 'aborted', 'aborted', 'failed']);
});

test('colour: as the terminal wants, or as told', () => {
  const io = testIo({ color: true });
  expect(io.style('red', 'x')).toBe('\u001b[31mx\u001b[39m');
  expect(testIo().style('red', 'x')).toBe('x');
});
