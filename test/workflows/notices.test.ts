// What people are told of a run that nobody watched.
import { expect, it } from 'vitest';
import type { CheckResult, RunState, StepPlan } from '../../src/model.js';
import { failedNotice, foundNotice } from '../../src/workflows/notices.js';
import { converged } from '../client/states.js';
import { failing } from './harness.js';

const check = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  ...{
    id,
    title: '',
    why: '',
    source: '',
    vantage: 'host' as const,
    verdict,
    evidence: [`seen of ${id}`],
    remedy: [],
  },
});
const of = (checks: CheckResult[], more: Partial<RunState> = {}): RunState => ({
  ...{ ...converged, runbook: 'verify', run: 'prod-3f2a', surveys: [] },
  proof: { checks, outside: '', remoteMs: 0, remote: [], roundTrips: 1 },
  ...more,
});

it('nothing where all is well, skipped or only differs where a person lets it', () => {
  expect(foundNotice(of([check('a', 'pass'), check('b', 'skipped')]))).toBeUndefined();
  expect(foundNotice(converged)).toBeUndefined();
});

it('each check that does not hold, with what was seen, and what to type', () => {
  expect(foundNotice(of([check('kept.backups', 'fail'), check('b', 'pass'), check('c', 'unknown')]))).toEqual(
    {
      ...{ server: 'prod', level: 'critical', title: 'verify: 2 checks do not hold' },
      lines: [
        'kept.backups fails: seen of kept.backups',
        'c is unknown: seen of c',
        'clincher show prod-3f2a',
      ],
    },
  );
  expect(foundNotice(of([check('c', 'unknown')]))?.level).toBe('warning');
});

it('drift, and no more lines than a phone shows', () => {
  const drifted = Array.from({ length: 12 }, (_, i) => ({ id: `base.${i}`, title: 'T', status: 'drift' }));
  const survey = { checklist: 'base', steps: drifted as StepPlan[] } as RunState['surveys'][number];
  const notice = foundNotice(of([], { surveys: [survey] }));
  expect(notice?.title).toBe('verify: 12 steps differ');
  expect(notice?.lines).toHaveLength(10);
  expect(notice?.lines.at(-2)).toBe('and 4 more');
});

it('a failure: its code, its words, and where to look', () => {
  const plan = { server: 'prod', runbook: 'verify-backup' } as Parameters<typeof failedNotice>[0];
  expect(failedNotice(plan, { message: 'Child failed', cause: failing('BACKUP_INVALID') })).toEqual({
    ...{ server: 'prod', level: 'critical', title: 'verify-backup failed: BACKUP_INVALID' },
    lines: ['BACKUP_INVALID happened', 'last line', 'try this', 'clincher runs -s prod'],
  });
});
