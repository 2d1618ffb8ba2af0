// What was only just started is given its time, and no more.
import { expect, it } from 'vitest';
import { patiently } from '../../src/activities/patiently.js';
import type { CheckResult, Proof } from '../../src/model.js';

const proof = (...verdicts: CheckResult['verdict'][]): Proof => ({
  checks: verdicts.map((verdict) => ({ verdict }) as CheckResult),
  ...{ outside: '', remoteMs: 0, remote: [], roundTrips: 1 },
});

async function looked(patienceMs: number, proofs: Proof[]) {
  let at = 0;
  let looks = 0;
  const deps = {
    now: () => at,
    sleep: async (ms: number) => {
      at += ms;
    },
  };
  const last = await patiently(deps, patienceMs, async () => proofs[Math.min(looks++, proofs.length - 1)]!);
  return { looks, at, verdicts: last.checks.map(({ verdict }) => verdict) };
}

it.each([
  ['holds at once', 90_000, [proof('pass', 'skipped')], { looks: 1, at: 0, verdicts: ['pass', 'skipped'] }],
  [
    'holds later',
    90_000,
    [proof('unknown'), proof('fail'), proof('pass')],
    { looks: 3, at: 10_000, verdicts: ['pass'] },
  ],
  ['never holds', 20_000, [proof('pass', 'fail')], { looks: 5, at: 20_000, verdicts: ['pass', 'fail'] }],
  [
    'is looked at without patience',
    0,
    [proof('fail'), proof('pass')],
    { looks: 1, at: 0, verdicts: ['fail'] },
  ],
] as const)('what %s', async (_, patienceMs, proofs, expected) =>
  expect(await looked(patienceMs, [...proofs])).toEqual(expected),
);
