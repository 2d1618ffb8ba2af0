import { describe, expect, test } from 'vitest';
import { errorView } from '../../src/client/view/error.js';
import { gateView } from '../../src/client/view/gate.js';
import { plainLines } from '../../src/client/view/plain.js';
import { planView } from '../../src/client/view/plan.js';
import { recap } from '../../src/client/view/recap.js';
import type { View } from '../../src/client/view/style.js';
import { width } from '../../src/client/view/text.js';
import { header, tree } from '../../src/client/view/tree.js';
import type { RunState } from '../../src/model.js';
import { golden } from './golden.js';
import {
  atFailure,
  confirmGate,
  ended,
  failed,
  NOON,
  planned,
  running,
  tokenGate,
  unreachable,
  waiting,
} from './states.js';

const now = NOON + 55_000;
const tails = [
  { step: 'harden.web-ports', lines: ['Rule added', 'Rule added (v6)', '\u001b[31mred\u001b[0m and done'] },
];

const VIEWS: Record<string, View> = {
  wide: { columns: 100, color: false, ascii: false },
  narrow: { columns: 58, color: false, ascii: false },
  color: { columns: 100, color: true, ascii: false },
  ascii: { columns: 100, color: false, ascii: true },
};

const RUNS: Record<string, RunState> = {
  running,
  waiting,
  'at-failure': atFailure,
  ended,
  failed,
  unreachable,
};

describe.each(Object.entries(VIEWS))('%s', (name, view) => {
  test.each(Object.entries(RUNS))('a run: %s', (which, state) => {
    const lines = [
      ...header(state, view, 'http://127.0.0.1:8233/x'),
      '',
      ...tree(state, view, { now, tails }),
      '',
      ...recap([state], view, now),
    ];
    golden(`${name}/run-${which}`, `${lines.join('\n')}\n`);
  });

  test('a plan, and its diffs', () => {
    const short = planView(planned, view, {
      diff: false,
      verbose: false,
      apply: 'clincher run harden -s prod',
    });
    const long = planView(planned, view, { diff: true, verbose: true });
    golden(`${name}/plan`, `${[...short, '', '-----', '', ...long].join('\n')}\n`);
  });

  test('gates and errors', () => {
    const lines = [
      ...gateView(tokenGate, waiting, view, now),
      ...gateView(confirmGate, waiting, view, now),
      ...errorView(
        { code: 'LOCKED', message: 'prod is busy', evidence: ['one', 'two'] },
        { server: 'prod', run: 'prod-3f2a' },
        view,
      ),
    ];
    golden(`${name}/gates`, `${lines.join('\n')}\n`);
  });

  test('no line is wider than the terminal, and none obeys a host', () => {
    const lines = [
      ...Object.values(RUNS).flatMap((state) => tree(state, view, { now, tails })),
      ...planView(planned, view, { diff: true, verbose: true }),
    ];
    // Commands stay whole whatever the width: half a command is worse than a wrapped one.
    const cut = lines.filter((line) => !/clincher |retry|fix/.test(line));
    for (const line of cut) expect(width(line), line).toBeLessThanOrEqual(view.columns);
    const visible = view.color ? lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, '')) : lines;
    expect(visible.filter((line) => /[\u0000-\u001f\u007f-\u009f\u202e]/.test(line))).toEqual([]);
    if (view.ascii) expect(lines.filter((line) => /[^\x20-\x7e]/.test(line))).toEqual([]);
  });
});

test('plain: transitions once, in the order of time', () => {
  const first = plainLines(undefined, running, now);
  const second = plainLines(running, waiting, now);
  golden(
    'plain',
    `${[...first, '-----', ...second, '-----', ...plainLines(waiting, waiting, now)].join('\n')}\n`,
  );
});

test('recap: the words of Ansible', () => {
  const view = VIEWS['wide']!;
  expect(recap([ended], view, now)).toEqual([
    'prod  ok=1 changed=2 skipped=1 failed=0 unreachable=0   4m12s',
  ]);
  expect(recap([{ ...ended, server: 'a' }, waiting], view, now)[0]).toMatch(/^a {5}ok=1/);
});
