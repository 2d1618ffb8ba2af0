import { expect, test, vi } from 'vitest';
import { testIo } from '../../src/client/io.js';
import { makeScreen } from '../../src/client/screen/screen.js';
import { treeScreen } from '../../src/client/screen/tree-screen.js';
import { ended, NOON, running, waiting } from './states.js';

const run = { run: 'prod-3f2a', workflowId: 'w', runId: 'r' };
const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';

/** What a terminal shows at the end: enough of one for what the tree does. */
function terminal(bytes: string): string[] {
  const rows: string[] = [''];
  let at = 0;
  for (const [token, up] of bytes.matchAll(
    /\u001b\[(\d+)A|\u001b\[J|\u001b\[\?25[lh]|\n|\r|[^\u001b\n\r]+/g,
  )) {
    if (up !== undefined) at -= Number(up);
    else if (token === '\u001b[J') rows.splice(at, rows.length, '');
    else if (token === '\n') rows[++at] ??= '';
    else if (!/^[\u001b\r]/.test(token)) rows[at] = token;
  }
  return rows;
}

test('finished groups are printed once, the rest is redrawn in place, nothing is lost', () => {
  let now = NOON + 50_000;
  const io = testIo({ isTTY: true });
  const screen = treeScreen(io, () => now, 'http://ui/x');
  for (let i = 0; i < 5; i++) {
    screen.update(running, [{ step: 'harden.web-ports', lines: [`line ${i}`] }]);
    now += 1_000;
  }
  const host = {
    name: 'harden.host',
    steps: running.groups[1]!.steps.map((step) => ({
      ...step,
      status: 'ok' as const,
      durationMs: 1_000,
      startedAt: ended.startedAt,
    })),
  };
  screen.end({ ...ended, groups: [running.groups[0]!, host] });
  expect(io.stdout()).toBe('');
  const shown = terminal(io.stderr());
  expect(shown.filter((line) => line.includes('✓ base'))).toHaveLength(1);
  expect(shown.filter((line) => line.includes('harden.host'))).toHaveLength(1);
  expect(shown.some((line) => line.includes('line 4') || line.includes('running'))).toBe(false);
  expect(shown.slice(0, 3)).toEqual([
    'clincher · provision · prod (203.0.113.7, Debian 13) · run prod-3f2a',
    'Ctrl-C leaves this view; the run goes on.',
    'Web: http://ui/x',
  ]);
  expect(io.stderr().match(/✓ base/g)).toHaveLength(1);
});

test('at most ten redraws a second, one write each; none when nothing changed', () => {
  vi.useFakeTimers({ now: NOON });
  const writes: string[] = [];
  const io = testIo({ isTTY: true, err: (text) => void writes.push(text) });
  const screen = treeScreen(io, () => Date.now(), undefined);
  for (let i = 0; i < 100; i++) {
    screen.update(running, [{ step: 'harden.web-ports', lines: [`line ${i}`] }]);
    vi.advanceTimersByTime(10);
  }
  expect(writes.length).toBeLessThanOrEqual(13); // a second of changes, and the ticks
  const before = writes.length;
  for (let i = 0; i < 50; i++) {
    screen.update(running, [{ step: 'harden.web-ports', lines: ['line 99'] }]);
    vi.advanceTimersByTime(10);
  }
  expect(writes.length - before).toBeLessThanOrEqual(2);
  screen.end(ended);
  vi.useRealTimers();
});

test('the cursor comes back: at the end, at a prompt, and when the process is ended', () => {
  const exits: (() => void)[] = [];
  const onExit = (handler: () => void): (() => void) => {
    exits.push(handler);
    return () => {};
  };
  const io = testIo({ isTTY: true, onExit });
  const screen = treeScreen(io, () => NOON, undefined);
  screen.update(running, []);
  expect(io.stderr()).toContain(HIDE);
  screen.pause();
  expect(io.stderr().endsWith(SHOW)).toBe(true);
  screen.update(waiting, []);
  exits[0]?.();
  expect(io.stderr().endsWith(SHOW)).toBe(true);
  screen.end(ended);
  expect(io.stderr().match(/\u001b\[\?25h/g)!.length).toBeGreaterThanOrEqual(
    io.stderr().match(/\u001b\[\?25l/g)!.length,
  );
});

test('a live area taller than the terminal is cut to what can be redrawn', () => {
  const io = testIo({ isTTY: true, rows: 8 });
  const many = {
    name: 'base',
    steps: Array.from({ length: 40 }, (_, i) => ({ ...running.groups[1]!.steps[1]!, id: `s${i}` })),
  };
  const screen = treeScreen(io, () => NOON, undefined);
  screen.update({ ...running, groups: [many] }, []);
  screen.note('hello');
  const ups = [...io.stderr().matchAll(/\u001b\[(\d+)A/g)].map((match) => Number(match[1]));
  expect(Math.max(...ups)).toBeLessThanOrEqual(6);
  screen.end(ended);
});

test.each([
  ['a pipe', { isTTY: false }, 'auto', /^run prod-3f2a: provision/],
  ['asked for', { isTTY: true }, 'plain', /^run prod-3f2a: provision/],
  ['a terminal', { isTTY: true }, 'auto', /^\u001b\[\?25lclincher ·/],
  ['none', { isTTY: true }, 'none', /^$/],
] as const)('how a run is shown: %s', async (_, io, progress, text) => {
  const place = testIo(io);
  const screen = await makeScreen(place, run, {
    output: 'text',
    progress,
    quiet: false,
    verbose: false,
    now: () => NOON,
  });
  screen.update(running, []);
  expect(place.stderr()).toMatch(text);
  screen.end(ended);
});

test('plain: a line each 30 s of silence, so that CI does not think it dead', async () => {
  let now = NOON + 50_000;
  const io = testIo();
  const screen = await makeScreen(io, run, {
    output: 'text',
    progress: 'auto',
    quiet: false,
    verbose: false,
    now: () => now,
  });
  screen.update(running, []);
  const before = io.stderr().length;
  now += 29_000;
  screen.update(running, []);
  expect(io.stderr().length).toBe(before);
  now += 1_000;
  screen.update(running, []);
  expect(io.stderr().slice(before)).toBe('2026-11-22T12:01:20Z prod harden.web-ports running since 32s\n');
});
